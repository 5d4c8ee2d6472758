/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The rounds of one boot, and the figures that stand for it in a pair.
 *
 * Rounds up to a change point are dropped until the rest has none, but at most a quarter of them.
 * They are looked at in up to 40 blocks of equal size, then the first ones each; a change is what at
 * most 1 % of permutations do by chance (energy.h), so that about 2 % of boots lose rounds for
 * nothing. A change after the first quarter drops nothing, and the boot is called unsteady. A first
 * round that is slow alone is no change of a distribution, and stays. Under 8 rounds all stay.
 *
 * Outliers, further than 14.83 times the median absolute deviation (10 normal ones) from the
 * median of what is left, are counted and stay in.
 */
#ifndef CLAIMPERF_RESULTS_BOOT_H
#define CLAIMPERF_RESULTS_BOOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum boot_quantile { BOOT_P50, BOOT_P90, BOOT_P99, BOOT_QUANTILES };

struct boot {
	double *rounds; /* positive, in the order they were measured */
	size_t nr;	/* 0: it came to nothing */
};

struct boot_figures {
	double mean; /* of what warm-up left */
	double quantiles[BOOT_QUANTILES]; /* NAN with too few rounds: 2, 10, 100 */
	size_t dropped, outliers;
	bool unsteady; /* what is left still changes */
};

/* nr > 0. 0 or -ENOMEM. */
int boot_figures(const struct boot *boot, uint64_t seed, struct boot_figures *out);

/* "p50" … */
const char *boot_quantile_name(enum boot_quantile quantile);

#endif
