/* SPDX-License-Identifier: GPL-2.0-only */
/* Results of threads that work on one heap. */
#ifndef CLAIMPERF_PLOTS_CONTENTION_H
#define CLAIMPERF_PLOTS_CONTENTION_H

#include "plots/report.h"

/* What a case is about; cases that differ in nothing but threads are a family. */
struct contend {
	unsigned int order, threads;
	char domain[8], installer[4];
	double throughput, ideal; /* pairs per second of all threads; 0 when unknown */
	bool oversubscribed;
};

/* False when it is another case, or was not measured. */
bool read_contend(const struct result_case *test, struct contend *out);

struct traces;

/* Waits and holds by site, from the traced results. */
void put_contention_sites(struct report *report, const struct topology *topology);

/* Whose waits fell into whose holds, for each number of threads. */
void put_contention_waits(FILE *out, const struct traces *traces);

#endif
