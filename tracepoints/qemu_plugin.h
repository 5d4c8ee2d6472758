/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The part of QEMU's TCG plugin interface that claimperf uses, of versions 1 (QEMU 7.2 to 8.2) and
 * 2 and up (QEMU 9.0 and later). Debian packages no header for it. Names and types are those QEMU
 * exports (nm -D qemu-system-x86_64) and describes in docs/devel/tcg-plugins.rst and
 * include/qemu/qemu-plugin.h of its source. What one of them lacks is a weak symbol; counters.h
 * hides the difference.
 */
#ifndef TRACEPOINTS_QEMU_PLUGIN_H
#define TRACEPOINTS_QEMU_PLUGIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define QEMU_PLUGIN_VISIBLE __attribute__((visibility("default")))
#define QEMU_PLUGIN_MAYBE __attribute__((weak))

typedef uint64_t qemu_plugin_id_t;
typedef uint32_t qemu_plugin_meminfo_t;

/* Opaque; valid only inside the callback that hands them out. */
struct qemu_plugin_tb;
struct qemu_plugin_insn;

typedef struct {
	const char *target_name;
	struct {
		int min; /* oldest and newest interface this QEMU speaks */
		int cur;
	} version;
	bool system_emulation;
	struct {
		int smp_vcpus;
		int max_vcpus;
	} system;
} qemu_info_t;

/* Version 2 counts for each vCPU apart: an array with one element each, and a place in it. */
struct qemu_plugin_scoreboard;
typedef struct {
	struct qemu_plugin_scoreboard *score;
	size_t offset;
} qemu_plugin_u64;

enum qemu_plugin_cb_flags { QEMU_PLUGIN_CB_NO_REGS };
enum qemu_plugin_op { QEMU_PLUGIN_INLINE_ADD_U64 };
enum qemu_plugin_mem_rw { QEMU_PLUGIN_MEM_R = 1, QEMU_PLUGIN_MEM_W, QEMU_PLUGIN_MEM_RW };

typedef void (*qemu_plugin_tb_cb_t)(qemu_plugin_id_t id, struct qemu_plugin_tb *tb);
typedef void (*qemu_plugin_vcpu_cb_t)(unsigned int vcpu, void *data);
typedef void (*qemu_plugin_mem_cb_t)(unsigned int vcpu, qemu_plugin_meminfo_t info, uint64_t vaddr,
				     void *data);
typedef void (*qemu_plugin_exit_cb_t)(qemu_plugin_id_t id, void *data);

/* What a plugin provides. QEMU goes on only if the second returns 0. */
extern QEMU_PLUGIN_VISIBLE int qemu_plugin_version;
QEMU_PLUGIN_VISIBLE int qemu_plugin_install(qemu_plugin_id_t id, const qemu_info_t *info, int argc,
					    char **argv);

/* What QEMU provides. */
void qemu_plugin_register_vcpu_tb_trans_cb(qemu_plugin_id_t id, qemu_plugin_tb_cb_t translated);
void qemu_plugin_register_atexit_cb(qemu_plugin_id_t id, qemu_plugin_exit_cb_t exiting, void *data);

size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *tb);
struct qemu_plugin_insn *qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *tb, size_t index);
size_t qemu_plugin_insn_size(const struct qemu_plugin_insn *insn);
uint64_t qemu_plugin_insn_vaddr(const struct qemu_plugin_insn *insn);
/* Up to version 2: a pointer to the bytes; from 3 on: copies them and returns how many. */
uintptr_t qemu_plugin_insn_data(const struct qemu_plugin_insn *insn, void *to, size_t size);

/* Right before the instruction, in the order of registration, callbacks first in version 1. */
void qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_insn *insn,
					    qemu_plugin_vcpu_cb_t executing,
					    enum qemu_plugin_cb_flags flags, void *data);
QEMU_PLUGIN_MAYBE void qemu_plugin_register_vcpu_insn_exec_inline(struct qemu_plugin_insn *insn,
								  enum qemu_plugin_op op,
								  void *counter, uint64_t operand);
QEMU_PLUGIN_MAYBE void
qemu_plugin_register_vcpu_insn_exec_inline_per_vcpu(struct qemu_plugin_insn *insn,
						    enum qemu_plugin_op op, qemu_plugin_u64 counter,
						    uint64_t operand);

/* Right after each access of the instruction that succeeded. */
void qemu_plugin_register_vcpu_mem_cb(struct qemu_plugin_insn *insn, qemu_plugin_mem_cb_t accessed,
				      enum qemu_plugin_cb_flags flags, enum qemu_plugin_mem_rw rw,
				      void *data);
QEMU_PLUGIN_MAYBE void qemu_plugin_register_vcpu_mem_inline(struct qemu_plugin_insn *insn,
							    enum qemu_plugin_mem_rw rw,
							    enum qemu_plugin_op op, void *counter,
							    uint64_t operand);
QEMU_PLUGIN_MAYBE void
qemu_plugin_register_vcpu_mem_inline_per_vcpu(struct qemu_plugin_insn *insn,
					      enum qemu_plugin_mem_rw rw, enum qemu_plugin_op op,
					      qemu_plugin_u64 counter, uint64_t operand);
bool qemu_plugin_mem_is_store(qemu_plugin_meminfo_t info);

QEMU_PLUGIN_MAYBE struct qemu_plugin_scoreboard *qemu_plugin_scoreboard_new(size_t element_size);
QEMU_PLUGIN_MAYBE uint64_t qemu_plugin_u64_sum(qemu_plugin_u64 counter);

#endif
