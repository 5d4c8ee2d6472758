/* SPDX-License-Identifier: GPL-2.0-only */
/* Distributions from traces, as `claimperf-trace summary --json` gives them. */
#ifndef CLAIMPERF_PLOTS_TRACE_DATA_H
#define CLAIMPERF_PLOTS_TRACE_DATA_H

#include "lib/hist.h"
#include "plots/report.h"

/* One trace: a case on one hypervisor. */
struct trace {
	const struct result_case *test;
	bool after;
	char *path;	 /* of the trace; NULL when unknown */
	json_t *summary; /* NULL when there is none; then why */
	char *why;
};

struct traces {
	struct trace *traces; /* AFTER's order of cases; before and after of a case side by side */
	size_t nr;
	size_t nr_read;		  /* those with a summary */
	uint64_t lost, anomalies; /* over all of them */
};

/*
 * What a command of claimperf-trace says about a trace. NULL when it says nothing; *why, to be freed,
 * says why.
 */
json_t *trace_read_json(const char *build, const char *command, const char *option,
			const char *path, char **why);

/* Read the traces of all measured cases of a topology. Needs about 10 ms a trace. */
void traces_read(struct report *report, const struct topology *topology, struct traces *out);

void traces_free(struct traces *traces);

/*
 * All labels of a metric as one text, without "order" when its value is given by
 * the caller's context: "alloc, order 0". text holds size bytes.
 */
const char *metric_label(const json_t *metric, char *text, size_t size);

/* Is this the metric of that name? */
bool metric_is(const json_t *metric, const char *name);

/* Add a metric's histogram to h; bucket by bucket, exact at both ends. */
void metric_add(const json_t *metric, struct hist *h);

#endif
