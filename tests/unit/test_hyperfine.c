// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "results/compare.h"
#include "results/fingerprint.h"
#include "results/result.h"
#include "tests/unit/read_text.h"

#define ENTRY(name, mean, times, codes) \
	"{\"command\": \"" name "\", \"mean\": " mean ", \"times\": [" times "], \"exit_codes\": [" codes "]}"
#define GOOD(name) ENTRY(name, "0.003", "0.002, 0.0070000004, 1e-9", "0, 0, 0")
#define FILE_WITH(entries) "{\"results\": [" entries "]}"
#define TOLD_FILE(entries) "{\"context\": {\"claimperf\": {\"nodes\": 4}}, \"results\": [" entries "]}"

static struct result *read_good(const char *text)
{
	char error[RESULT_ERROR_SIZE];
	struct result *result;

	if (read_text(text, &result, error))
		fail_msg("%s", error);
	return result;
}

static void reads_commands(void **state)
{
	struct result *result = read_good(FILE_WITH(GOOD("make -j2") "," ENTRY("b", "2", "1, 3", "0, 0")));
	const struct result_case *test = &result->cases[0];
	double median;

	(void)state;
	assert_int_equal(result->nr_cases, 2);
	assert_null(result->fingerprint);
	assert_string_equal(test->name, "make -j2");
	assert_null(test->skipped);
	assert_int_equal(test->kind, KIND_NOISY);
	assert_string_equal(test->unit, "ns");
	assert_string_equal(test->per, "run");
	assert_int_equal(test->ops, 1);
	assert_int_equal(test->min_sample, 1);
	assert_int_equal(test->nr_samples, 3);
	assert_int_equal(json_integer_value(json_array_get(json_object_get(test->details, "samples"), 1)),
			 7000000);
	assert_int_equal(result_median(test, &median), 0);
	assert_true(median == 2e6);
	assert_int_equal(result_median(&result->cases[1], &median), 0);
	assert_true(median == 2e9);
	result_free(result);
}

static void reads_what_old_versions_write(void **state)
{
	struct result *result = read_good("{\"results\": [{\"command\": \"a\", \"mean\": 2, \"times\": [2]}]}");

	(void)state;
	assert_null(result->cases[0].skipped);
	assert_int_equal(result->cases[0].min_sample, 2000000000);
	result_free(result);
}

static void takes_failed_runs_for_failed_cases(void **state)
{
	struct result *result = read_good(FILE_WITH(
		ENTRY("a", "2", "1, 3", "0, 7") "," ENTRY("b", "2", "1, 3", "null, 1") "," GOOD("c")));

	(void)state;
	assert_string_equal(result->cases[0].skipped, "run 1 ended with exit code 7");
	assert_true(result->cases[0].failed);
	assert_string_equal(result->cases[1].skipped, "a signal ended run 0");
	assert_true(result->cases[1].failed);
	assert_null(result->cases[2].skipped);
	result_free(result);
}

/* Each names the field that is wrong. */
static void refuses_what_is_not_valid(void **state)
{
	static const struct {
		const char *text, *error;
	} bad[] = {
		{"{\"results\": {}}", ": results: not an array"},
		{FILE_WITH(""), ": results: no command in it"},
		{FILE_WITH("1"), ": results[0]: not an object"},
		{FILE_WITH("{}"), ": results[0]: command: missing"},
		{FILE_WITH("{\"command\": \"\"}"), ": results[0]: command: empty"},
		{FILE_WITH(GOOD("a") ", {\"command\": \"b\"}"), ": results[1] (b): times: missing"},
		{FILE_WITH(ENTRY("a", "1", "", "")), "(a): times: not an array of numbers"},
		{FILE_WITH("{\"command\": \"a\", \"times\": 1}"), "(a): times: not an array of numbers"},
		{FILE_WITH(ENTRY("a", "1", "1, \"1\"", "0, 0")), "(a): times: [1] is not a number"},
		{FILE_WITH(ENTRY("a", "1", "1, null", "0, 0")), "(a): times: [1] is not a number"},
		{FILE_WITH(ENTRY("a", "0", "-1, 1", "0, 0")), "(a): times: [0], -1 s, is outside"},
		{FILE_WITH(ENTRY("a", "0", "0", "0")), "(a): times: [0], 0 s, is outside"},
		{FILE_WITH(ENTRY("a", "1e7", "1e7", "0")), "(a): times: [0], 1e+07 s, is outside"},
		{FILE_WITH("{\"command\": \"a\", \"times\": [1]}"), "(a): mean: missing"},
		{FILE_WITH(ENTRY("a", "\"1\"", "1", "0")), "(a): mean: not a number"},
		{FILE_WITH(ENTRY("a", "1.1", "1", "0")), "(a): mean: 1.1, but that of times is 1"},
		{FILE_WITH(ENTRY("a", "1", "1", "0, 0")), "(a): exit_codes: not an array of as many"},
		{FILE_WITH(ENTRY("a", "1", "1", "\"0\"")), "(a): exit_codes: [0] is not an integer"},
		{FILE_WITH(GOOD("a") "," GOOD("b") "," GOOD("a")), ": results: a: this name appears twice"},
		{"{\"context\": 1, \"results\": [" GOOD("a") "]}", ": context: not an object"},
		{"{\"context\": {}, \"results\": [" GOOD("a") "]}", ": context.claimperf: missing"},
	};
	char error[RESULT_ERROR_SIZE];
	struct result *result;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		if (read_text(bad[i].text, &result, error) != -EINVAL)
			fail_msg("bad[%zu], '%s', is taken", i, bad[i].error);
		assert_null(result);
		if (!strstr(error, bad[i].error))
			fail_msg("bad[%zu]: '%s' does not say '%s'", i, error, bad[i].error);
	}
}

