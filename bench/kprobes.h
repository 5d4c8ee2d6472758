/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Events of dom0's kernel on the way of a hypercall through privcmd, for perf to record. They cost
 * nothing until it does:
 *
 *	claimperf:privcmd, claimperf:privcmd_ret	the ioctl on /dev/xen/privcmd begins, ends
 *	claimperf:hypercall, claimperf:hypercall_ret	in there, the instruction before the call of the
 *							hypervisor, and the one after it
 *
 * The function that enters the hypervisor is closed to probes (notrace), and so is its call (a static
 * one); where that is, the kernel's own code tells, read from /proc/kcore.
 */
#ifndef BENCH_KPROBES_H
#define BENCH_KPROBES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define KPROBES_WHY_SIZE 160

struct kprobes {
	bool privcmd, hypercall;    /* those are there */
	char why[KPROBES_WHY_SIZE]; /* why not all of them are */
};

void kprobes_define(struct kprobes *k);

/* All that are there, whoever left them. 0 or -errno. */
int kprobes_remove(void);

/*
 * Offsets of instructions that call one of the targets, in code that lies at an address; at most max.
 * Returns how many.
 */
size_t kprobes_find_calls(const uint8_t *code, size_t size, uint64_t address, const uint64_t *targets,
			  size_t nr_targets, size_t *offsets, size_t max);

#endif
