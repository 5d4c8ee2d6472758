/* SPDX-License-Identifier: GPL-2.0-only */
/* SHA-256 (FIPS 180-4). */
#ifndef CLAIMPERF_LAB_SHA256_H
#define CLAIMPERF_LAB_SHA256_H

#include <stddef.h>

#define SHA256_HEX 65 /* 64 digits and a NUL */

void sha256_hex(const void *data, size_t size, char hex[SHA256_HEX]);

#endif
