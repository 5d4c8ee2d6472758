/* SPDX-License-Identifier: GPL-2.0-only */
/* Which cases of contention there are. */
#ifndef BENCH_CONTEND_CASES_H
#define BENCH_CONTEND_CASES_H

#include <regex.h>
#include <stdbool.h>
#include <stddef.h>

#include "bench/bench.h"

/* The heap takes 64 at a time: these and the installer. */
#define CONTEND_MAX_THREADS 63
/* Of 2 orders, domains, with and without installer; threads of 1, 2 ... 32 and the last. */
#define CONTEND_MAX_FAMILIES 8
#define CONTEND_MAX_CASES (CONTEND_MAX_FAMILIES * 7)

struct contend_case {
	char name[BENCH_NAME];
	unsigned int order;
	bool shared;	/* one domain for all threads; else one for each */
	bool installer; /* one more thread */
	unsigned int threads;
	size_t family, index; /* cases that differ in their threads alone are a family */
};

/*
 * All for 1, 2, 4 ... threads and `threads` itself, that match the filter (NULL: all do) and, their
 * installer included, have no more than `most` threads (0: any). -ENOMEM or their number; *cases is
 * to be freed.
 */
int contend_list(unsigned int threads, unsigned int most, const regex_t *filter,
		 struct contend_case **cases);

#endif
