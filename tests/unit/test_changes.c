// SPDX-License-Identifier: GPL-2.0-only
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "results/boot.h"
#include "results/changes.h"
#include "results/energy.h"
#include "results/stats.h"

#define SD 0.01

static uint64_t seed;

static double noise(void)
{
	return SD * normal_quantile((double)(random_next(&seed) >> 11) * 0x1p-53 + 0x1p-54);
}

static void fill(double *series, size_t from, size_t to, double mean)
{
	for (size_t i = from; i < to; i++)
		series[i] = mean + noise();
}

static size_t find(const double *series, size_t nr, double delta, struct change *first)
{
	struct change *changes;
	size_t found;

	assert_int_equal(changes_find(series, nr, delta, 1, &changes, &found), 0);
	assert_true(!changes == !found);
	for (size_t i = 0; i < found && i < 4; i++)
		first[i] = changes[i];
	free(changes);
	return found;
}

/* By the definition of Matteson and James, each sum from nothing. */
static double energy(const double *values, size_t nr, size_t split)
{
	double across = 0, left = 0, right = 0, m = (double)split, n = (double)(nr - split);

	for (size_t i = 0; i < nr; i++)
		for (size_t j = 0; j < nr; j++)
			*(i < split ? j < split ? &left : &across : j < split ? &across : &right) +=
				fabs(values[i] - values[j]);
	return m * n / (m + n) * (across / (m * n) - left / (m * (m - 1)) - right / (n * (n - 1)));
}

static void splits_where_the_energy_is_largest(void **state)
{
	static const struct energy_test always = {3, 0, 0};
	double values[40];

	(void)state;
	seed = 3;
	for (size_t nr = 6; nr <= 40; nr++) {
		size_t best = 3, split = 0;

		fill(values, 0, nr / 2, 0);
		fill(values, nr / 2, nr, 2 * SD);
		for (size_t i = 4; i + 3 <= nr; i++)
			if (energy(values, nr, i) > energy(values, nr, best))
				best = i;
		assert_true(energy_changes(values, nr, &always, 1, &split));
		assert_int_equal(split, best);
	}
	assert_false(energy_changes(values, 5, &always, 1, &(size_t){0}));
	assert_false(energy_changes(values, ENERGY_MOST + 1, &always, 1, &(size_t){0}));
}

/* Of 12 values the 6 larger ones come last: so do they, or come first, in 2 of 924 permutations. */
static void chance_is_what_it_is(void **state)
{
	static const double values[] = {0, 0.1, 0.2, 0.1, 0, 0.2, 9, 9.1, 9.2, 9.1, 9, 9.2};
	struct energy_test test = {2, 20000, 70};
	size_t split;

	(void)state;
	/* 43.3 are expected, with a deviation of 6.6. */
	assert_true(energy_changes(values, 12, &test, 7, &split));
	assert_int_equal(split, 6);
	test.allowed = 20;
	assert_false(energy_changes(values, 12, &test, 7, &split));
}

static void finds_steps(void **state)
{
	struct change found[4];
	double series[120];

	(void)state;
	seed = 5;
	fill(series, 0, 30, 0);
	fill(series, 30, 80, 0.05);
	fill(series, 80, 120, -0.02);
	assert_int_equal(find(series, 30, SD, found), 0);
	assert_int_equal(find(series, 120, SD, found), 2);
	assert_int_equal(found[0].index, 30);
	assert_int_equal(found[1].index, 80);
	assert_true(fabs(found[0].before) < SD && fabs(found[0].after - 0.05) < SD / 2);
	assert_true(found[1].before == found[0].after && fabs(found[1].after + 0.02) < SD / 2);
	/* A series that ends sooner has the same change. */
	assert_int_equal(find(series, 40, SD, found), 1);
	assert_int_equal(found[0].index, 30);
	/* Four nights are no segment. */
	fill(series, 0, 30, 0);
	fill(series, 30, 34, 0.5);
	assert_int_equal(find(series, 34, SD, found), 0);
}

/* The strongest is found first, then what is on either side of it. */
static void finds_several_in_a_window(void **state)
{
	struct change found[4];
	double series[48];

	(void)state;
	seed = 6;
	for (int large = 0; large < 2; large++) {
		fill(series, 0, 16, 0);
		fill(series, 16, 32, large ? 0.2 : 0.06);
		fill(series, 32, 48, 0.26);
		assert_int_equal(find(series, 48, SD, found), 2);
		assert_int_equal(found[0].index, 16);
		assert_int_equal(found[1].index, 32);
	}
}

