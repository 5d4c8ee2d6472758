/* SPDX-License-Identifier: GPL-2.0-only */
/* What was measured of contention, in the schema of bench/result.h. */
#ifndef BENCH_CONTEND_RESULT_H
#define BENCH_CONTEND_RESULT_H

#include <jansson.h>
#include <limits.h>

#include "bench/contend.h"

struct contend_report {
	const struct contend *cases;
	size_t nr;
	unsigned int cpus; /* that this process may use */
	uint64_t tsc_khz;
	const char *folder; /* of raw data: SLUG.trace.xen, SLUG.runs.txt */
};

/* An entry of "benchmarks" for a case that ran, and its SLUG.runs.txt. */
json_t *contend_to_json(const struct contend_report *report, const struct contend *w);

/* folder/SLUG.suffix; ends the program when that is too long. */
void contend_path(const char *folder, const struct contend_case *c, const char *suffix,
		  char path[PATH_MAX]);

#endif
