/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Raw data of the history: files in zstd, named by the SHA-256 of what is in them, so that equal
 * ones are stored once and a damaged one tells. FOLDER/ab/abcd….zst; those that begin with "new."
 * are being written, or were when their writer died.
 *
 * All return 0 or -errno with "FILE: what is wrong" in error.
 */
#ifndef CLAIMPERF_RESULTS_HISTORY_RAW_H
#define CLAIMPERF_RESULTS_HISTORY_RAW_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/sha256.h"

#define RAW_ERROR_SIZE 512

struct raw_file {
	char sha256[SHA256_HEX];
	uint64_t bytes; /* unpacked */
};

/* Store the regular file at path; when this returns 0 it is on the disk. */
int raw_put(const char *folder, const char *path, struct raw_file *out, char error[RAW_ERROR_SIZE]);

/*
 * Write the file to out, unless that is -1, and check that it is what was stored. -ENOENT when it
 * is missing, -EBADMSG when damaged; out may have got a part of it then.
 */
int raw_get(const char *folder, const struct raw_file *file, int out, char error[RAW_ERROR_SIZE]);

/* The sum of a file that is not stored. */
int raw_sum(const char *path, struct raw_file *out, char error[RAW_ERROR_SIZE]);

struct raw_extra {
	uint64_t files, bytes; /* packed */
};

/*
 * Count those files that wanted() does not want (1 yes, 0 no, or -errno), and what dead writers
 * left; remove them if so asked. Only while nobody writes.
 */
int raw_sweep(const char *folder, int (*wanted)(void *data, const char *sha256), void *data,
	      bool remove, struct raw_extra *extra, char error[RAW_ERROR_SIZE]);

/* Make what the folder lists durable. */
int raw_sync_folder(const char *path, char error[RAW_ERROR_SIZE]);

#endif
