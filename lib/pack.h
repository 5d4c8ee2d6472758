/* SPDX-License-Identifier: GPL-2.0-only */
/* zstd, from file to file. */
#ifndef CLAIMPERF_LIB_PACK_H
#define CLAIMPERF_LIB_PACK_H

#include <stddef.h>

#include "lib/sha256.h"

/* Write what is left of in to out as a zstd frame with a checksum; sum gets what was read. 0 or
 * -errno. */
int pack_zstd(int in, int out, struct sha256 *sum);

/*
 * Write what the zstd stream in holds to out, unless that is -1; sum, unless it is NULL, gets the
 * same. 0 or -errno. A stream that is damaged or cut is no error: why says it, or is empty.
 */
int unpack_zstd(int in, int out, struct sha256 *sum, char *why, size_t why_size);

#endif
