/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What lab-exec and the lab's /init say to each other, through a shared memory device. Unlike a
 * share or a serial line it is synchronous on both sides, so it leaves the guest's instruction
 * stream alone.
 *
 *   0            struct lab_job, written by the host before /init reads it
 *   LAB_STAGED   struct lab_staged, its entries, their names and data: files for COMMAND
 *   LAB_RESULTS  struct lab_result, then one struct lab_record after the other, each followed by
 *                its name and its data: written by /init
 */
#ifndef CLAIMPERF_LAB_SHARED_H
#define CLAIMPERF_LAB_SHARED_H

#include <stdint.h>

#define LAB_SHARED_BYTES (512UL << 20)
#define LAB_STAGED (64UL << 10)
#define LAB_RESULTS (192UL << 20)
#define LAB_MAGIC 0x31626c70726d6c63UL

#define LAB_FLAG_SNAPSHOT 1 /* stop the machine when ready for a job */

/* Ports of the machine: "I stand still now", and "all results are in place". */
#define LAB_PORT_STOP 0x505
#define LAB_PORT_EXIT 0xf4
#define LAB_EXIT_VALUE 0x2a
#define LAB_EXIT_STATUS ((LAB_EXIT_VALUE << 1) | 1) /* what QEMU's isa-debug-exit makes of it */

#define LAB_OUT "/run/out" /* $OUT of COMMAND */

struct lab_job {
	uint64_t magic;
	uint32_t flags;
	uint32_t argc;      /* strings after the first, which is the working directory */
	char visible[4096]; /* names in the host's /tmp that COMMAND sees, as "/a/b/" */
	char strings[LAB_STAGED - 4096 - 16]; /* working directory, then argv, each with its NUL */
};

/* Offsets count from this header. */
struct lab_staged_entry {
	uint64_t data;
	uint64_t bytes;
	uint32_t path; /* with its NUL */
	uint32_t mode; /* 0: the host has no such file */
};

struct lab_staged {
	uint64_t bytes; /* of all, this header included */
	uint64_t count;
	struct lab_staged_entry entries[]; /* sorted by path */
};

struct lab_result {
	uint64_t magic;
	uint64_t bytes;      /* of records */
	int32_t wait_status; /* of COMMAND, as from wait() */
	int32_t exec_errno;  /* not 0: COMMAND could not be started */
	int32_t init_errno;  /* not 0: the results are incomplete */
	char unstaged[4084]; /* the first path that had to come from the host, or "" */
};

enum lab_record_type {
	LAB_RECORD_STDOUT = 1,
	LAB_RECORD_STDERR,
	LAB_RECORD_DIR,
	LAB_RECORD_FILE,
	LAB_RECORD_LINK,
};

struct lab_record {
	uint32_t type;
	uint32_t mode;
	uint32_t name_bytes; /* path below $OUT, no NUL; 0 for stdout and stderr */
	uint32_t reserved;
	uint64_t data_bytes;
};

#endif
