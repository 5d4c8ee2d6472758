// SPDX-License-Identifier: GPL-2.0-only
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "tests/unit/trace_records.h"
#include "tracepoints/diff.h"

#define SECTIONS 20
#define PAIRS 12

static const char *const paths[PAIRED_MOST] = {"a trace"};

/* Allocations that hold the lock for hold cycles each, frees for 100, waits for 7. */
static struct summary *trace_of(uint32_t hold, unsigned int sections, bool lossy)
{
	static struct trace_bytes t;
	struct trace_reader *r = NULL;
	struct summary *s = NULL;
	unsigned int i;

	memset(&t, 0, sizeof(t));
	open_window(&t, 0);
	put_record(&t, 0x0010f004, 1, 1, 9);
	for (i = 0; i < sections; i++) {
		PUT(&t, 100000 * (2 * i + 1), heap_section, .site = HEAP_SITE_ALLOC, .wait = hold / 10,
		    .hold = hold);
		PUT(&t, 100000 * (2 * i + 2), heap_section, .site = HEAP_SITE_FREE, .hold = 100);
	}
	if (lossy)
		put_record(&t, TRACE_EVENT_LOST, 200000 * i, 4, 1, 0, 5, 0);
	assert_int_equal(trace_open_memory(t.words, bytes_of(&t), &r), 0);
	assert_int_equal(summary_read(r, SUMMARY_BY, &s), 0);
	trace_close(r);
	return s;
}

struct both {
	struct summary *summaries[2][PAIRED_MOST];
	struct diff_side before, after;
	struct diff diff;
};

static void compare(struct both *b, unsigned int nr, bool exact)
{
	const struct diff_options options = {.exact = exact, .delta = log1p(PAIRED_DELTA), .seed = 1};

	b->before = (struct diff_side){.nr = nr, .paths = paths, .summaries = b->summaries[0]};
	b->after = (struct diff_side){.nr = nr, .paths = paths, .summaries = b->summaries[1]};
	assert_int_equal(diff_traces(&b->before, &b->after, &options, &b->diff), 0);
}

static void release(struct both *b)
{
	for (unsigned int i = 0; i < b->before.nr; i++) {
		summary_free(b->summaries[0][i]);
		summary_free(b->summaries[1][i]);
	}
	diff_free(&b->diff);
}

static const struct diff_row *row_of(const struct both *b, enum metric_id id, const char *site)
{
	for (unsigned int i = 0; i < b->diff.nr_rows; i++) {
		const struct metric *m = b->diff.rows[i].after ? b->diff.rows[i].after
							       : b->diff.rows[i].before;

		if (m->id == id && !strcmp(m->labels[0].text, site))
			return &b->diff.rows[i];
	}
	fail_msg("no row %s", site);
	return NULL;
}

static void expect_verdict(const struct both *b, const struct diff_row *row, const char *expected)
{
	char text[DIFF_VERDICT_TEXT];

	assert_string_equal(diff_verdict(&b->diff, row, text), expected);
}

static void exact_traces_are_compared_as_integers(void **state)
{
	struct both b = {0};

	(void)state;
	b.summaries[0][0] = trace_of(1000, SECTIONS, false);
	b.summaries[1][0] = trace_of(1020, SECTIONS, false);
	compare(&b, 1, true);
	assert_int_equal(b.diff.kind, DIFF_EXACT);
	assert_int_equal(b.diff.regressed, 1);
	expect_verdict(&b, row_of(&b, METRIC_HOLD, "alloc"), "MAJOR up +20.000");
	assert_true(row_of(&b, METRIC_HOLD, "alloc")->regressed);
	expect_verdict(&b, row_of(&b, METRIC_HOLD, "free"), "IDENTICAL");
	assert_null(row_of(&b, METRIC_HOLD, "free")->why);
	/* 2 % longer as well, and no regression. */
	expect_verdict(&b, row_of(&b, METRIC_WAIT, "alloc"), "MAJOR up +2.000");
	assert_string_equal(row_of(&b, METRIC_WAIT, "alloc")->why, "artefact of exact mode");
	release(&b);
}

static void exact_traces_may_improve(void **state)
{
	struct both b = {0};

	(void)state;
	b.summaries[0][0] = trace_of(1020, SECTIONS, false);
	b.summaries[1][0] = trace_of(1000, SECTIONS, false);
	compare(&b, 1, true);
	assert_int_equal(b.diff.regressed, 0);
	expect_verdict(&b, row_of(&b, METRIC_HOLD, "alloc"), "MAJOR down -20.000");
	release(&b);
	b.summaries[0][0] = trace_of(1000, SECTIONS, false);
	b.summaries[1][0] = trace_of(1001, SECTIONS, false);
	compare(&b, 1, true);
	assert_int_equal(b.diff.regressed, 0);
	expect_verdict(&b, row_of(&b, METRIC_HOLD, "alloc"), "NOTE up +1.000");
	release(&b);
}

