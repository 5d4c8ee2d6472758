/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef BENCH_TICKS_H
#define BENCH_TICKS_H

#include <stdint.h>

/* lfence: no instruction of the window starts before the reading, none of it is still running. */
static inline uint64_t read_ticks(void)
{
	uint32_t low, high;

	asm volatile("lfence\n\trdtsc\n\tlfence" : "=a"(low), "=d"(high)::"memory");
	return ((uint64_t)high << 32) | low;
}

/* What a lock costs that nobody else wants: a calibration. */
static inline void take_and_drop_lock(void)
{
	static int lock;

	while (__atomic_exchange_n(&lock, 1, __ATOMIC_ACQUIRE))
		;
	__atomic_store_n(&lock, 0, __ATOMIC_RELEASE);
}

#endif
