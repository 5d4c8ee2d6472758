// SPDX-License-Identifier: GPL-2.0-only
/* Which of the hypervisor's instructions are watched, and how. */
#include <string.h>

#include "tracepoints/probe.h"

static struct {
	const struct symbols *symbols;
	const struct selection *selection;
	bool has_lock;
} watched;

void watch_hypervisor(const struct symbols *symbols, const struct selection *selection,
		      bool has_lock)
{
	watched.symbols = symbols;
	watched.selection = selection;
	watched.has_lock = has_lock;
}

/* Instructions that end a translation block and access memory in a known way. */
enum transfer { NO_TRANSFER, CALL, CALL_INDIRECT, RETURN, LOADS };

#define MAX_INSN 15

/* Past the prefixes; 0x66, 0x67, segments, lock, rep, REX. */
static const unsigned char *find_opcode(const unsigned char *bytes)
{
	static const unsigned char prefixes[] = {0x26, 0x2e, 0x36, 0x3e, 0x64, 0x65,
						 0x66, 0x67, 0xf0, 0xf2, 0xf3};
	const unsigned char *at = bytes;

	while (at < bytes + MAX_INSN - 2 && memchr(prefixes, *at, sizeof(prefixes)))
		at++;
	return at + ((*at & 0xf0) == 0x40);
}

static enum transfer classify_transfer(const unsigned char *opcode)
{
	bool memory = opcode[1] < 0xc0;

	switch (*opcode) {
	case 0xe8: return CALL;
	case 0xc2:
	case 0xc3: return RETURN;
	case 0x9d: /* popf */ return LOADS;
	case 0xff: /* of which 2 and 4 are call and jmp */
		if ((opcode[1] >> 3 & 7) == 2)
			return memory ? CALL_INDIRECT : CALL;
		return (opcode[1] >> 3 & 7) == 4 && memory ? LOADS : NO_TRANSFER;
	default: return NO_TRANSFER;
	}
}

static enum lock_insn classify_lock(const unsigned char *opcode)
{
	if (opcode[0] != 0x0f)
		return LOCK_OTHER;
	return opcode[1] == 0xc1 ? LOCK_TICKET : opcode[1] == 0xb1 ? LOCK_TRY : LOCK_OTHER;
}

static void count_target_accesses(struct qemu_plugin_insn *insn, size_t target,
				  enum transfer transfer)
{
	if (transfer == NO_TRANSFER) {
		count_accesses(insn, QEMU_PLUGIN_MEM_R, counter_of(target, FILTERED));
		count_accesses(insn, QEMU_PLUGIN_MEM_RW, counter_of(target, ACCESSES));
	}
	if (transfer == CALL_INDIRECT || transfer == RETURN || transfer == LOADS)
		count_executions(insn, counter_of(target, TRANSFER_LOADS));
	if (transfer == CALL_INDIRECT || transfer == CALL)
		count_executions(insn, counter_of(target, TRANSFER_STORES));
}

static void follow_target(struct qemu_plugin_insn *insn, size_t symbol, enum transfer transfer)
{
	long target = watched.selection->target_of[symbol];
	struct entry_point *point;

	if (target < 0)
		return;
	if (qemu_plugin_insn_vaddr(insn) == watched.symbols->list[symbol].start) {
		point = find_entry_point(watched.symbols, symbol);
		if (point)
			qemu_plugin_register_vcpu_insn_exec_cb(insn, on_entry,
							       QEMU_PLUGIN_CB_NO_REGS, point);
	}
	count_executions(insn, counter_of((size_t)target, OWN));
	count_target_accesses(insn, (size_t)target, transfer);
}

static void follow_stack(struct qemu_plugin_insn *insn, uint64_t address, enum transfer transfer)
{
	if (transfer == RETURN) {
		qemu_plugin_register_vcpu_mem_cb(insn, on_return, QEMU_PLUGIN_CB_NO_REGS,
						 QEMU_PLUGIN_MEM_RW, NULL);
		count_accesses(insn, QEMU_PLUGIN_MEM_R, FILTERED_RETURNS);
	} else {
		qemu_plugin_register_vcpu_mem_cb(
			insn, on_call, QEMU_PLUGIN_CB_NO_REGS, QEMU_PLUGIN_MEM_RW,
			(void *)(uintptr_t)(address + qemu_plugin_insn_size(insn)));
	}
	count_executions(insn, TRANSFERS);
}

void follow_hypervisor(struct qemu_plugin_insn *insn, uint64_t address)
{
	long symbol = find_symbol(watched.symbols, address);
	unsigned char bytes[MAX_INSN + 1];
	const unsigned char *opcode;
	enum transfer transfer;

	copy_insn(insn, bytes, sizeof(bytes));
	opcode = find_opcode(bytes);
	transfer = classify_transfer(opcode);
	if (symbol >= 0)
		follow_target(insn, (size_t)symbol, transfer);
	if (transfer != NO_TRANSFER && transfer != LOADS)
		follow_stack(insn, address, transfer);
	else if (watched.has_lock && symbol >= 0 && handles_locks(&watched.symbols->list[symbol]))
		qemu_plugin_register_vcpu_mem_cb(insn, on_lock_access, QEMU_PLUGIN_CB_NO_REGS,
						 QEMU_PLUGIN_MEM_RW,
						 (void *)(uintptr_t)classify_lock(opcode));
}
