// SPDX-License-Identifier: GPL-2.0-only
#include "results/boot.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "results/energy.h"
#include "results/stats.h"

#define BLOCKS_MOST 40
#define BLOCKS_LEAST 8

/* p <= 0.01 */
static const struct energy_test warm_up = {2, 199, 1};

static const struct {
	const char *name;
	double level;
	size_t rounds; /* fewer have none that far out */
} quantiles[] = {
	[BOOT_P50] = {"p50", 0.50, 2},
	[BOOT_P90] = {"p90", 0.90, 10},
	[BOOT_P99] = {"p99", 0.99, 100},
};

const char *boot_quantile_name(enum boot_quantile quantile)
{
	return quantiles[quantile].name;
}

/* How many of the first values are to go, at most so many, before the rest no longer changes. */
static size_t drop_changes(const double *values, size_t nr, size_t most, uint64_t seed,
			   bool *unsteady)
{
	size_t first = 0, split;

	*unsteady = false;
	while (energy_changes(values + first, nr - first, &warm_up, seed + first, &split)) {
		*unsteady = first + split > most;
		if (*unsteady)
			break;
		first += split;
	}
	return first;
}

static size_t find_warm_up(const struct boot *boot, uint64_t seed, bool *unsteady)
{
	size_t size = (boot->nr + BLOCKS_MOST - 1) / BLOCKS_MOST, nr = boot->nr / size, first;
	double blocks[BLOCKS_MOST];
	bool unused;

	*unsteady = false;
	if (nr < BLOCKS_LEAST)
		return 0;
	for (size_t i = 0; i < nr; i++)
		blocks[i] = stats_mean(boot->rounds + i * size, size);
	first = size * drop_changes(blocks, nr, nr / 4, seed, unsteady);
	if (size == 1)
		return first;
	/* The block in which it ends is mixed, and one block alone is not found. */
	nr = boot->nr - first < ENERGY_MOST ? boot->nr - first : ENERGY_MOST;
	return first + drop_changes(boot->rounds + first, nr, boot->nr / 4 - first, seed, &unused);
}

/* values has room for what is sorted already. */
static size_t count_outliers(const double *sorted, size_t nr, double *values)
{
	double median, far = stats_far(sorted, nr, values, &median);
	size_t outliers = 0;

	while (outliers < nr && values[nr - 1 - outliers] > far)
		outliers++;
	return outliers;
}

int boot_figures(const struct boot *boot, uint64_t seed, struct boot_figures *out)
{
	double *sorted = calloc(2 * boot->nr, sizeof(*sorted));
	size_t nr;

	if (!sorted)
		return -ENOMEM;
	out->dropped = find_warm_up(boot, seed, &out->unsteady);
	nr = boot->nr - out->dropped;
	memcpy(sorted, boot->rounds + out->dropped, nr * sizeof(*sorted));
	out->mean = stats_mean(sorted, nr);
	stats_sort(sorted, nr);
	for (size_t i = 0; i < BOOT_QUANTILES; i++)
		out->quantiles[i] = nr < quantiles[i].rounds
					    ? NAN
					    : stats_quantile(sorted, nr, quantiles[i].level);
	out->outliers = count_outliers(sorted, nr, sorted + nr);
	free(sorted);
	return 0;
}
