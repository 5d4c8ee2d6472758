/* SPDX-License-Identifier: GPL-2.0-only */
/* What a result of the host target says of the start of its heap. */
#ifndef CLAIMPERF_PLOTS_HOST_START_H
#define CLAIMPERF_PLOTS_HOST_START_H

#include "results/result.h"

/* The heap's start: seconds, and the most memory, in KiB, of the process by then. 0 when unknown.
 */
double start_seconds(const struct result *result);
double start_kib(const struct result *result);

/* "16 TiB"; returns text. */
const char *size_text(uint64_t bytes, char text[24]);

#endif
