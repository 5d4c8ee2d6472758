// SPDX-License-Identifier: GPL-2.0-only
/* Costs of paths: integers without a remainder, times as GSL fits them. */
#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

#include <gsl/gsl_multifit.h>

#include "results/plan_paths.h"
#include "results/stats.h"

#define NR 24

static const double truth[FIT_TERMS] = {801.5, 38.25, -2, 35};

/* Orders, nodes and entries of a grid; sums of 16 operations, so that halves and quarters are
 * whole. */
static void make_points(struct fit_point points[NR])
{
	static const uint64_t pages[] = {1, 4, 16, 512};

	for (size_t i = 0; i < NR; i++) {
		struct fit_point *p = &points[i];

		*p = (struct fit_point){.at = {1, pages[i % 4], 1 + i / 4 % 3, i / 12}, .ops = 16};
		for (size_t j = 0; j < FIT_TERMS; j++)
			p->value += truth[j] * (double)p->at[j];
		p->sum = (uint64_t)(p->value * 16);
	}
}

static void solves_counts_without_a_remainder(void **state)
{
	struct fit_point points[NR];
	struct fit fit;

	(void)state;
	make_points(points);
	assert_int_equal(fit_counts(points, NR, &fit), 0);
	assert_true(fit.exact);
	assert_int_equal(fit.nr_off, 0);
	assert_int_equal(fit.freedom, NR - 4);
	for (size_t i = 0; i < FIT_TERMS; i++)
		assert_true(fit.coefficient[i] == truth[i]);
	points[7].sum++;
	assert_int_equal(fit_counts(points, NR, &fit), 0);
	assert_true(fit.nr_off > 0);
	assert_true(fit.worst > 0 && fit.worst < 0.001);
	assert_true(fit_margin(&fit, points[0].at) == 0);
}

static void leaves_out_what_does_not_vary(void **state)
{
	struct fit_point points[NR];
	struct fit fit;

	(void)state;
	make_points(points);
	/* Two entries for each node: one of the terms has to do. */
	for (size_t i = 0; i < NR; i++) {
		points[i].at[FIT_ENTRIES] = 2 * points[i].at[FIT_NODES];
		points[i].sum = 16 * (100 + points[i].at[FIT_PAGES] + 3 * points[i].at[FIT_NODES]);
	}
	assert_int_equal(fit_counts(points, NR, &fit), 0);
	assert_false(fit.used[FIT_ENTRIES]);
	assert_int_equal(fit.nr_off, 0);
	assert_true(fit.coefficient[FIT_NODES] == 3 && fit.coefficient[FIT_CALL] == 100);
	assert_int_equal(fit_counts(points, 1, &fit), 0);
	assert_true(fit.used[FIT_CALL] && !fit.used[FIT_PAGES] && !fit.freedom);
	assert_true(fit_predict(&fit, points[0].at) == (double)points[0].sum / 16);
	assert_int_equal(fit_counts(points, 0, &fit), -EINVAL);
}

static void says_when_integers_do_not_do(void **state)
{
	struct fit_point points[NR];
	struct fit fit;

	(void)state;
	make_points(points);
	for (size_t i = 0; i < NR; i++) {
		points[i].at[FIT_PAGES] <<= 40;
		points[i].value = (double)points[i].sum / 16;
	}
	assert_int_equal(fit_counts(points, NR, &fit), -ERANGE);
	assert_false(fit.exact);
	assert_true(fit.worst < 1e-6);
}

static void fits_times_as_gsl(void **state)
{
	gsl_matrix *x = gsl_matrix_alloc(NR, FIT_TERMS),
		   *cov = gsl_matrix_alloc(FIT_TERMS, FIT_TERMS);
	gsl_vector *y = gsl_vector_alloc(NR), *w = gsl_vector_alloc(NR);
	gsl_vector *c = gsl_vector_alloc(FIT_TERMS), *at = gsl_vector_alloc(FIT_TERMS);
	gsl_multifit_linear_workspace *work = gsl_multifit_linear_alloc(NR, FIT_TERMS);
	double chi2, value, error, expected;
	struct fit_point points[NR];
	uint64_t seed = 3;
	struct fit fit;

	(void)state;
	make_points(points);
	for (size_t i = 0; i < NR; i++) {
		points[i].value *= 0.95 + (double)random_below(&seed, 1000) / 10000;
		for (size_t j = 0; j < FIT_TERMS; j++)
			gsl_matrix_set(x, i, j, (double)points[i].at[j]);
		gsl_vector_set(y, i, points[i].value);
		gsl_vector_set(w, i, 1 / points[i].value / points[i].value);
	}
	gsl_multifit_wlinear(x, w, y, c, cov, &chi2, work);
	assert_int_equal(fit_times(points, NR, &fit), 0);
	for (size_t j = 0; j < FIT_TERMS; j++) {
		assert_true(fabs(fit.coefficient[j] / gsl_vector_get(c, j) - 1) < 1e-9);
		gsl_vector_set(at, j, (double)points[5].at[j]);
	}
	assert_true(fabs(fit.deviation / sqrt(chi2 / (NR - 4)) - 1) < 1e-9);
	/* Of one more value: its own spread, and that of the line. */
	gsl_multifit_linear_est(at, c, cov, &value, &error);
	expected = t_quantile(0.975, NR - 4) * sqrt(chi2 / (NR - 4)) *
		   sqrt(value * value + error * error);
	assert_true(fabs(fit_margin(&fit, points[5].at) / expected - 1) < 1e-9);
	gsl_multifit_linear_free(work);
	gsl_matrix_free(x);
	gsl_matrix_free(cov);
	gsl_vector_free(y);
	gsl_vector_free(w);
	gsl_vector_free(c);
	gsl_vector_free(at);
}

static void knows_where_it_was_measured(void **state)
{
	struct fit_point points[NR];
	struct fit fit;

	(void)state;
	make_points(points);
	fit_counts(points, NR, &fit);
	assert_false(fit_extrapolates(&fit, (uint64_t[]){1, 64, 2, 1}));
	assert_true(fit_extrapolates(&fit, (uint64_t[]){1, 1024, 2, 1}));
	assert_true(fit_extrapolates(&fit, (uint64_t[]){1, 64, 4, 1}));
	assert_true(fit_extrapolates(&fit, (uint64_t[]){1, 64, 2, 2}));
}

static void names_paths(void **state)
{
	static const struct {
		const char *name, *path;
		uint64_t pages, entries;
	} cases[] = {
		{"populate/order:0/node:exact/claim:none", "populate/node:exact/claim:none", 1, 0},
		{"free/order:9/batch:4/claim:none", "free/claim:none", 512, 0},
		{"free/order:0/batch:4/claim:none", "free/batch:4/claim:none", 1, 0},
		{"claim/install/entries:5", "claim/install", 1, 5},
		{"claim/install/entries:1/others:16", "claim/install/others:16", 1, 1},
	};
	uint64_t at[FIT_TERMS];
	char path[128];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		paths_name(cases[i].name, path, at);
		assert_string_equal(path, cases[i].path);
		assert_int_equal(at[FIT_PAGES], cases[i].pages);
		assert_int_equal(at[FIT_ENTRIES], cases[i].entries);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(solves_counts_without_a_remainder),
		cmocka_unit_test(leaves_out_what_does_not_vary),
		cmocka_unit_test(says_when_integers_do_not_do),
		cmocka_unit_test(fits_times_as_gsl),
		cmocka_unit_test(knows_where_it_was_measured),
		cmocka_unit_test(names_paths),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
