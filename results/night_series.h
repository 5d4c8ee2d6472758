/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the nights of a history measured: a series for each case and unit, a point for each night
 * in which both sides, the pinned reference and what is watched (tonight), have a figure.
 */
#ifndef CLAIMPERF_RESULTS_NIGHT_SERIES_H
#define CLAIMPERF_RESULTS_NIGHT_SERIES_H

#include "results/history.h"

#define NIGHT_DATE 11 /* "2026-01-31" */

struct night_side {
	bool known;
	enum result_kind kind;
	uint64_t least, ops;	 /* exact data: the cost is least / ops */
	double mean;		 /* noisy data: of the boots, per operation */
	const char *fingerprint; /* JSON; equal ones are the same pointer */
};

struct night_point {
	char date[NIGHT_DATE];
	struct night_side reference, tonight;
};

struct night_series {
	char *case_name, *unit, *per;
	struct night_point *points; /* in order of date */
	size_t nr;
};

struct nights {
	struct night_series *series;
	size_t nr;
	char before[NIGHT_DATE]; /* the newest night before, with whatever run; "" when none is */
	bool measured;		 /* there are runs of the night itself */
	char **fingerprints;
	size_t nr_fingerprints;
};

/*
 * All nights up to filter->night, of the host, target and nodes in the filter. Of several runs of a
 * side in a night the last counts. 0 or -errno with the history's message; -ENOMEM has none.
 * nights_free() in any case.
 */
int nights_read(struct history *h, const struct history_filter *filter, struct nights *out);
void nights_free(struct nights *nights);

/* Exact data, counted by both sides? */
bool night_exact(const struct night_point *point);

/* ln(tonight / reference). */
double night_ratio(const struct night_point *point);

/* Days from one date to another; both were checked when they came in. */
long night_days(const char *from, const char *to);

/* The date so many days after another. */
void night_after(const char *date, long days, char out[NIGHT_DATE]);

#endif
