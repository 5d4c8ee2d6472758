/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Verdicts on noisy data by the paired design: the unit is the boot, never the iteration.
 *
 * Each pair is one boot of either arm; its figure is ln(after / before). The effect is their mean,
 * with the intervals of interval.h. p is that of the exact sign-flip test, q follows Benjamini and
 * Hochberg over the primary metrics.
 *
 *   interval excludes 0, |effect| >= delta, q <= 0.05        REGRESSED or IMPROVED
 *   90 % interval inside -delta … delta                      EQUIVALENT
 *   else, and always under 8 pairs                           INCONCLUSIVE
 *
 * docs/method.md has the rates at which they are wrong.
 */
#ifndef CLAIMPERF_RESULTS_PAIRED_H
#define CLAIMPERF_RESULTS_PAIRED_H

#include <stddef.h>
#include <stdint.h>

#include "results/interval.h"
#include "results/verdict.h"

#define PAIRED_LEAST 8
#define PAIRED_MOST 24
#define PAIRED_PRIMARY 12 /* metrics that may be judged together */
#define PAIRED_DELTA 0.01 /* the least of delta, as a share */
#define PAIRED_DELTA_NS 2

struct paired {
	size_t nr;
	double delta;	   /* effects below do not matter */
	double effect;	   /* mean of ln(after / before) */
	double error;	   /* standard error of that mean; infinite under 2 pairs */
	struct interval at95, at90;
	double p, q;
	double detectable; /* the smallest effect that so many pairs show in 4 of 5 runs */
	size_t needed;	   /* pairs that settle it, see below; SIZE_MAX: too many to tell */
	enum verdict_size verdict;
	/* Of the figures, which ones are outliers (stats.h): a bit each. They count all the same. */
	uint32_t flagged;
	enum verdict_size without; /* the verdict if they did not */
	double ratios[PAIRED_MOST];
	uint64_t seed;
};

/*
 * The size of an effect that matters, as ln of a ratio: PAIRED_DELTA, or PAIRED_DELTA_NS of
 * before_ns (0: not a time), or what A/A shows where there is nothing: of aa, ratios of pairs of
 * the same source, the 99th percentile of the |mean| of nr_pairs of them, by seeded resampling.
 * Without A/A (nr_aa = 0) that is not known, and taken for less.
 */
double paired_delta(double before_ns, const double *aa, size_t nr_aa, size_t nr_pairs,
		    uint64_t seed);

/*
 * ratios are nr > 0 values of ln(after / before), at most PAIRED_MOST. Fills all but q,
 * detectable, needed and the verdicts. Under 2 pairs the intervals are infinite, and p is 1.
 */
void paired_estimate(const double *ratios, size_t nr, double delta, uint64_t seed,
		     struct paired *out);

/*
 * Set the rest, of metrics that are judged together; the more, the more pairs are needed.
 *
 * An effect of just delta is not settled by any number of pairs. `needed` are those by which
 * no effect is called EQUIVALENT in 4 of 5 runs; one of 1.3 delta is shown as often by then.
 */
void paired_judge(struct paired *metrics, size_t nr);

#endif
