// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "results/compare.h"
#include "tests/unit/temp_file.h"

/* A case of 10 operations that took `sum` in all. */
#define CASE_OF(name, kind, unit, per, sum, more) \
	"{\"name\": \"" name "\", \"claimperf\": {\"kind\": \"" kind "\", \"unit\": \"" unit \
	"\", \"per\": \"" per "\", \"value\": " #sum "e-1, \"min_sample\": " #sum \
	", \"ops\": 10, \"samples\": [" #sum "]" more "}}"
#define EXACT(name, sum, more) CASE_OF(name, "exact", "instructions", "extent", sum, more)
#define NOISY(name, sum) CASE_OF(name, "noisy", "tsc", "extent", sum, "")
#define SKIPPED(name, why) \
	"{\"name\": \"" name "\", \"error_occurred\": true, \"error_message\": \"" why "\"}"
#define FAILED(name, why) \
	"{\"name\": \"" name "\", \"error_occurred\": true, \"error_message\": \"" why \
	"\", \"claimperf\": {\"skipped\": false}}"
#define FILE_WITH(cases) "{\"context\": {\"claimperf\": {}}, \"benchmarks\": [" cases "]}"

struct pair {
	struct result *before, *after;
	struct budget budget;
	struct comparison comparison;
	char error[RESULT_ERROR_SIZE];
};

static struct result *read_text(const char *text)
{
	char path[] = TEMP_FILE_TEMPLATE, error[RESULT_ERROR_SIZE];
	struct result *result;

	write_temp_file(path, text);
	if (result_read(path, &result, error))
		fail_msg("%s", error);
	unlink(path);
	return result;
}

static int compare_texts(struct pair *pair, const char *before, const char *after, const char *budget)
{
	char path[] = TEMP_FILE_TEMPLATE;

	*pair = (struct pair){.before = read_text(before), .after = read_text(after)};
	write_temp_file(path, budget);
	assert_int_equal(budget_read(path, &pair->budget, pair->error), 0);
	unlink(path);
	return compare_results(pair->before, pair->after, &pair->budget, NULL, &pair->comparison, pair->error);
}

static void release(struct pair *pair)
{
	compare_free(&pair->comparison);
	budget_free(&pair->budget);
	result_free(pair->before);
	result_free(pair->after);
}

static const struct comparison_row *row_of(const struct pair *pair, const char *name)
{
	size_t i;

	for (i = 0; i < pair->comparison.nr_rows; i++)
		if (!strcmp(pair->comparison.rows[i].name, name))
			return &pair->comparison.rows[i];
	fail_msg("no row '%s'", name);
	return NULL;
}

static void expect_row(const struct pair *pair, const char *name, enum row_kind kind,
		       const char *direction, bool over)
{
	const struct comparison_row *row = row_of(pair, name);

	if (row->kind != kind || strcmp(row_direction(row), direction) || row->over_budget != over)
		fail_msg("%s: %s, '%s', over budget %d", name, row_kind_name(row->kind),
			 row_direction(row), row->over_budget);
}

static void pairs_cases(void **state)
{
	struct pair pair;

	(void)state;
	assert_int_equal(compare_texts(&pair,
		FILE_WITH(EXACT("equal", 30000, "") "," EXACT("worse", 30000, "") ","
			  EXACT("better", 30000, "") "," EXACT("lost", 30000, "") ","
			  EXACT("fails", 30000, "") "," SKIPPED("host", "no such call") ","
			  SKIPPED("nowhere", "no such call") "," NOISY("noise", 100)),
		FILE_WITH(EXACT("equal", 30000, "") "," EXACT("worse", 30300, "") ","
			  EXACT("better", 29700, "") "," SKIPPED("fails", "-12") ","
			  EXACT("host", 33000, ", \"reference\": \"equal\"") ","
			  EXACT("set", 30010, ", \"reference\": \"equal\"") ","
			  EXACT("far", 30010, ", \"reference\": \"host\"") ","
			  EXACT("alone", 30010, "") "," SKIPPED("nowhere", "still not") ","
			  FAILED("broken", "claimed 3 of 4") "," NOISY("noise", 200)), ""), 0);
	assert_int_equal(pair.comparison.nr_rows, 12);
	expect_row(&pair, "broken", ROW_LOST, "", true);
	expect_row(&pair, "equal", ROW_SAME, "", false);
	expect_row(&pair, "worse", ROW_SAME, "regressed", true);
	expect_row(&pair, "better", ROW_SAME, "improved", false);
	expect_row(&pair, "lost", ROW_LOST, "", true);
	expect_row(&pair, "fails", ROW_LOST, "", true);
	expect_row(&pair, "host", ROW_REFERENCE, "cost", false);
	expect_row(&pair, "set", ROW_REFERENCE, "cost", false);
	expect_row(&pair, "far", ROW_NEW, "", false);
	expect_row(&pair, "alone", ROW_NEW, "", false);
	expect_row(&pair, "nowhere", ROW_SKIPPED, "", false);
	expect_row(&pair, "noise", ROW_SAME, "", false);
	assert_int_equal(row_of(&pair, "noise")->verdict.size, VERDICT_INCONCLUSIVE);
	assert_string_equal(row_of(&pair, "noise")->reason, "noisy data, not in pairs");
	assert_string_equal(row_of(&pair, "host")->reason, "no such call");
	assert_string_equal(row_of(&pair, "fails")->reason, "-12");
	assert_int_equal(pair.comparison.nr_over_budget, 4);
	release(&pair);
}

