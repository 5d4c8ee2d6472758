/* SPDX-License-Identifier: GPL-2.0-only */
/* Summaries as text for people and as JSON. */
#ifndef CLAIMPERF_TRACEPOINTS_PRINT_H
#define CLAIMPERF_TRACEPOINTS_PRINT_H

#include <stdio.h>

#include "tracepoints/summary.h"

/* Parts of a summary that can be asked for. */
enum print_table {
	PRINT_LOCKS,    /* each lock as a whole */
	PRINT_HOLD,     /* holds by what they are grouped by */
	PRINT_WAIT,
	PRINT_WAITED,   /* who waited behind whom */
	PRINT_LONGEST,  /* the longest holds */
	PRINT_FALLBACK, /* nodes passed over */
	PRINT_CLAIMS,   /* checks, redeems, installs */
	PRINT_CALLS,    /* populate, teardown, scrubbing, retries */
	PRINT_SPANS,    /* joined over records */
	PRINT_HIST,     /* histograms of holds */
	PRINT_TABLES,
};

#define PRINT_SHORT                                                                                \
	(1u << PRINT_LOCKS | 1u << PRINT_HOLD | 1u << PRINT_WAITED | 1u << PRINT_LONGEST |         \
	 1u << PRINT_FALLBACK | 1u << PRINT_CLAIMS | 1u << PRINT_CALLS)

/* "locks" …; NULL beyond the last. */
const char *print_table_name(enum print_table table);

struct print_options {
	unsigned int tables; /* bits by print_table */
	unsigned int top;    /* rows of the longest holds, at most SECTION_LONGEST */
};

/* Aligned tables, with units. */
void print_summary(FILE *out, const char *file, const struct summary *summary,
		   const struct print_options *options);

/* One JSON object, see docs/trace.md. Returns 0 or -ENOMEM. */
int print_summary_json(FILE *out, const char *file, const struct summary *summary);

/* Parts of print_summary(). */
void print_locks(FILE *out, const struct summary *summary);
void print_waited(FILE *out, const struct summary *summary);
void print_longest(FILE *out, const struct summary *summary, unsigned int top);
void print_fallback(FILE *out, const struct summary *summary);
void print_histogram(FILE *out, const struct hist *hist);

/* "12.34 %" */
#define SHARE_TEXT 16
const char *format_share(uint64_t part, uint64_t whole, char text[SHARE_TEXT]);

/* A quantile column: its name, its key in JSON and its millionths. */
struct print_quantile {
	const char *name;
	const char *key;
	unsigned int ppm;
};
#define PRINT_QUANTILES 5
extern const struct print_quantile print_quantiles[PRINT_QUANTILES];

/* The value of a label, "-" when there is none. */
#define LABEL_TEXT 24
const char *format_label(const struct metric_label *label, char text[LABEL_TEXT]);

/* The record as dump shows it. */
struct trace_item section_item(const struct section_record *record);

#endif
