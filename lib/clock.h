/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef CLAIMPERF_LIB_CLOCK_H
#define CLAIMPERF_LIB_CLOCK_H

#include <stdint.h>
#include <time.h>

static inline uint64_t clock_read(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

/* Time that only moves forward, from no particular moment on. */
static inline uint64_t clock_ns(void)
{
	return clock_read(CLOCK_MONOTONIC);
}

/* That this thread has had a CPU. */
static inline uint64_t clock_cpu_ns(void)
{
	return clock_read(CLOCK_THREAD_CPUTIME_ID);
}

#endif
