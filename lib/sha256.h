/* SPDX-License-Identifier: GPL-2.0-only */
/* SHA-256 (FIPS 180-4). */
#ifndef CLAIMPERF_LIB_SHA256_H
#define CLAIMPERF_LIB_SHA256_H

#include <stddef.h>
#include <stdint.h>

#define SHA256_HEX 65 /* 64 digits and a NUL */

/* Of data that come piece by piece: begin, add, end. */
struct sha256 {
	uint32_t state[8];
	uint64_t bytes; /* so far */
	uint8_t block[64];
};

void sha256_begin(struct sha256 *s);
void sha256_add(struct sha256 *s, const void *data, size_t size);
void sha256_end(struct sha256 *s, char hex[SHA256_HEX]);

void sha256_hex(const void *data, size_t size, char hex[SHA256_HEX]);

#endif
