/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How fast Xen recorded on this host: as the size of its buffers can be set but once per boot, it is
 * chosen by what earlier recordings measured. A text file: mask and bytes per second of a CPU.
 */
#ifndef CLAIMPERF_TRACEPOINTS_RATES_H
#define CLAIMPERF_TRACEPOINTS_RATES_H

#include <stdint.h>

/* The highest rate of a recording with this mask or a wider one; 0: there was none. */
int rates_find(const char *path, uint32_t mask, uint64_t *bytes_per_second);

/* Remember it, if it is the highest of this mask. */
int rates_note(const char *path, uint32_t mask, uint64_t bytes_per_second);

#endif
