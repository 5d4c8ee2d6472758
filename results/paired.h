/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Verdicts on noisy data by the paired design: the unit is the boot, never the iteration.
 *
 * Each pair is one boot of either arm; its figure is ln(after / before). The effect is their mean,
 * with a 95 % interval: BCa bootstrap of 10,000 seeded resamples, paired t under 10 pairs. p is
 * that of the exact sign-flip test, q follows Benjamini and Hochberg over the primary metrics.
 *
 *   interval excludes 0, |effect| >= delta, q <= 0.05        REGRESSED or IMPROVED
 *   90 % interval inside -delta … delta                      EQUIVALENT
 *   else, and always under 8 pairs                           INCONCLUSIVE
 */
#ifndef CLAIMPERF_RESULTS_PAIRED_H
#define CLAIMPERF_RESULTS_PAIRED_H

#include <stddef.h>
#include <stdint.h>

#define PAIRED_LEAST 8
#define PAIRED_MOST 24
#define PAIRED_PRIMARY 12 /* metrics that may be judged together */
#define PAIRED_DELTA 0.01

enum paired_verdict {
	PAIRED_INCONCLUSIVE,
	PAIRED_EQUIVALENT,
	PAIRED_IMPROVED,
	PAIRED_REGRESSED,
};

struct paired {
	size_t nr;
	double effect;     /* mean of ln(after / before) */
	double low, high;  /* 95 % */
	double low90, high90;
	double p, q;
	double detectable; /* the smallest effect that so many pairs show in 4 of 5 runs */
	size_t needed;     /* pairs that would show delta; SIZE_MAX: too many to tell */
	enum paired_verdict verdict;
};

/*
 * ratios are nr > 0 values of ln(after / before), at most PAIRED_MOST. Fills all but q and
 * verdict. Without an interval (under 2 pairs) it is infinite, and p is 1.
 */
void paired_estimate(const double *ratios, size_t nr, double delta, uint64_t seed,
		     struct paired *out);

/* Set q and verdict of metrics that are judged together; the more, the more pairs are needed. */
void paired_judge(struct paired *metrics, size_t nr, double delta);

/* "INCONCLUSIVE" … "REGRESSED". */
const char *paired_name(enum paired_verdict verdict);

#endif
