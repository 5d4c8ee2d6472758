/* SPDX-License-Identifier: GPL-2.0-only */
/* The one place where numbers from outside become integers. */
#ifndef CLAIMPERF_LIB_PARSE_H
#define CLAIMPERF_LIB_PARSE_H

#include <stdint.h>

/*
 * Parse the whole of text as an unsigned number, decimal or 0x hexadecimal,
 * in [min, max]. Returns 0, -EINVAL (not a number, or more than a number) or
 * -ERANGE; *out is written on success only.
 */
int parse_u64(const char *text, uint64_t min, uint64_t max, uint64_t *out);

/* As parse_u64() over the full range, with an optional suffix K, M, G or T (powers of 1024). */
int parse_size(const char *text, uint64_t *bytes);

#endif
