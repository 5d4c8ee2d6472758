// SPDX-License-Identifier: GPL-2.0-only
/*
 * The simulation against theory. 30 seeds a figure: theory has to lie in the interval of their mean
 * at 99.9 %, and that has to be narrow, or it would say nothing. The seeds are always the same.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "results/plan_sim.h"
#include "results/stats.h"

#define SEEDS 30
#define NARROW 0.04
#define HOLD 100.0

static void agrees(const char *what, const double *values, double expected)
{
	double mean = stats_mean(values, SEEDS);
	double half = stats_deviation(values, SEEDS) / sqrt(SEEDS) * t_quantile(0.9995, SEEDS - 1);

	if (!(fabs(mean - expected) <= half))
		fail_msg("%s: %.5g +- %.2g, theory has %.5g", what, mean, half, expected);
	if (!(half <= NARROW * expected))
		fail_msg("%s: known to +- %.2g of %.5g only", what, half, expected);
}

static void run_seeds(struct sim sim, struct sim_figures *out)
{
	for (size_t i = 0; i < SEEDS; i++) {
		sim.seed = 1000 + i;
		assert_int_equal(sim_run(&sim, &out[i]), 0);
	}
}

/* Arrivals at random, one length of service: the mean wait of Pollaczek and Khinchine. */
static void waits_as_in_md1(void **state)
{
	static const double loads[] = {0.2, 0.5, 0.8};
	struct sim_figures runs[SEEDS];
	double waits[SEEDS];

	(void)state;
	for (size_t l = 0; l < sizeof(loads) / sizeof(*loads); l++) {
		struct sim sim = {
			.gap = {.shape = SIM_EXPONENTIAL, .mean = HOLD / loads[l]},
			.locks = 1,
			.kinds = {{1, {0}, {.shape = SIM_FIXED, .mean = HOLD}, 0}},
			.nr_kinds = 1,
			.sections = 20000,
		};

		run_seeds(sim, runs);
		for (size_t i = 0; i < SEEDS; i++)
			waits[i] = runs[i].wait;
		agrees("M/D/1", waits, loads[l] * HOLD / (2 * (1 - loads[l])));
	}
}

/* The probability that none of n machines is in repair, by the closed formula. */
static double idle_share(unsigned int n, double ratio)
{
	double sum = 1, term = 1;

	for (unsigned int k = 1; k <= n; k++) {
		term *= (n - k + 1) * ratio;
		sum += term;
	}
	return 1 / sum;
}

static void waits_as_machines_for_repair(void **state)
{
	static const unsigned int builders[] = {2, 6, 12};
	const double think = 700;
	struct sim_figures runs[SEEDS];
	double throughputs[SEEDS], waits[SEEDS], busy[SEEDS];

	(void)state;
	for (size_t b = 0; b < sizeof(builders) / sizeof(*builders); b++) {
		unsigned int n = builders[b];
		double busy_share = 1 - idle_share(n, HOLD / think);
		struct sim sim = {
			.builders = n,
			.locks = 1,
			.kinds = {{1,
				   {SIM_EXPONENTIAL, think, NULL, 0},
				   {SIM_EXPONENTIAL, HOLD, NULL, 0},
				   0}},
			.nr_kinds = 1,
			.sections = 20000,
		};

		run_seeds(sim, runs);
		for (size_t i = 0; i < SEEDS; i++) {
			throughputs[i] = runs[i].throughput;
			waits[i] = runs[i].wait;
			busy[i] = runs[i].utilisation;
		}
		agrees("throughput", throughputs, busy_share / HOLD);
		agrees("utilisation", busy, busy_share);
		agrees("wait", waits, n * HOLD / busy_share - think - HOLD);
	}
}

