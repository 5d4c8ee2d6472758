/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef CLAIMPERF_LIB_CPUS_H
#define CLAIMPERF_LIB_CPUS_H

#include <sched.h>

/* Those that this process may run on. */
static inline unsigned int count_cpus(void)
{
	cpu_set_t set;

	return sched_getaffinity(0, sizeof(set), &set) ? 1 : (unsigned int)CPU_COUNT(&set);
}

#endif
