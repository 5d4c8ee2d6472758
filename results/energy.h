/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where the distribution of a sequence changes: the split with the largest energy distance between
 * what is before and after it (E-divisive, Matteson and James 2014, with alpha 1), and whether
 * chance does as well, by permutations of the values.
 */
#ifndef CLAIMPERF_RESULTS_ENERGY_H
#define CLAIMPERF_RESULTS_ENERGY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ENERGY_MOST 64

struct energy_test {
	size_t segment;	     /* least values on either side */
	size_t permutations;
	size_t allowed;	     /* so many of them may reach what was seen: p <= (allowed + 1) / (permutations + 1) */
};

/*
 * Does the sequence of nr <= ENERGY_MOST values change? *split is the first value after that.
 * Seeded. Stops at the first permutation that is one too many, so that no change costs little.
 */
bool energy_changes(const double *values, size_t nr, const struct energy_test *test, uint64_t seed,
		    size_t *split);

#endif
