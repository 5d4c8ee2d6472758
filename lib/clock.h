/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef CLAIMPERF_LIB_CLOCK_H
#define CLAIMPERF_LIB_CLOCK_H

#include <stdint.h>
#include <time.h>

/* Time that only moves forward, from no particular moment on. */
static inline uint64_t clock_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

/* That this thread has had a CPU. */
static inline uint64_t clock_cpu_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

#endif
