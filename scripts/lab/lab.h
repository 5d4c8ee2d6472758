/* SPDX-License-Identifier: GPL-2.0-only */
/* One run of a command in dom0: what it needs, its snapshot, the run itself. */
#ifndef CLAIMPERF_LAB_LAB_H
#define CLAIMPERF_LAB_LAB_H

#include "lib/sha256.h"
#include "scripts/lab/files.h"
#include "scripts/lab/machine.h"
#include "scripts/lab/options.h"
#include "scripts/lab/qemu.h"
#include "scripts/lab/stage.h"

#define MAX_PLUGINS 2

struct lab {
	struct machine machine;
	char *root;    /* the project */
	char *build;   /* its build folder */
	char *turns;   /* build/lib/turns.so, preloaded into QEMU in exact mode */
	char *folder;  /* build/lab: kernel, initramfs, snapshots; QEMU runs in it */
	char *cwd;     /* of COMMAND, without symbolic links */
	char *program; /* absolute */
	struct stage stage;
	char image_sha[SHA256_HEX];
	char initrd_sha[SHA256_HEX];
	char staged_sha[SHA256_HEX];
	char *snapshot;       /* folder of the snapshot in use, NULL in parallel mode */
	int snapshot_lock;    /* keeps it from being removed, or -1 */
	uint64_t timeout_ns;  /* for COMMAND */
	uint64_t boot_timeout_ns;
	int signal_fd;
	int shared_fd;
	char *plugins[MAX_PLUGINS + 1]; /* arguments of -plugin */
	char *probe_json, *probe_text; /* where the probe writes, or NULL */
};

/* prepare.c: find or make all that a run needs. Ends the program when something is missing. */
void lab_prepare(struct lab *lab, const struct options *o);

/*
 * archive.c: know the initramfs' hash; put it where QEMU reads it, name being relative to lab->folder;
 * put the staged files into the shared memory.
 */
int archive_identify(struct lab *lab);
int archive_store(const struct lab *lab, char **name);
int archive_stage(struct lab *lab);

/* fingerprint.c: QEMU's version; what machine and what software this is, as JSON text. */
char *fingerprint_qemu(const struct lab *lab);
void fingerprint_make(const struct lab *lab, struct buffer *json);

/* snapshot.c: find the snapshot for this lab, or boot and make it. Problems are printed. */
int snapshot_ensure(struct lab *lab);

/* prune.c: remove the least recently used snapshots beyond a number, and what killed runs left. */
void prune_snapshots(const char *folder);

/* run.c: returns COMMAND's exit status, or EXIT_USAGE when the machine failed. */
int lab_run(struct lab *lab, const struct options *o);

/*
 * plugins.c: fill in plugins; wrong names and missing files end the program. Then, after the run,
 * print what the probe found.
 */
void plugins_prepare(struct lab *lab, const struct options *o);
void plugins_report(const struct lab *lab, const struct options *o);

/* failure.c: say why a machine ended early, and its last console lines. */
void report_failure(const struct qemu *q, enum qemu_event event, const char *phase,
		    uint64_t timeout_ns);

#endif
