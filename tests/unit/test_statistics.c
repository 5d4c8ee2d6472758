// SPDX-License-Identifier: GPL-2.0-only
/* What tests/long/statistics.sh counts in 10,000 studies, in some hundreds of a fixed seed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "tests/statistics/simulate.h"

/* So many per mille of the studies. */
static void in_range(const char *what, size_t part, size_t all, size_t low, size_t high)
{
	size_t permille = part * 1000 / all;

	if (permille < low || permille > high)
		fail_msg("%s: %zu of %zu, not %zu to %zu per mille", what, part, all, low, high);
}

static void nothing_is_rarely_called_different(void **state)
{
	struct sim_verdicts v;

	(void)state;
	sim_judge(&(struct sim_study){.pairs = 8, .metrics = 1}, 2000, 1, &v);
	in_range("8 pairs", v.wrong, v.studies, 0, 50);
	sim_judge(&(struct sim_study){.pairs = 12, .metrics = 1}, 300, 2, &v);
	in_range("12 pairs", v.wrong, v.studies, 0, 30);
	in_range("12 pairs, EQUIVALENT", v.equivalent, v.studies, 500, 800);
	in_range("12 pairs, outside of the 95 % interval", v.outside95, v.studies, 20, 60);
	sim_judge(&(struct sim_study){.pairs = 8, .metrics = 12}, 300, 3, &v);
	in_range("12 metrics", v.wrong, v.studies, 0, 50);
	sim_judge_rounds(&(struct sim_study){.pairs = 12, .metrics = 1}, 25, 4, &v);
	in_range("of rounds", v.wrong, v.studies, 0, 50);
}

/* One layout an arm is a bias that no number of pairs shows: the simulation finds what is wrong. */
static void a_bias_is_found_by_aa(void **state)
{
	struct sim_study sim = {.pairs = 12, .metrics = 1, .layout = 0.01, .one_layout = true};
	struct sim_verdicts v, with;

	(void)state;
	sim_judge(&sim, 150, 5, &v);
	in_range("one layout an arm", v.wrong, v.studies, 400, 600);
	sim.aa = true;
	sim_judge(&sim, 80, 5, &with);
	in_range("the same with A/A", with.wrong, with.studies, 100, 350);
}

static void effects_are_found_as_printed(void **state)
{
	struct sim_study sim = {.pairs = 12, .metrics = 1};
	struct sim_verdicts v;

	(void)state;
	sim_judge(&sim, 150, 6, &v);
	sim.effect = 1.1 * v.detectable;
	sim_judge(&sim, 150, 7, &v);
	in_range("more than what is detectable", v.found, v.studies, 800, 1000);
	sim.effect /= 1.1 / 0.9;
	sim_judge(&sim, 150, 8, &v);
	in_range("less", v.found, v.studies, 400, 800);
	sim.effect = -1.3 * v.detectable;
	sim_judge(&sim, 60, 9, &v);
	in_range("improvements", v.found, v.studies, 900, 1000);
	assert_int_equal(v.backwards, 0);
}

static void stable_series_are_quiet(void **state)
{
	struct sim_alarms a;

	(void)state;
	sim_watch(&(struct sim_series){.nights = 70}, 100, 1, &a);
	assert_int_equal(a.nights, 100 * 70);
	assert_in_range(a.alarmed, 0, 2);
}

static void steps_are_found(void **state)
{
	struct sim_alarms a;

	(void)state;
	sim_watch(&(struct sim_series){.nights = 70, .step_at = 40, .step = 4}, 12, 2, &a);
	in_range("4 sd, 10 nights", a.found[10], a.series, 900, 1000);
	in_range("4 sd, 3 nights", a.found[3], a.series, 0, 100);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_rarely_called_different),
		cmocka_unit_test(a_bias_is_found_by_aa),
		cmocka_unit_test(effects_are_found_as_printed),
		cmocka_unit_test(stable_series_are_quiet),
		cmocka_unit_test(steps_are_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
