/* SPDX-License-Identifier: GPL-2.0-only */
/* One run of a command in dom0. */
#ifndef CLAIMPERF_LAB_LAB_H
#define CLAIMPERF_LAB_LAB_H

#include "scripts/lab/files.h"
#include "scripts/lab/machine.h"
#include "scripts/lab/qemu.h"
#include "scripts/lab/sha256.h"

struct lab {
	struct machine machine;
	char *folder;               /* build/lab: kernel, initramfs, snapshots; QEMU runs in it */
	struct buffer initrd;
	char initrd_sha[SHA256_HEX];
	char image_sha[SHA256_HEX];
	char *snapshot;             /* folder of the snapshot in use, NULL in parallel mode */
	char *snapshot_key;
	int snapshot_lock;          /* held shared while a run uses the snapshot, or -1 */
	uint64_t timeout_ns;        /* for COMMAND */
	uint64_t boot_timeout_ns;
	int signal_fd;
	int shared_fd;
};

/* What machine and what software this is, as JSON text. */
void fingerprint_make(const struct lab *lab, struct buffer *json);

/* Put the initramfs where QEMU reads it; the name, relative to lab->folder, is in name. */
int initrd_store(const struct lab *lab, char **name);

/* Find the snapshot for this lab, or boot and make it. Returns 0 or -errno; problems are printed. */
int snapshot_ensure(struct lab *lab);

/* Say why a machine ended early, and its last console lines. */
void report_failure(const struct qemu *q, enum qemu_event event, const char *phase,
		    uint64_t timeout_ns);

#endif
