// SPDX-License-Identifier: GPL-2.0-only
/* Clocks that differ: CPUs take turns at heap_lock, and one of them reads another time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "tests/unit/trace_records.h"
#include "tracepoints/skew.h"

#define TURNS 120
#define HOLD 400

struct scene {
	struct trace_bytes t;
	uint64_t seed;
	uint64_t ends[2][TURNS]; /* true times of the ends of sections */
};

static uint32_t next_random(struct scene *s)
{
	s->seed = s->seed * 6364136223846793005ull + 1442695040888963407ull;
	return (uint32_t)(s->seed >> 33);
}

/* CPUs 0 and 1 take the lock in turn, with pauses of up to so many cycles. */
static void play(struct scene *s, uint32_t pause)
{
	uint64_t now = 1000000000;
	unsigned int i;

	for (i = 0; i < 2 * TURNS; i++) {
		now += 60 + next_random(s) % pause + HOLD;
		s->ends[i % 2][i / 2] = now;
	}
}

/* All records of one CPU in as many windows of so many. */
static void write_turns(struct scene *s, uint32_t cpu, unsigned int first, unsigned int count,
			int64_t ahead)
{
	unsigned int i;

	open_window(&s->t, cpu);
	for (i = first; i < first + count; i++)
		PUT(&s->t, s->ends[cpu % 2][i] + (uint64_t)ahead, heap_section, .domid = 1,
		    .hold = HOLD);
}

static struct skew correct(struct scene *s, struct trace_reader **r)
{
	struct skew skew;

	assert_int_equal(trace_open_memory(s->t.words, bytes_of(&s->t), r), 0);
	assert_int_equal(skew_correct(*r, &skew), 0);
	return skew;
}

/* In true order, CPUs take turns. */
static void expect_turns(struct trace_reader *r)
{
	unsigned int records = 0, changes = 0;
	uint32_t last = UINT32_MAX;
	struct trace_item item;

	while (trace_next(r, &item) != TRACE_END) {
		assert_int_not_equal(item.type, TRACE_ANOMALY);
		if (item.type != TRACE_RECORD)
			continue;
		records++;
		changes += item.cpu != last;
		last = item.cpu;
	}
	assert_int_equal(records, 2 * TURNS);
	assert_int_equal(changes, 2 * TURNS);
}

/* One window of each CPU: only the lock tells. */
static void check_by_lock(int64_t ahead, uint32_t pause)
{
	struct scene s = {.seed = 5};
	struct trace_reader *r = NULL;
	struct skew skew;

	play(&s, pause);
	write_turns(&s, 0, 0, TURNS, 0);
	write_turns(&s, 1, 0, TURNS, ahead);
	skew = correct(&s, &r);
	assert_int_equal(skew.refused, 0);
	assert_int_equal(skew.corrected, ahead != 0);
	assert_int_equal(skew.cpus[1].state, ahead ? SKEW_CORRECTED : SKEW_NONE);
	assert_int_equal(skew.cpus[0].state, SKEW_NONE);
	assert_in_range(skew.cpus[1].ahead - ahead + 1000, 850, 1150);
	/* The earlier clock is the one that is shifted. */
	assert_int_equal(skew.cpus[0].shift, ahead > 0 ? skew.cpus[1].ahead : 0);
	assert_int_equal(skew.cpus[1].shift, ahead < 0 ? -skew.cpus[1].ahead : 0);
	expect_turns(r);
	trace_close(r);
}

static void corrects_by_lock(void **state)
{
	static const int64_t aheads[] = {0, 700, -700, 5000, -20000, 30000};
	unsigned int i;

	(void)state;
	for (i = 0; i < sizeof(aheads) / sizeof(aheads[0]); i++)
		check_by_lock(aheads[i], 300);
}

/* Beyond what is searched without a bound, windows are needed: rounds of ten records each. */
static void check_by_windows(int64_t ahead, bool reversed)
{
	struct scene s = {.seed = 5};
	struct trace_reader *r = NULL;
	struct skew skew;
	unsigned int i;

	play(&s, 300);
	for (i = 0; i < TURNS; i += 10) {
		write_turns(&s, 0, i, 10, reversed ? ahead : 0);
		write_turns(&s, 1, i, 10, reversed ? 0 : ahead);
	}
	skew = correct(&s, &r);
	assert_int_equal(skew.refused, 0);
	assert_int_equal(skew.corrected, 1);
	assert_in_range((reversed ? -1 : 1) * (skew.cpus[1].ahead - skew.cpus[0].ahead) - ahead +
				1000,
			850, 1150);
	expect_turns(r);
	trace_close(r);
}

static void corrects_by_windows(void **state)
{
	(void)state;
	check_by_windows(900000000, false);
	check_by_windows(30000000000, false);
	check_by_windows(900000000, true);
	check_by_windows(-900000000, false);
}

