// SPDX-License-Identifier: GPL-2.0-only
/*
 * How often verdicts and alarms are wrong where the truth is known: a table as docs/method.md has
 * it. Exit status 1 when one is wrong more often than is held there.
 *
 * Usage: statistics [STUDIES]      10,000 of each kind
 */
#include <math.h>
#include <stdio.h>

#include "lib/msg.h"
#include "lib/parse.h"
#include "results/paired.h"
#include "tests/statistics/simulate.h"

#define POINTS 7

static size_t studies = 10000;
static unsigned int failed;

/*
 * A line of the table: a share that is at most promised. Where the method does not keep its promise
 * the line says so, and held is what it does keep.
 */
static void put_most(const char *what, double promised, double held, double measured)
{
	failed += measured > held;
	printf("| %s | at most %g %% | %.2f %% | %s |\n", what, promised * 100, measured * 100,
	       measured > held	     ? "FAILED"
	       : measured > promised ? "no"
				     : "yes");
	fflush(stdout);
}

static void put_between(const char *what, const char *promised, double low, double high,
			double measured)
{
	bool met = measured >= low && measured <= high;

	failed += !met;
	printf("| %s | %s | %.3f | %s |\n", what, promised, measured, met ? "yes" : "FAILED");
	fflush(stdout);
}

static void put_only(const char *what, double measured)
{
	printf("| %s | – | %.2f %% | |\n", what, measured * 100);
	fflush(stdout);
}

static void put_least(unsigned int step, unsigned int nights, double stated, double measured)
{
	failed += measured < stated;
	printf("| steps of %u sd found within %u nights | at least %g %% | %.1f %% | %s |\n", step,
	       nights, stated * 100, measured * 100, measured < stated ? "FAILED" : "yes");
	fflush(stdout);
}

static double share(size_t part, size_t all)
{
	return (double)part / (double)all;
}

static void put_wrong(void)
{
	static const struct {
		const char *what;
		struct sim_study sim;
	} kinds[] = {
		{"A/A called different: 8 pairs", {.pairs = 8, .metrics = 1}},
		{"12 pairs", {.pairs = 12, .metrics = 1}},
		{"24 pairs", {.pairs = 24, .metrics = 1}},
		{"12 pairs, any of 12 metrics", {.pairs = 12, .metrics = 12}},
		{"12 pairs, each boot has a layout of its own (sd 1 %)",
		 {.pairs = 12, .metrics = 1, .layout = 0.01}},
		{"the same, with 12 pairs of A/A for delta",
		 {.pairs = 12, .metrics = 1, .layout = 0.01, .aa = true}},
	};
	struct sim_verdicts v;

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		sim_judge(&kinds[i].sim, studies, i + 1, &v);
		put_most(kinds[i].what, 0.05, 0.05, share(v.wrong, v.studies));
	}
	sim_judge_rounds(&kinds[1].sim, studies, 7, &v);
	put_most("12 pairs, from 40 rounds a boot, warm-up dropped", 0.05, 0.05,
		 share(v.wrong, v.studies));
	sim_judge(
		&(struct sim_study){.pairs = 12, .metrics = 1, .layout = 0.01, .one_layout = true},
		studies, 8, &v);
	put_only("12 pairs, one layout an arm (which is why there are several)",
		 share(v.wrong, v.studies));
}

static void put_equivalent(void)
{
	static const size_t pairs[] = {8, 12, 24};
	char what[80];

	for (size_t i = 0; i < 3; i++) {
		struct sim_study sim = {
			.pairs = pairs[i], .metrics = 1, .effect = log1p(PAIRED_DELTA)};
		struct sim_verdicts v;

		sim_judge(&sim, studies, 11 + i, &v);
		snprintf(what, sizeof(what), "an effect of delta called EQUIVALENT: %zu pairs",
			 pairs[i]);
		put_most(what, 0.05, 0.08, share(v.equivalent, v.studies));
		snprintf(what, sizeof(what), "true effect outside the 95 %% interval: %zu pairs",
			 pairs[i]);
		put_most(what, 0.05, 0.09, share(v.outside95, v.studies));
	}
}