/* Without chance: builders queue up in order, and each waits for all others but its thinking. */
static void serves_in_order(void **state)
{
	struct sim sim = {
		.builders = 5,
		.locks = 1,
		.kinds = {{1, {SIM_FIXED, 50, NULL, 0}, {SIM_FIXED, HOLD, NULL, 0}, 0}},
		.nr_kinds = 1,
		.sections = 1000,
		.seed = 1,
	};
	struct sim_figures f;

	(void)state;
	assert_int_equal(sim_run(&sim, &f), 0);
	assert_true(fabs(f.wait - 350) < 0.01 && fabs(f.wait_p50 - 350) < 6 &&
		    fabs(f.wait_p99 - 350) < 6);
	assert_true(f.utilisation > 0.999 && fabs(f.throughput * HOLD - 1) < 0.001);
	/* Each of five locks is one builder's own. */
	sim.locks = 5;
	assert_int_equal(sim_run(&sim, &f), 0);
	assert_true(f.wait == 0 && fabs(f.throughput - 5 / 150.) < 0.0001);
	assert_true(fabs(f.utilisation - 2. / 3) < 0.01);
	/* Who waited gets the lock's line of cache from another CPU. */
	sim.locks = 1;
	sim.handover = (struct sim_times){SIM_FIXED, 20, NULL, 0};
	assert_int_equal(sim_run(&sim, &f), 0);
	assert_true(fabs(f.throughput * (HOLD + 20) - 1) < 0.001);
	assert_true(fabs(f.wait - (5 * (HOLD + 20) - HOLD - 50)) < 0.01 && f.utilisation > 0.999);
}

/* Two that never meet: the lock was the other's, or their own. */
static void takes_a_free_lock(void **state)
{
	struct sim sim = {
		.builders = 2,
		.locks = 1,
		.acquire = 10,
		.handover = {SIM_FIXED, 60, NULL, 0},
		.kinds = {{1, {SIM_FIXED, 500, NULL, 0}, {SIM_FIXED, HOLD, NULL, 0}, 0}},
		.nr_kinds = 1,
		.sections = 1000,
	};
	struct sim_figures f;

	(void)state;
	assert_int_equal(sim_run(&sim, &f), 0);
	assert_true(fabs(f.wait - 30) < 0.01);
	sim.handover.mean = 15;
	assert_int_equal(sim_run(&sim, &f), 0);
	assert_true(fabs(f.wait - 10) < 0.01);
	sim.handover.mean = 60;
	sim.locks = 2;
	assert_int_equal(sim_run(&sim, &f), 0);
	assert_true(fabs(f.wait - 10) < 0.01);
}

static void draws_what_was_measured(void **state)
{
	static const double values[] = {0.5, 1.5};
	struct sim sim = {
		.builders = 1,
		.locks = 1,
		.kinds = {{0.25, {SIM_FIXED, 300, NULL, 0}, {SIM_MEASURED, 40, values, 2}, 0},
			  {0.75, {SIM_FIXED, 0, NULL, 0}, {SIM_FIXED, 20, NULL, 0}, 0}},
		.nr_kinds = 2,
		.sections = 200000,
		.seed = 7,
	};
	struct sim_figures f, again;

	(void)state;
	assert_int_equal(sim_run(&sim, &f), 0);
	assert_true(fabs(1 / f.throughput / (0.25 * 340 + 0.75 * 20) - 1) < 0.02);
	assert_true(f.wait == 0);
	assert_int_equal(sim_run(&sim, &again), 0);
	assert_memory_equal(&f, &again, sizeof(f));
	sim.seed++;
	assert_int_equal(sim_run(&sim, &again), 0);
	assert_true(f.throughput != again.throughput);
}

/* One of 10, three of 30: a builder is never drawn twice the short one. */
static void takes_kinds_in_turn(void **state)
{
	struct sim sim = {
		.builders = 1,
		.locks = 1,
		.kinds = {{0, {SIM_FIXED, 0, NULL, 0}, {SIM_FIXED, 10, NULL, 0}, 1},
			  {0, {SIM_FIXED, 100, NULL, 0}, {SIM_FIXED, 30, NULL, 0}, 3}},
		.nr_kinds = 2,
		.sections = 4000,
	};
	struct sim_figures f;

	(void)state;
	assert_int_equal(sim_run(&sim, &f), 0);
	assert_true(fabs(1 / f.throughput - (10 + 3 * 130) / 4.) < 1e-6);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(waits_as_in_md1),
		cmocka_unit_test(waits_as_machines_for_repair),
		cmocka_unit_test(serves_in_order),
		cmocka_unit_test(takes_a_free_lock),
		cmocka_unit_test(draws_what_was_measured),
		cmocka_unit_test(takes_kinds_in_turn),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
