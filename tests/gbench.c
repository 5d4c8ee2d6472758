// SPDX-License-Identifier: GPL-2.0-only
/* Cases that use all of bench/gbench.h and whose results are known; tests/gbench.sh runs them. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bench/gbench.h"
#include "lib/msg.h"
#include "lib/parse.h"

struct counts {
	int live, setups, teardowns;
};

static double get_time_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1e9 + now.tv_nsec;
}

static void run_args(struct gbench_state *state, void *data)
{
	int64_t order = gbench_get_arg(state, "order"), nodes = gbench_get_arg(state, "nodes");

	gbench_loop(state)
		gbench_add_time_ns(state, order);
	gbench_set_counter(state, "product", order * nodes, GBENCH_PLAIN);
	gbench_set_label(state, data);
}

static void run_counters(struct gbench_state *state, void *data)
{
	int64_t turns = 0, expected = gbench_iterations(state);

	(void)data;
	gbench_loop(state) {
		if (turns % 2 == 1) {
			turns++;
			continue;
		}
		turns++;
	}
	gbench_set_counter(state, "missed", expected - turns, GBENCH_PLAIN);
	gbench_set_counter(state, "plain", 6, GBENCH_PLAIN);
	gbench_set_counter(state, "rate", 6, GBENCH_RATE);
	gbench_set_counter(state, "average", 3 * turns, GBENCH_AVG_ITERATIONS);
	gbench_set_counter(state, "times", 2, GBENCH_INVARIANT);
	gbench_set_items(state, turns);
}

static void set_up(struct gbench_state *state, void *data)
{
	struct counts *counts = data;

	(void)state;
	counts->live++;
	counts->setups++;
}

static void tear_down(struct gbench_state *state, void *data)
{
	struct counts *counts = data;

	counts->live--;
	counts->teardowns++;
	gbench_set_counter(state, "unbalanced", counts->setups - counts->teardowns, GBENCH_PLAIN);
}

static void run_threads(struct gbench_state *state, void *data)
{
	const struct counts *counts = data;

	gbench_loop(state) {
		if (counts->live != 1) {
			gbench_fail(state, "not set up, or torn down already");
			break;
		}
	}
	gbench_set_counter(state, "sum", 1, GBENCH_PLAIN);
	gbench_set_counter(state, "indices", gbench_thread(state), GBENCH_PLAIN);
	gbench_set_counter(state, "average", gbench_threads(state), GBENCH_AVG_THREADS);
	gbench_set_items(state, gbench_iterations(state));
}

/* Asleep with the clock stopped: what the library times and this together is at most all. */
static void run_paused(struct gbench_state *state, void *data)
{
	const struct timespec nap = {.tv_nsec = 20000000};
	double begun = get_time_ns(), asleep = 0;

	(void)data;
	gbench_loop(state) {
		gbench_pause(state);
		double since = get_time_ns();
		nanosleep(&nap, NULL);
		asleep += get_time_ns() - since;
		gbench_resume(state);
	}
	gbench_set_counter(state, "asleep_ns", asleep, GBENCH_PLAIN);
	gbench_set_counter(state, "all_ns", get_time_ns() - begun, GBENCH_PLAIN);
}

static void run_turns(struct gbench_state *state, void *data)
{
	static unsigned int turn;

	(void)data;
	gbench_loop(state)
		gbench_add_time_ns(state, 1000);
	gbench_set_counter(state, "turn", ++turn, GBENCH_PLAIN);
}

static void fail_before(struct gbench_state *state, void *data)
{
	(void)data;
	gbench_fail(state, "failed before");
	gbench_loop(state)
		abort();
}

static void fail_inside(struct gbench_state *state, void *data)
{
	int64_t left = gbench_iterations(state) / 2;

	(void)data;
	gbench_loop(state) {
		if (gbench_thread(state) == 0 && !left--) {
			gbench_fail(state, "failed inside");
			gbench_fail(state, "failed again");
			return;
		}
	}
}

static void fail_setup(struct gbench_state *state, void *data)
{
	(void)data;
	gbench_fail(state, "failed in setup");
}

static void run_without_setup(struct gbench_state *state, void *data)
{
	(void)data;
	if (gbench_thread(state) == 0)
		abort();
	gbench_loop(state)
		abort();
}

static void abort_teardown(struct gbench_state *state, void *data)
{
	(void)state;
	(void)data;
	abort();
}