static void small_changes_are_none(void **state)
{
	struct change found[4];
	double series[60];

	(void)state;
	seed = 2;
	fill(series, 0, 30, 0);
	fill(series, 30, 60, 0.03);
	assert_int_equal(find(series, 60, 0.02, found), 1);
	assert_int_equal(find(series, 60, 0.04, found), 0);
}

static void few_nights_say_nothing(void **state)
{
	static const double steady[70], jump[] = {0, 0, 0, 0, 0, 9, 9, 9, 9};
	struct change found[4];

	(void)state;
	assert_int_equal(find(steady, 0, SD, found), 0);
	assert_int_equal(find(steady, 70, SD, found), 0);
	assert_int_equal(find(jump, 9, SD, found), 0);
}

static void warm_up_is_dropped(void **state)
{
	double rounds[120];
	struct boot boot = {rounds, 120};
	struct boot_figures figures;

	(void)state;
	seed = 4;
	fill(rounds, 0, 120, 1);
	assert_int_equal(boot_figures(&boot, 1, &figures), 0);
	assert_int_equal(figures.dropped, 0);
	assert_false(figures.unsteady);
	for (size_t warm = 3; warm <= 30; warm += 9) {
		fill(rounds, 0, warm, 1.2);
		assert_int_equal(boot_figures(&boot, 1, &figures), 0);
		assert_in_range(figures.dropped, warm, warm);
		assert_true(fabs(figures.mean - 1) < SD / 2);
		assert_false(figures.unsteady);
	}
	/* More than a quarter is no warm-up, and stays. */
	fill(rounds, 0, 50, 1.2);
	assert_int_equal(boot_figures(&boot, 1, &figures), 0);
	assert_int_equal(figures.dropped, 0);
	assert_true(figures.unsteady);
}

static void outliers_are_counted_and_stay(void **state)
{
	double rounds[101];
	struct boot boot = {rounds, 101};
	struct boot_figures figures;

	(void)state;
	/* Median 50, and a median deviation of 25 from it: 370.75 is the limit. */
	for (size_t i = 0; i < 101; i++)
		rounds[i] = (double)(i * 37 % 101);
	rounds[46] = 50 + 14.83 * 25 + 1;
	rounds[65] = 50 + 14.83 * 25 - 1;
	assert_int_equal(boot_figures(&boot, 1, &figures), 0);
	assert_int_equal(figures.outliers, 1);
	assert_int_equal(figures.dropped, 0);
	assert_true(figures.mean > 50);
}

static void quantiles_need_rounds(void **state)
{
	double rounds[101];
	struct boot boot = {rounds, 101};
	struct boot_figures figures;

	(void)state;
	for (size_t i = 0; i < 101; i++)
		rounds[i] = (double)(i * 37 % 101 + 1);
	assert_int_equal(boot_figures(&boot, 1, &figures), 0);
	assert_true(figures.quantiles[BOOT_P50] == 51 && figures.quantiles[BOOT_P90] == 91 &&
		    figures.quantiles[BOOT_P99] == 100);
	boot.nr = 99;
	assert_int_equal(boot_figures(&boot, 1, &figures), 0);
	assert_true(isnan(figures.quantiles[BOOT_P99]) && !isnan(figures.quantiles[BOOT_P90]));
	boot.nr = 1;
	assert_int_equal(boot_figures(&boot, 1, &figures), 0);
	assert_true(isnan(figures.quantiles[BOOT_P50]) && figures.mean == 1);
	assert_string_equal(boot_quantile_name(BOOT_P99), "p99");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(splits_where_the_energy_is_largest),
		cmocka_unit_test(chance_is_what_it_is),
		cmocka_unit_test(finds_steps),
		cmocka_unit_test(finds_several_in_a_window),
		cmocka_unit_test(small_changes_are_none),
		cmocka_unit_test(few_nights_say_nothing),
		cmocka_unit_test(warm_up_is_dropped),
		cmocka_unit_test(outliers_are_counted_and_stay),
		cmocka_unit_test(quantiles_need_rounds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
