// SPDX-License-Identifier: GPL-2.0-only
#include "tracepoints/counters.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* From this version of the interface on, QEMU copies an instruction's bytes. */
#define VERSION_COPIES 3

int qemu_plugin_version = 1;

static struct {
	uint64_t *plain;		      /* version 1 */
	struct qemu_plugin_scoreboard *board; /* later ones */
	bool copies;
} counters;

/* QEMU reads the version after loading: the one that this QEMU takes. */
static void __attribute__((constructor)) pick_version(void)
{
	if (qemu_plugin_scoreboard_new)
		qemu_plugin_version = 2;
}

int allocate_counters(const qemu_info_t *info, size_t count)
{
	counters.copies = info->version.cur >= VERSION_COPIES;
	if (qemu_plugin_version > 1)
		counters.board = qemu_plugin_scoreboard_new(count * sizeof(uint64_t));
	else
		counters.plain = calloc(count, sizeof(uint64_t));
	return counters.board || counters.plain ? 0 : -ENOMEM;
}

static qemu_plugin_u64 entry_of(size_t counter)
{
	return (qemu_plugin_u64){counters.board, counter * sizeof(uint64_t)};
}

void count_executions(struct qemu_plugin_insn *insn, size_t counter)
{
	if (counters.plain)
		qemu_plugin_register_vcpu_insn_exec_inline(insn, QEMU_PLUGIN_INLINE_ADD_U64,
							   &counters.plain[counter], 1);
	else
		qemu_plugin_register_vcpu_insn_exec_inline_per_vcpu(
			insn, QEMU_PLUGIN_INLINE_ADD_U64, entry_of(counter), 1);
}

void count_accesses(struct qemu_plugin_insn *insn, enum qemu_plugin_mem_rw rw, size_t counter)
{
	if (counters.plain)
		qemu_plugin_register_vcpu_mem_inline(insn, rw, QEMU_PLUGIN_INLINE_ADD_U64,
						     &counters.plain[counter], 1);
	else
		qemu_plugin_register_vcpu_mem_inline_per_vcpu(insn, rw, QEMU_PLUGIN_INLINE_ADD_U64,
							      entry_of(counter), 1);
}

uint64_t read_counter(size_t counter)
{
	return counters.plain ? counters.plain[counter] : qemu_plugin_u64_sum(entry_of(counter));
}

void copy_insn(const struct qemu_plugin_insn *insn, unsigned char *bytes, size_t size)
{
	size_t length = qemu_plugin_insn_size(insn);
	uintptr_t data;

	memset(bytes, 0, size);
	length = length < size ? length : size;
	data = qemu_plugin_insn_data(insn, bytes, length);
	if (!counters.copies)
		memcpy(bytes, (const void *)data, length);
}
