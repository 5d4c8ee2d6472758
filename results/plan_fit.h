/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a path costs: a + b·2^order + c·nodes + d·set entries, by least squares. Counts are solved
 * in integers, so that what the terms explain is explained without a remainder, and what is left is
 * the data's. Times are weighted by their size: what is to be small is the relative error.
 */
#ifndef CLAIMPERF_RESULTS_PLAN_FIT_H
#define CLAIMPERF_RESULTS_PLAN_FIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum fit_term { FIT_CALL, FIT_PAGES, FIT_NODES, FIT_ENTRIES, FIT_TERMS };

/* "", "2^order" … */
extern const char *const fit_term_names[FIT_TERMS];

struct fit_point {
	uint64_t at[FIT_TERMS]; /* 1, 2^order, nodes, entries */
	uint64_t sum, ops;	/* counted, exactly: sum / ops */
	double value;		/* the same, or a time */
	size_t run;		/* where it comes from */
};

struct fit {
	bool exact;	      /* solved in integers */
	bool used[FIT_TERMS]; /* the others do not vary, or only as these do */
	double coefficient[FIT_TERMS];
	uint64_t low[FIT_TERMS], high[FIT_TERMS]; /* where it was measured */
	size_t nr, freedom;
	size_t nr_off;	  /* points that the terms do not explain to the bit (exact) */
	double worst;	  /* the largest error of a point, as a share of it */
	size_t worst_at;  /* which point that is */
	double deviation; /* of the relative errors, of so many degrees of freedom; 0 without any */
	double inverse[FIT_TERMS][FIT_TERMS]; /* of the weighted normal equations */
};

/* 0, -ERANGE when the integers do not fit (then *out is in real numbers), or -EINVAL for no point.
 */
int fit_counts(const struct fit_point *points, size_t nr, struct fit *out);
int fit_times(const struct fit_point *points, size_t nr, struct fit *out);

double fit_predict(const struct fit *fit, const uint64_t at[FIT_TERMS]);

/* Half of the 95 % interval of one more measurement there; 0 for counts, infinite without freedom.
 */
double fit_margin(const struct fit *fit, const uint64_t at[FIT_TERMS]);

/* Is that outside of what was measured, along some term that the fit has or could not have? */
bool fit_extrapolates(const struct fit *fit, const uint64_t at[FIT_TERMS]);

#endif