static void loop_never(struct gbench_state *state, void *data)
{
	(void)state;
	(void)data;
}

static void loop_early(struct gbench_state *state, void *data)
{
	(void)data;
	gbench_loop(state)
		break;
}

static void loop_twice(struct gbench_state *state, void *data)
{
	(void)data;
	gbench_loop(state)
		;
	gbench_loop(state)
		abort();
}

static struct counts counts;

static const struct gbench_case cases[] = {
	{.name = "args", .run = run_args, .data = "orders", .args = {{"order", 9}, {"nodes", 4}},
	 .clock = GBENCH_MANUAL_TIME, .iterations = 10},
	{.name = "args", .run = run_args, .data = "negative", .args = {{"order", 3}, {"nodes", -1}},
	 .clock = GBENCH_MANUAL_TIME, .iterations = 10},
	{.name = "counters", .run = run_counters},
	{.name = "threads", .run = run_threads, .setup = set_up, .teardown = tear_down,
	 .data = &counts, .thread_counts = {1, 2, 4}, .clock = GBENCH_REAL_TIME},
	{.name = "paused", .run = run_paused, .clock = GBENCH_REAL_TIME, .iterations = 3},
	{.name = "turns/a", .run = run_turns, .clock = GBENCH_MANUAL_TIME},
	{.name = "turns/b", .run = run_turns, .clock = GBENCH_MANUAL_TIME},
	{.name = "fixed", .run = run_turns, .iterations = 7, .repetitions = 3, .unit = GBENCH_MS},
	{.name = "long", .run = run_turns, .clock = GBENCH_MANUAL_TIME, .min_time_s = 0.5},
	{.name = "fail/before", .run = fail_before},
	{.name = "fail/inside", .run = fail_inside, .thread_counts = {1, 3}},
	{.name = "fail/setup", .run = run_without_setup, .setup = fail_setup, .teardown = abort_teardown,
	 .thread_counts = {1, 3}},
	{.name = "fail/never", .run = loop_never, .thread_counts = {1, 2}},
	{.name = "fail/early", .run = loop_early},
	{.name = "fail/twice", .run = loop_twice},
};

static const struct gbench_case invalid[] = {
	{.run = run_turns},
	{.name = "", .run = run_turns},
	{.name = "no run"},
	{.name = "both", .run = run_turns, .iterations = 1, .min_time_s = 1},
	{.name = "thread_counts", .run = run_turns, .thread_counts = {1, -1}},
	{.name = "iterations", .run = run_turns, .iterations = -1},
	{.name = "repetitions", .run = run_turns, .repetitions = -1},
	{.name = "min_time_s", .run = run_turns, .min_time_s = -1},
	{.name = "clock", .run = run_turns, .clock = GBENCH_MANUAL_TIME + 1},
	{.name = "unit", .run = run_turns, .unit = GBENCH_S + 1},
};

static void register_all(void)
{
	for (unsigned int i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		if (gbench_register(&cases[i]))
			die(EXIT_REGRESSION, "%s is refused", cases[i].name);
	for (unsigned int i = 0; i < sizeof(invalid) / sizeof(*invalid); i++)
		if (gbench_register(&invalid[i]) != -EINVAL)
			die(EXIT_REGRESSION, "invalid case %u is accepted", i);
	if (gbench_add_context("host", "sixty-four nodes") ||
	    gbench_add_context("host", "another") != -EEXIST)
		die(EXIT_REGRESSION, "gbench_add_context()");
}

/* --calibrate ITERATIONS: only that; 0 leaves their number to the library. */
int main(int argc, char **argv)
{
	uint64_t iterations;

	gbench_init(&argc, argv);
	if (argc == 3 && !strcmp(argv[1], "--calibrate")) {
		if (parse_u64(argv[2], 0, INT64_MAX, &iterations))
			die(EXIT_USAGE, "--calibrate %s: not a number", argv[2]);
		if (gbench_register_calibration((int64_t)iterations))
			die(EXIT_REGRESSION, "gbench_register_calibration()");
	} else if (gbench_reject(argc, argv)) {
		return EXIT_USAGE;
	} else {
		register_all();
	}
	if (!gbench_run())
		return EXIT_USAGE;
	return gbench_count_failures() ? EXIT_REGRESSION : 0;
}