/* The effect that is found in 4 of 5 studies, over what studies print as detectable. */
static double find_power(const struct sim_study *kind, double printed)
{
	double power[POINTS], at;
	struct sim_verdicts v;
	size_t i;

	for (i = 0; i < POINTS; i++) {
		struct sim_study sim = *kind;

		sim.effect = printed * (0.7 + 0.1 * (double)i);
		sim_judge(&sim, studies / 4, 30 + i, &v);
		power[i] = share(v.found, v.studies);
		if (power[i] >= 0.8)
			break;
	}
	if (!i || i == POINTS)
		return NAN;
	at = (0.8 - power[i - 1]) / (power[i] - power[i - 1]);
	return 0.7 + 0.1 * ((double)i - 1 + at);
}

static void put_power(void)
{
	static const struct sim_study kinds[] = {{.pairs = 8, .metrics = 1},
						 {.pairs = 12, .metrics = 1},
						 {.pairs = 24, .metrics = 1},
						 {.pairs = 12, .metrics = 12},
						 {.pairs = 12, .metrics = 1, .layout = 0.01}};
	struct sim_verdicts v;
	char what[128];

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		sim_judge(&kinds[i], studies / 4, 20 + i, &v);
		snprintf(
			what, sizeof(what),
			"effect found in 4 of 5 studies / effect printed (%.2f %%): %zu pairs, %zu "
			"metrics%s",
			expm1(v.detectable) * 100, kinds[i].pairs, kinds[i].metrics,
			kinds[i].layout > 0 ? ", layouts" : "");
		put_between(what, "0.9 to 1.1", 0.9, 1.1, find_power(&kinds[i], v.detectable));
	}
}

static void put_needed(void)
{
	struct sim_study sim = {.pairs = 12, .metrics = 1};
	struct sim_verdicts v;
	char what[96];

	sim_judge(&sim, studies / 4, 40, &v);
	sim.pairs = (size_t)v.needed;
	snprintf(what, sizeof(what), "A/A is EQUIVALENT with the pairs that 12 asked for (%zu)",
		 sim.pairs);
	if (sim.pairs > PAIRED_MOST) {
		put_between(what, "0.72 to 0.88", 0.72, 0.88, NAN);
		return;
	}
	sim_judge(&sim, studies, 41, &v);
	put_between(what, "0.72 to 0.88", 0.72, 0.88, share(v.equivalent, v.studies));
}

static void put_series(void)
{
	struct sim_alarms a;

	sim_watch(&(struct sim_series){.nights = 70}, 100, 50, &a);
	put_most("stable series of 70 nights with an alarm, of 100", 0.007, 0.02,
		 share(a.alarmed, a.series));
	sim_watch(&(struct sim_series){.nights = 70}, studies, 51, &a);
	put_most("the same, of as many as there are studies", 0.007, 0.007,
		 share(a.alarmed, a.series));
	printf("| nights of those with the first alarm | at most 0.01 %% | %.4f %% | %s |\n",
	       100 * share(a.alarmed, a.nights),
	       share(a.alarmed, a.nights) > 1e-4 ? "FAILED" : "yes");
	failed += share(a.alarmed, a.nights) > 1e-4;
}

/* Each wait of a step is stated: what is found of it, rounded down. */
static void put_steps(void)
{
	static const struct {
		unsigned int step, nights;
		double stated;
	} waits[] = {{2, 5, 0.1}, {2, 10, 0.6},	 {2, 20, 0.9},
		     {3, 5, 0.7}, {3, 10, 0.95}, {4, 5, 0.95}};
	unsigned int step = 0;
	struct sim_alarms a;

	for (size_t i = 0; i < sizeof(waits) / sizeof(*waits); i++) {
		if (waits[i].step != step) {
			step = waits[i].step;
			sim_watch(&(struct sim_series){.nights = 70, .step_at = 40, .step = step},
				  studies / 20, 60 + step, &a);
		}
		put_least(step, waits[i].nights, waits[i].stated,
			  share(a.found[waits[i].nights], a.series));
	}
}

int main(int argc, char **argv)
{
	uint64_t number = studies;

	if (argc > 2 || (argc == 2 && parse_u64(argv[1], 100, 1000000, &number)))
		die(EXIT_USAGE, "usage: statistics [STUDIES], from 100");
	studies = number;
	printf("| | promised | measured | met |\n| --- | --- | --- | --- |\n");
	put_wrong();
	put_equivalent();
	put_power();
	put_needed();
	put_series();
	put_steps();
	return failed ? EXIT_REGRESSION : 0;
}