static int compare(const char *left, const char *right, struct fingerprint_fields *fields,
		   void (*check)(const struct comparison *c), char *error)
{
	struct result *before = read_good(left), *after = read_good(right);
	const struct budget budget = {0};
	struct comparison c;
	int ret = compare_results(before, after, &budget, NULL, &c, error);

	assert_int_equal(fingerprint_compare(before->fingerprint, after->fingerprint, fields), 0);
	if (!ret) {
		check(&c);
		compare_free(&c);
	}
	result_free(before);
	result_free(after);
	return ret;
}

static void check_open(const struct comparison *c)
{
	assert_int_equal(c->nr_rows, 1);
	assert_int_equal(c->rows[0].verdict.size, VERDICT_INCONCLUSIVE);
	assert_int_equal(c->nr_over_budget, 0);
}

static void check_lost(const struct comparison *c)
{
	assert_int_equal(c->rows[0].kind, ROW_LOST);
	assert_int_equal(c->nr_over_budget, 1);
}

static void compares_without_gating(void **state)
{
	struct fingerprint_fields fields;
	char error[RESULT_ERROR_SIZE];

	(void)state;
	assert_int_equal(compare(TOLD_FILE(ENTRY("a", "1", "1", "0")), TOLD_FILE(ENTRY("a", "9", "9", "0")),
				 &fields, check_open, error), 0);
	assert_true(fields.before_known && fields.after_known);
	fingerprint_free(&fields);
	assert_int_equal(compare(FILE_WITH(GOOD("a")), FILE_WITH(ENTRY("a", "1", "1", "1")), &fields,
				 check_lost, error), 0);
	fingerprint_free(&fields);
}

/* One side without a fingerprint: nothing is known to differ. */
static void knows_what_it_does_not_know(void **state)
{
	struct fingerprint_fields fields;
	char error[RESULT_ERROR_SIZE];

	(void)state;
	assert_int_equal(compare(FILE_WITH(GOOD("a")), TOLD_FILE(GOOD("a")), &fields, check_open, error), 0);
	assert_false(fields.before_known);
	assert_true(fields.after_known);
	assert_int_equal(fields.nr, 1);
	assert_string_equal(fields.fields[0].path, "nodes");
	assert_false(fields.fields[0].differs);
	fingerprint_free(&fields);
}

static void refuses_other_units(void **state)
{
	static const char benchmark[] =
		"{\"context\": {\"claimperf\": {}}, \"benchmarks\": [{\"name\": \"a\", \"claimperf\": {\"kind\": \"exact\", "
		"\"unit\": \"instructions\", \"per\": \"run\", \"value\": 7, \"min_sample\": 7, \"ops\": 1, \"samples\": [7]}}]}";
	struct fingerprint_fields fields;
	char error[RESULT_ERROR_SIZE];

	(void)state;
	assert_int_equal(compare(benchmark, FILE_WITH(GOOD("a")), &fields, check_open, error), -EINVAL);
	assert_non_null(strstr(error, "a: unit: 'ns', but 'instructions' in "));
	fingerprint_free(&fields);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_commands),
		cmocka_unit_test(reads_what_old_versions_write),
		cmocka_unit_test(takes_failed_runs_for_failed_cases),
		cmocka_unit_test(refuses_what_is_not_valid),
		cmocka_unit_test(compares_without_gating),
		cmocka_unit_test(knows_what_it_does_not_know),
		cmocka_unit_test(refuses_other_units),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