static void applies_budgets(void **state)
{
	struct pair pair;

	(void)state;
	assert_int_equal(compare_texts(&pair,
		FILE_WITH(EXACT("a/at", 30000, "") "," EXACT("a/over", 30000, "") ","
			  EXACT("minor", 30000, "") "," EXACT("less", 30000, "")),
		FILE_WITH(EXACT("a/at", 30400, "") "," EXACT("a/over", 30401, "") ","
			  EXACT("minor", 30050, "") "," EXACT("less", 29000, "") ","
			  EXACT("new", 31000, ", \"reference\": \"less\"")),
		"a/* +40 # seen\nminor +4 # tight\nless +0 # none\nnew +99 # cost\n"), 0);
	expect_row(&pair, "a/at", ROW_SAME, "regressed", false);
	expect_row(&pair, "a/over", ROW_SAME, "regressed", true);
	expect_row(&pair, "minor", ROW_SAME, "regressed", true);
	expect_row(&pair, "less", ROW_SAME, "improved", false);
	expect_row(&pair, "new", ROW_REFERENCE, "cost", true);
	release(&pair);
}

/* Budgets against another case, savings, percent; from two files the first line counts. */
static void applies_budgets_against_others(void **state)
{
	char path[] = TEMP_FILE_TEMPLATE;
	struct pair pair;

	(void)state;
	assert_int_equal(compare_texts(&pair,
		FILE_WITH(EXACT("a/n:0/c:none", 30000, "") "," EXACT("a/n:1/c:none", 40000, "") ","
			  EXACT("saves", 30000, "") "," EXACT("half", 30000, "")),
		FILE_WITH(EXACT("a/n:0/c:host", 30100, "") "," EXACT("a/n:1/c:host", 40101, "") ","
			  EXACT("saves", 29900, "") "," EXACT("half", 33000, "") ","
			  EXACT("a/n:0/c:none", 30000, "") "," EXACT("a/n:1/c:none", 39900, "")),
		"a/*/c:host vs c:none +10 # other\nsaves -10 # at least\nhalf vs saves +10% # percent\n"
		"a/n:1/c:none -11 # too much\n"), 0);
	expect_row(&pair, "a/n:0/c:host", ROW_NEW, "", false);
	expect_row(&pair, "a/n:1/c:host", ROW_NEW, "", true);
	expect_row(&pair, "saves", ROW_SAME, "improved", false);
	expect_row(&pair, "half", ROW_SAME, "regressed", false);
	expect_row(&pair, "a/n:1/c:none", ROW_SAME, "improved", true);
	assert_string_equal(row_of(&pair, "a/n:1/c:host")->against->name, "a/n:1/c:none");
	assert_int_equal(row_of(&pair, "half")->budget_delta.num, 300 * 10);

	write_temp_file(path, "half +9% # not reached: the other file's line is first\nmore +1 # 2\n");
	assert_int_equal(budget_read(path, &pair.budget, pair.error), 0);
	unlink(path);
	assert_int_equal(budget_find(&pair.budget, "half")->amount, 10);
	assert_string_equal(budget_find(&pair.budget, "more")->path, path);
	release(&pair);
}

static void refuses_unlike_cases(void **state)
{
	static const struct {
		const char *before, *after, *error;
	} bad[] = {
		{EXACT("a", 10, ""), CASE_OF("a", "exact", "instructions", "call", 10, ""), "a: per: 'call', but 'extent'"},
		{NOISY("a", 10), EXACT("a", 10, ""), "a: unit: 'instructions', but 'tsc'"},
		{"{\"name\": \"a\", \"claimperf\": {\"kind\": \"exact\", \"unit\": \"instructions\", "
		 "\"per\": \"extent\", \"value\": 1, \"min_sample\": 9, \"ops\": 9, \"samples\": [9]}}",
		 EXACT("a", 10, ""), "a: ops: 10, but 9"},
	};
	char before[512], after[512];
	struct pair pair;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		snprintf(before, sizeof(before), FILE_WITH("%s"), bad[i].before);
		snprintf(after, sizeof(after), FILE_WITH("%s"), bad[i].after);
		assert_int_equal(compare_texts(&pair, before, after, ""), -EINVAL);
		if (!strstr(pair.error, bad[i].error))
			fail_msg("'%s' does not say '%s'", pair.error, bad[i].error);
		release(&pair);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pairs_cases),
		cmocka_unit_test(applies_budgets),
		cmocka_unit_test(applies_budgets_against_others),
		cmocka_unit_test(refuses_unlike_cases),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
