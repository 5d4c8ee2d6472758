// SPDX-License-Identifier: GPL-2.0-only
#include "results/energy.h"

#include <math.h>
#include <string.h>

#include "results/stats.h"

/* Sums of |a - b| over pairs: one on either side, both on the left, both on the right. */
struct sums {
	double across, left, right;
};

static double statistic(const struct sums *s, size_t nr_left, size_t nr_right)
{
	double m = (double)nr_left, n = (double)nr_right;
	double within = (m > 1 ? 2 * s->left / (m * (m - 1)) : 0) +
			(n > 1 ? 2 * s->right / (n * (n - 1)) : 0);

	return m * n / (m + n) * (2 * s->across / (m * n) - within);
}

/* The largest statistic over all splits; one value after the other moves to the left. */
static double best_split(const double *values, size_t nr, size_t segment, size_t *split)
{
	struct sums s = {0};
	double best = -INFINITY, to_left, to_right, value;

	for (size_t i = 0; i < nr; i++)
		for (size_t j = i + 1; j < nr; j++)
			s.right += fabs(values[i] - values[j]);
	for (size_t i = 0; i + segment < nr; i++) {
		to_left = to_right = 0;
		for (size_t j = 0; j < i; j++)
			to_left += fabs(values[i] - values[j]);
		for (size_t j = i + 1; j < nr; j++)
			to_right += fabs(values[i] - values[j]);
		s.left += to_left;
		s.right -= to_right;
		s.across += to_right - to_left;
		if (i + 1 < segment)
			continue;
		value = statistic(&s, i + 1, nr - i - 1);
		if (value > best) {
			best = value;
			*split = i + 1;
		}
	}
	return best;
}

static void shuffle(double *values, size_t nr, uint64_t *seed)
{
	for (size_t i = nr; i > 1; i--) {
		size_t j = random_below(seed, i);
		double value = values[j];

		values[j] = values[i - 1];
		values[i - 1] = value;
	}
}

bool energy_changes(const double *values, size_t nr, const struct energy_test *test, uint64_t seed,
		    size_t *split)
{
	double shuffled[ENERGY_MOST], seen;
	size_t reached = 0, unused;

	if (nr < 2 * test->segment || nr > ENERGY_MOST)
		return false;
	/* Equal values have no order; sums of many differ in their last digits. */
	seen = best_split(values, nr, test->segment, split) * (1 - 1e-12);
	memcpy(shuffled, values, nr * sizeof(*values));
	for (size_t i = 0; i < test->permutations && reached <= test->allowed; i++) {
		shuffle(shuffled, nr, &seed);
		reached += best_split(shuffled, nr, test->segment, &unused) >= seen;
	}
	return reached <= test->allowed;
}
