/* SPDX-License-Identifier: GPL-2.0-only */
/* What machine is asked for, and QEMU's command line for it. */
#ifndef CLAIMPERF_LAB_MACHINE_H
#define CLAIMPERF_LAB_MACHINE_H

#include <stdbool.h>
#include <stdint.h>

#include "scripts/lab/files.h"

#define QEMU "qemu-system-x86_64" /* unless $CLAIMPERF_QEMU names another program */
const char *machine_qemu(void);
#define MAX_NODES 16
#define MAX_CPUS 64

/* Descriptors that QEMU inherits. Fixed numbers keep its command line constant. */
enum {
	FD_SHARED = 3, /* the shared memory */
	FD_QMP,        /* a socket to its monitor */
	FD_STATE,      /* the snapshot's devices */
	FD_COUNT = FD_STATE + 1 - FD_SHARED,
};

struct machine {
	const char *image;   /* the hypervisor */
	unsigned int nodes;
	unsigned int cpus;
	uint64_t memory;     /* bytes, of all nodes */
	bool exact;
};

enum machine_use {
	MACHINE_PLAIN,   /* boot and run */
	MACHINE_SAVE,    /* boot, memory in files that become a snapshot */
	MACHINE_RESTORE, /* start from a snapshot, whose files stay as they are */
};

/*
 * A booting kernel spends most of its time in delay loops and polls clocks. With 8 ns an instruction
 * these take an eighth of the instructions, and a third of the boot is saved. A run has 1 ns.
 */
#define BOOT_SHIFT 3

struct machine_files {
	const char *initrd;   /* relative to the folder QEMU runs in, which has kernel/vmlinux */
	const char *memory;   /* prefix of the memory files; the node's number follows */
	char *const *plugins; /* arguments of -plugin up to a NULL, or NULL */
	const char *turns;    /* the library of turns.c, for exact mode */
};

/* A NULL-terminated argument vector, to be released with machine_free_args(). */
char **machine_args(const struct machine *machine, enum machine_use use,
		    const struct machine_files *files);
void machine_free_args(char **args);

/* All that the guest can see of the arguments, as text. */
void machine_describe(const struct machine *machine, struct buffer *text);

#endif