/* As long each, but a section more. */
static void more_sections_are_a_regression(void **state)
{
	struct both b = {0};

	(void)state;
	b.summaries[0][0] = trace_of(1000, SECTIONS, false);
	b.summaries[1][0] = trace_of(1000, SECTIONS + 1, false);
	compare(&b, 1, true);
	assert_int_equal(b.diff.regressed, 2);
	expect_verdict(&b, row_of(&b, METRIC_HOLD, "alloc"), "IDENTICAL, count MAJOR up");
	release(&b);
}

static void one_noisy_trace_proves_nothing(void **state)
{
	struct both b = {0};

	(void)state;
	b.summaries[0][0] = trace_of(1000, SECTIONS, false);
	b.summaries[1][0] = trace_of(2000, SECTIONS, false);
	compare(&b, 1, false);
	assert_int_equal(b.diff.kind, DIFF_SINGLE);
	assert_int_equal(b.diff.regressed, 0);
	expect_verdict(&b, row_of(&b, METRIC_HOLD, "alloc"), "INCONCLUSIVE");
	assert_true(fabs(row_of(&b, METRIC_HOLD, "alloc")->effect - log(2)) < 1e-12);
	/* Waits of noisy traces are real. */
	assert_null(row_of(&b, METRIC_WAIT, "alloc")->why);
	release(&b);
}

/* Boots move by some per mille; AFTER is by percent % slower. */
static void fill_pairs(struct both *b, unsigned int percent, bool lossy)
{
	static const int drift[PAIRS] = {0, 30, -20, 10, -10, 40, -30, 5, -5, 20, -15, 25};

	for (unsigned int i = 0; i < PAIRS; i++) {
		uint32_t hold = (uint32_t)(10000 + drift[i]);

		b->summaries[0][i] = trace_of(hold, SECTIONS, false);
		b->summaries[1][i] = trace_of(hold * (100 + percent) / 100 + (i % 3) * 5, SECTIONS,
					      lossy && i == 5);
	}
	compare(b, PAIRS, false);
}

static void pairs_are_judged(void **state)
{
	struct both b = {0};

	(void)state;
	fill_pairs(&b, 3, false);
	assert_int_equal(b.diff.kind, DIFF_PAIRED);
	expect_verdict(&b, row_of(&b, METRIC_HOLD, "alloc"), "REGRESSED");
	expect_verdict(&b, row_of(&b, METRIC_WAIT, "alloc"), "REGRESSED");
	expect_verdict(&b, row_of(&b, METRIC_HOLD, "free"), "EQUIVALENT");
	assert_int_equal(b.diff.regressed, 2);
	assert_int_equal(row_of(&b, METRIC_HOLD, "alloc")->after->hist->count, PAIRS * SECTIONS);
	release(&b);
	fill_pairs(&b, 0, false);
	expect_verdict(&b, row_of(&b, METRIC_HOLD, "alloc"), "EQUIVALENT");
	assert_int_equal(b.diff.regressed, 0);
	release(&b);
}

static void losses_gate_nothing(void **state)
{
	struct both b = {0};

	(void)state;
	fill_pairs(&b, 3, true);
	assert_int_equal(b.diff.regressed, 0);
	assert_string_equal(row_of(&b, METRIC_HOLD, "alloc")->why, "records lost");
	assert_false(row_of(&b, METRIC_HOLD, "alloc")->primary);
	release(&b);
	b.summaries[0][0] = trace_of(1000, SECTIONS, true);
	b.summaries[1][0] = trace_of(2000, SECTIONS, false);
	compare(&b, 1, true);
	assert_int_equal(b.diff.regressed, 0);
	expect_verdict(&b, row_of(&b, METRIC_HOLD, "alloc"), "MAJOR up +1000.000");
	release(&b);
}

static void tells_what_one_side_lacks(void **state)
{
	struct both b = {0};

	(void)state;
	b.summaries[0][0] = trace_of(1000, 0, false);
	b.summaries[1][0] = trace_of(1000, SECTIONS, false);
	compare(&b, 1, true);
	assert_int_equal(b.diff.regressed, 0);
	assert_string_equal(row_of(&b, METRIC_HOLD, "alloc")->why, "only in AFTER");
	assert_null(row_of(&b, METRIC_HOLD, "alloc")->before);
	expect_verdict(&b, row_of(&b, METRIC_HOLD, "alloc"), "-");
	release(&b);
}

static void finds_what_does_not_repeat(void **state)
{
	struct summary *a = trace_of(1000, SECTIONS, false), *b = trace_of(1000, SECTIONS, false);
	struct summary *c = trace_of(1000, SECTIONS + 1, false), *d = trace_of(1000, 0, false);

	(void)state;
	assert_null(diff_first_difference(a, b));
	assert_string_equal(diff_first_difference(a, c), "hold");
	assert_string_equal(diff_first_difference(a, d), "hold");
	summary_free(a);
	summary_free(b);
	summary_free(c);
	summary_free(d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(exact_traces_are_compared_as_integers),
		cmocka_unit_test(exact_traces_may_improve),
		cmocka_unit_test(more_sections_are_a_regression),
		cmocka_unit_test(one_noisy_trace_proves_nothing),
		cmocka_unit_test(pairs_are_judged),
		cmocka_unit_test(losses_gate_nothing),
		cmocka_unit_test(tells_what_one_side_lacks),
		cmocka_unit_test(finds_what_does_not_repeat),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
