// SPDX-License-Identifier: GPL-2.0-only
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

#include "results/verdict.h"

struct border {
	uint64_t before, after, ops;
	int path; /* instructions per operation in the claim path; -1 unknown */
	enum verdict_size size;
};

/* Both sides of each border of the rules. */
static const struct border borders[] = {
	{3000, 3000, 1, -1, VERDICT_IDENTICAL},
	{3000, 3000, 1, 64, VERDICT_IDENTICAL},
	/* 0.2 %, below 8 instructions */
	{1000, 1001, 1, -1, VERDICT_NOTE},
	{1000, 1002, 1, -1, VERDICT_MINOR},
	{1001, 1003, 1, -1, VERDICT_NOTE},
	{500000, 500999, 1000, -1, VERDICT_NOTE},
	{500000, 501000, 1000, -1, VERDICT_MINOR},
	/* 8 instructions, below 0.2 % */
	{100000, 100007, 1, -1, VERDICT_NOTE},
	{100000, 100008, 1, -1, VERDICT_MINOR},
	{102400000, 102400000 + 8191, 1024, -1, VERDICT_NOTE},
	{102400000, 102400000 + 8192, 1024, -1, VERDICT_MINOR},
	/* 1 % */
	{100000, 100999, 1, -1, VERDICT_MINOR},
	{100000, 101000, 1, -1, VERDICT_MAJOR},
	{100, 101, 1, -1, VERDICT_MAJOR},
	{101, 102, 1, -1, VERDICT_MINOR},
	/* 64 in the claim check or redeem path */
	{1000000, 1000064, 1, -1, VERDICT_MINOR},
	{1000000, 1000064, 1, 63, VERDICT_MINOR},
	{1000000, 1000064, 1, 64, VERDICT_MAJOR},
	{1000000, 1000001, 1, 64, VERDICT_MAJOR},
};

static void judges_both_sides_of_each_border(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(borders) / sizeof(borders[0]); i++) {
		const struct border *b = &borders[i];
		struct fraction path = {b->path, 1};
		struct verdict v = judge_exact(b->before, b->ops, b->after, b->ops,
					       b->path < 0 ? NULL : &path);

		if (v.size != b->size)
			fail_msg("border %zu: %s, not %s", i, verdict_name(v.size),
				 verdict_name(b->size));
	}
}

/* An improvement by as much, from the same value, has the same size. */
static void judges_improvements_alike(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(borders) / sizeof(borders[0]); i++) {
		const struct border *b = &borders[i];
		struct fraction path = {-b->path, 1};
		struct verdict v = judge_exact(b->before, b->ops, 2 * b->before - b->after, b->ops,
					       b->path < 0 ? NULL : &path);

		if (v.size != b->size)
			fail_msg("border %zu: %s, not %s", i, verdict_name(v.size),
				 verdict_name(b->size));
		assert_true(v.delta.num <= 0);
	}
}

static void compares_across_batch_sizes(void **state)
{
	struct verdict v = judge_exact(3000, 3, 2002, 2, NULL);
	char text[FRACTION_TEXT_SIZE];

	(void)state;
	assert_int_equal(v.size, VERDICT_NOTE);
	assert_string_equal(fraction_format(v.delta, true, text), "+1.000");
	assert_int_equal(judge_exact(3000, 3, 2000, 2, NULL).size, VERDICT_IDENTICAL);
}

static void survives_the_largest_numbers(void **state)
{
	const uint64_t most = UINT64_C(1) << 53, ops = UINT64_C(1) << 31;

	(void)state;
	assert_int_equal(judge_exact(most, ops - 1, 1, ops, NULL).size, VERDICT_MAJOR);
	assert_int_equal(judge_exact(1, ops, most, ops - 1, NULL).size, VERDICT_MAJOR);
	assert_true(judge_exact(1, ops, most, ops - 1, NULL).delta.num > 0);
	assert_int_equal(judge_exact(most, ops, most - 1, ops, NULL).size, VERDICT_NOTE);
}

static void prints_exact_decimals(void **state)
{
	static const struct {
		long long num;
		uint64_t den;
		const char *text, *short_text;
	} cases[] = {
		{0, 7, "0.000", "0.000"},
		{1024, 1024, "+1.000", "+1.000"},
		{-1536, 1024, "-1.500", "-1.500"},
		{1, 1024, "+0.0009765625", "+0.001"},
		{-1, 1024, "-0.0009765625", "-0.001"},
		{1, 3, "~+0.333", "+0.333"},
		{2, 3, "~+0.667", "+0.667"},
		{29999, 10000, "+2.9999", "+3.000"},
		{-29999, 10000, "-2.9999", "-3.000"},
		{1, 4096, "~+0.000", "+0.000"},
		{3000001, 1, "+3000001.000", "+3000001.000"},
	};
	char text[FRACTION_TEXT_SIZE];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct fraction f = {cases[i].num, cases[i].den};

		assert_string_equal(fraction_format(f, true, text), cases[i].text);
		assert_string_equal(fraction_format_short(f, true, text), cases[i].short_text);
	}
	assert_string_equal(fraction_format((struct fraction){5, 2}, false, text), "2.500");
}

static void compares_with_limits(void **state)
{
	struct fraction f = {65, 8}; /* 8.125 */

	(void)state;
	assert_true(fraction_reaches(f, 8));
	assert_false(fraction_reaches(f, 9));
	assert_true(fraction_exceeds(f, 8));
	f.num = 64;
	assert_true(fraction_reaches(f, 8));
	assert_false(fraction_exceeds(f, 8));
	f.num = -65;
	assert_true(fraction_reaches(f, 8));
	assert_false(fraction_exceeds(f, 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(judges_both_sides_of_each_border),
		cmocka_unit_test(judges_improvements_alike),
		cmocka_unit_test(compares_across_batch_sizes),
		cmocka_unit_test(survives_the_largest_numbers),
		cmocka_unit_test(prints_exact_decimals),
		cmocka_unit_test(compares_with_limits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
