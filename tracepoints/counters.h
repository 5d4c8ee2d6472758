/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Counters that translated code adds to without calling anything, the same on old and new QEMU.
 * They are exact only while one thread runs all vCPUs (the lab's exact mode).
 */
#ifndef TRACEPOINTS_COUNTERS_H
#define TRACEPOINTS_COUNTERS_H

#include "tracepoints/qemu_plugin.h"

/* Once, in qemu_plugin_install(). 0 or -ENOMEM. */
int allocate_counters(const qemu_info_t *info, size_t count);

/* Add 1 to a counter each time insn is started; each time it reads or writes memory. */
void count_executions(struct qemu_plugin_insn *insn, size_t counter);
void count_accesses(struct qemu_plugin_insn *insn, enum qemu_plugin_mem_rw rw, size_t counter);

/* The sum of all vCPUs. */
uint64_t read_counter(size_t counter);

/* Up to size first bytes of the instruction; the rest of bytes becomes 0. */
void copy_insn(const struct qemu_plugin_insn *insn, unsigned char *bytes, size_t size);

#endif