/* The lock is nearly always free: windows alone tell, to about the time between two records. */
static void check_sparse(bool reversed)
{
	const int64_t ahead = 900000000;
	struct scene s = {.seed = 5};
	struct trace_reader *r = NULL;
	struct skew skew;
	unsigned int i;

	play(&s, 60000);
	for (i = 0; i < TURNS; i += 10) {
		write_turns(&s, 0, i, 10, reversed ? ahead : 0);
		write_turns(&s, 1, i, 10, reversed ? 0 : ahead);
	}
	skew = correct(&s, &r);
	assert_int_equal(skew.refused, 0);
	assert_int_equal(skew.corrected, 1);
	assert_in_range((reversed ? -1 : 1) * (skew.cpus[1].ahead - skew.cpus[0].ahead) - ahead +
				1000000,
			850000, 1150000);
	trace_close(r);
}

static void corrects_by_windows_alone(void **state)
{
	(void)state;
	check_sparse(false);
	check_sparse(true);
}

/* A virtual CPU that was stopped while it wrote a record: old ones in a young window are no skew.
 */
static void excuses_a_stopped_cpu(void **state)
{
	struct scene s = {.seed = 5};
	struct trace_reader *r = NULL;
	struct skew skew;
	unsigned int i;

	(void)state;
	play(&s, 60000);
	for (i = 0; i < TURNS; i += 10) {
		write_turns(&s, 0, i, 10, 0);
		if (i == 20)
			write_turns(&s, 1, 20, 5, 0);
		else if (i == 30)
			write_turns(&s, 1, 25, 15, 0);
		else
			write_turns(&s, 1, i, 10, 0);
	}
	skew = correct(&s, &r);
	assert_int_equal(skew.corrected + skew.refused, 0);
	assert_int_equal(skew.cpus[1].state, SKEW_NONE);
	expect_turns(r);
	trace_close(r);
}

static void leaves_equal_clocks_alone(void **state)
{
	struct scene s = {.seed = 9};
	struct trace_reader *r = NULL;
	struct skew skew;
	unsigned int i;

	(void)state;
	play(&s, 300);
	for (i = 0; i < TURNS; i += 10) {
		write_turns(&s, 0, i, 10, 0);
		write_turns(&s, 1, i, 10, 0);
	}
	skew = correct(&s, &r);
	assert_int_equal(skew.refused + skew.corrected, 0);
	assert_int_equal(skew.cpus[0].shift | skew.cpus[1].shift, 0);
	expect_turns(r);
	trace_close(r);
}

/* Sections of two CPUs that overlap at random at any offset are no work of one lock. */
static void refuses_what_cannot_be(void **state)
{
	struct scene s = {.seed = 11};
	struct trace_reader *r = NULL;
	struct trace_item item, last = {0};
	struct skew skew;
	unsigned int i;

	(void)state;
	play(&s, 300);
	/* A clock that runs at another speed. */
	for (i = 0; i < TURNS; i++)
		s.ends[1][i] = 1000000000 + (s.ends[1][i] - 1000000000) * 3 / 2 + 700 * i;
	write_turns(&s, 0, 0, TURNS, 0);
	write_turns(&s, 1, 0, TURNS, 0);
	skew = correct(&s, &r);
	assert_int_equal(skew.refused, 1);
	assert_int_equal(skew.corrected, 0);
	assert_int_equal(skew.cpus[1].state, SKEW_REFUSED);
	assert_int_equal(skew.cpus[0].shift | skew.cpus[1].shift, 0);
	while (trace_next(r, &item) != TRACE_END)
		last = item;
	assert_int_equal(last.type, TRACE_ANOMALY);
	assert_int_equal(last.size, 0);
	assert_non_null(strstr(last.what, "clocks contradict each other"));
	trace_close(r);
}

static void does_not_judge_without_evidence(void **state)
{
	struct scene s = {.seed = 13};
	struct trace_reader *r = NULL;
	struct skew skew;

	(void)state;
	play(&s, 300);
	write_turns(&s, 0, 0, TURNS, 0);
	write_turns(&s, 1, 0, 3, 5000);
	skew = correct(&s, &r);
	assert_int_equal(skew.count, 2);
	assert_int_equal(skew.corrected + skew.refused, 0);
	assert_int_equal(skew.cpus[1].state, SKEW_UNKNOWN);
	trace_close(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(corrects_by_lock),
		cmocka_unit_test(corrects_by_windows),
		cmocka_unit_test(corrects_by_windows_alone),
		cmocka_unit_test(excuses_a_stopped_cpu),
		cmocka_unit_test(leaves_equal_clocks_alone),
		cmocka_unit_test(refuses_what_cannot_be),
		cmocka_unit_test(does_not_judge_without_evidence),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
