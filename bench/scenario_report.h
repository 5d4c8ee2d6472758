/* SPDX-License-Identifier: GPL-2.0-only */
/* What came of a scenario; docs/scenarios.md has the format. */
#ifndef BENCH_SCENARIO_REPORT_H
#define BENCH_SCENARIO_REPORT_H

#include <jansson.h>
#include <stdio.h>
#include <sys/resource.h>

#include "bench/scenario_play.h"

struct report_source {
	const struct play *play;
	const struct schedule_host *host;
	unsigned int seed;
	const struct xen *xen;
	struct xen_memory before, full, after; /* full: when the clock had stopped */
	unsigned int left;		       /* domains, in the end */
	struct rusage usage[2]; /* of this program, when the clock started and stopped */
	const char *perf;	/* what perf stat wrote, separated by commas; NULL */
};

json_t *report_make(const struct report_source *source);

/* For people: a table, and what failed. */
void report_print(FILE *out, const json_t *report);

#endif
