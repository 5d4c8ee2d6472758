// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "results/budget.h"
#include "results/fingerprint.h"
#include "results/profile.h"
#include "results/result.h"
#include "tests/unit/read_text.h"

#define GOOD_CLAIMPERF \
	"\"kind\": \"exact\", \"unit\": \"instructions\", \"per\": \"extent\", \"value\": 3.5, " \
	"\"min_sample\": 7, \"ops\": 2, \"samples\": [9, 7]"
#define CASE(name, claimperf) "{\"name\": \"" name "\", \"claimperf\": {" claimperf "}}"
#define FILE_WITH(cases) "{\"context\": {\"claimperf\": {}}, \"benchmarks\": [" cases "]}"

static void reads_cases(void **state)
{
	char error[RESULT_ERROR_SIZE], *path;
	const struct result_case *test;
	struct result *result;

	(void)state;
	assert_int_equal(read_text(FILE_WITH(
		CASE("a", GOOD_CLAIMPERF ", \"raw\": \"x.d/a\", \"reference\": \"b\"") ","
		"{\"name\": \"b\", \"error_occurred\": true, \"error_message\": \"no such call\"}"),
		&result, error), 0);
	assert_int_equal(result->nr_cases, 2);
	test = result_find(result, "a");
	assert_null(test->skipped);
	assert_int_equal(test->kind, KIND_EXACT);
	assert_int_equal(test->min_sample, 7);
	assert_int_equal(test->ops, 2);
	assert_int_equal(test->nr_samples, 2);
	assert_string_equal(test->reference, "b");
	path = result_raw_path(result, test, "perf.txt");
	assert_string_equal(path, "/tmp/x.d/a/perf.txt");
	free(path);
	assert_string_equal(result_find(result, "b")->skipped, "no such call");
	assert_null(result_raw_path(result, result_find(result, "b"), "perf.txt"));
	assert_null(result_find(result, "c"));
	result_free(result);
}

/* Each names the field that is wrong. */
static void refuses_what_is_not_valid(void **state)
{
	static const struct {
		const char *text, *error;
	} bad[] = {
		{"", ":1:0: "},
		{"[]", ": not a JSON object"},
		{FILE_WITH(CASE("a", GOOD_CLAIMPERF)) "x", ": end of file expected"},
		{"{\"context\": {\"claimperf\": {}}", ": '}' expected"},
		{"{\"context\": {}, \"context\": {}}", ": duplicate object key"},
		{"{\"benchmarks\": []}", ": context: missing"},
		{"{\"context\": 1}", ": context: not an object"},
		{"{\"context\": {}}", ": context.claimperf: missing"},
		{"{\"context\": {\"claimperf\": {}}}", ": benchmarks: missing"},
		{"{\"context\": {\"claimperf\": {}}, \"benchmarks\": {}}", ": benchmarks: not an array"},
		{FILE_WITH(""), ": benchmarks: no case in it"},
		{FILE_WITH("1"), ": benchmarks[0]: not an object"},
		{FILE_WITH("{}"), ": benchmarks[0]: name: missing"},
		{FILE_WITH("{\"name\": 1}"), ": benchmarks[0]: name: not a string"},
		{FILE_WITH("{\"name\": \"a\"}"), ": benchmarks[0] (a): claimperf: missing"},
		{FILE_WITH("{\"name\": \"a\", \"error_occurred\": 1}"), "(a): error_occurred: neither"},
		{FILE_WITH("{\"name\": \"a\", \"error_occurred\": true}"), "(a): error_message: missing"},
		{FILE_WITH(CASE("a", GOOD_CLAIMPERF) "," CASE("b", GOOD_CLAIMPERF) "," CASE("a", GOOD_CLAIMPERF)),
		 ": benchmarks: a: this name appears twice"},
		{FILE_WITH(CASE("a", "")), "(a): kind: missing"},
		{FILE_WITH(CASE("a", "\"kind\": \"odd\"")), "(a): kind: 'odd' is neither"},
		{FILE_WITH(CASE("a", GOOD_CLAIMPERF ", \"bit_equal\": false")), "(a): kind: exact, but"},
		{FILE_WITH(CASE("a", GOOD_CLAIMPERF ", \"bit_equal\": 1")), "(a): bit_equal: neither"},
		{FILE_WITH(CASE("a", GOOD_CLAIMPERF ", \"raw\": 1")), "(a): raw: not a string"},
		{FILE_WITH(CASE("a", "\"kind\": \"exact\"")), "(a): unit: missing"},
		{FILE_WITH(CASE("a", "\"kind\": \"exact\", \"unit\": \"ns\"")), "(a): unit: exact data"},
		{FILE_WITH(CASE("a", "\"kind\": \"noisy\", \"unit\": \"ns\"")), "(a): per: missing"},
#define HEAD "\"kind\": \"exact\", \"unit\": \"instructions\", \"per\": \"extent\""
		{FILE_WITH(CASE("a", HEAD)), "(a): min_sample: missing"},
		{FILE_WITH(CASE("a", HEAD ", \"min_sample\": 7.0")), "(a): min_sample: not an integer"},
		{FILE_WITH(CASE("a", HEAD ", \"min_sample\": 0")), "(a): min_sample: 0 is outside"},
		{FILE_WITH(CASE("a", HEAD ", \"min_sample\": 9007199254740993")), "is outside"},
		{FILE_WITH(CASE("a", HEAD ", \"min_sample\": 7, \"ops\": -1")), "(a): ops: -1 is outside"},
#define SAMPLE HEAD ", \"min_sample\": 7, \"ops\": 2"
		{FILE_WITH(CASE("a", SAMPLE)), "(a): samples: missing"},
		{FILE_WITH(CASE("a", SAMPLE ", \"samples\": []")), "(a): samples: not an array"},
		{FILE_WITH(CASE("a", SAMPLE ", \"samples\": [7, \"8\"]")), "samples: [1] is not"},
		{FILE_WITH(CASE("a", SAMPLE ", \"samples\": [8, 9]")), "(a): min_sample: 7, but the least"},
		{FILE_WITH(CASE("a", SAMPLE ", \"samples\": [7]")), "(a): value: missing"},
		{FILE_WITH(CASE("a", SAMPLE ", \"samples\": [7], \"value\": \"3.5\"")), "value: not a number"},
		{FILE_WITH(CASE("a", SAMPLE ", \"samples\": [7], \"value\": 3.4")), "(a): value: 3.4, but"},
	};
	char error[RESULT_ERROR_SIZE];
	struct result *result;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(read_text(bad[i].text, &result, error), -EINVAL);
		assert_null(result);
		if (!strstr(error, bad[i].error))
			fail_msg("bad[%zu]: '%s' does not say '%s'", i, error, bad[i].error);
	}
	assert_int_equal(result_read("/nonexistent/x.json", &result, error), -ENOENT);
	assert_string_equal(error, "/nonexistent/x.json: No such file or directory");
}

static int read_profile(const char *text, uint64_t ops, struct profile **out, char *error)
{
	char path[] = TEMP_FILE_TEMPLATE;
	int ret;

	write_temp_file(path, text);
	ret = profile_read(path, ops, out, error);
	unlink(path);
	return ret;
}

static void reads_profiles(void **state)
{
	char error[PROFILE_ERROR_SIZE], text[FRACTION_TEXT_SIZE];
	struct profile_difference *list;
	struct profile *before, *after;
	struct fraction path;
	size_t nr;

	(void)state;
	assert_int_equal(read_profile("# windows=2\n# total=100\n60 same\n20 x.c#less\n20 gone\n", 5,
				      &before, error), 0);
	assert_int_equal(before->ops, 10);
	/* One window, a name twice, a new function of the claim path. */
	assert_int_equal(read_profile("# section=3\n# windows=9\n# unmatched=0\n# total=700\n"
				      "20 same\n40 same\n10 x.c#less\n630 claims_permit_request.part.0\n",
				      10, &after, error), 0);
	assert_int_equal(after->ops, 10);
	assert_int_equal(profile_compare(before, after, &list, &nr), 0);
	assert_int_equal(nr, 3);
	assert_string_equal(list[0].function, "claims_permit_request.part.0");
	assert_string_equal(fraction_format(list[0].delta, true, text), "+63.000");
	assert_string_equal(list[1].function, "gone");
	assert_string_equal(fraction_format(list[1].delta, true, text), "-2.000");
	assert_string_equal(list[2].function, "x.c#less");
	assert_true(profile_explains(list, nr, fraction_subtract(700, 10, 100, 10)));
	assert_false(profile_explains(list, nr, fraction_subtract(701, 10, 100, 10)));
	assert_false(profile_explains(list, nr, fraction_subtract(1400, 20, 100, 10)));
	assert_false(profile_explains(list, 0, fraction_subtract(1, 1, 0, 1)));
	assert_true(profile_path_delta(before, after, &path));
	assert_string_equal(fraction_format(path, true, text), "+63.000");
	assert_false(profile_path_delta(before, before, &path));
	free(list);
	profile_free(before);
	profile_free(after);
}

static void refuses_damaged_profiles(void **state)
{
	static const struct {
		const char *text, *error;
	} bad[] = {
		{"# total=1\n1 f\n", "no '# windows=N'"},
		{"# windows=0\n", ":1: windows"},
		{"# windows=1\n# total=x\n", ":2: total"},
		{"# windows=1\n# total=2\n1 f\n", "do not sum"},
		{"# windows=1\n# total=1\n1\n", ":3: not 'COUNT FUNCTION'"},
		{"# windows=1\n# total=1\n-1 f\n", ":3: the count"},
		{"# windows=1\n# total=1\n1 f", ":3: the last line is cut off"},
		{"# windows=1\n# unmatched=1\n", ":2: markers"},
		{"# section=1\n# section=2\n", ":2: a second section"},
		{"# windows=2147483648\n# total=1\n1 f\n", "too many windows"},
	};
	char error[PROFILE_ERROR_SIZE];
	struct profile *profile;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(read_profile(bad[i].text, 2, &profile, error), -EINVAL);
		if (!strstr(error, bad[i].error))
			fail_msg("bad[%zu]: '%s' does not say '%s'", i, error, bad[i].error);
	}
}

static int read_budget(const char *text, struct budget *out, char *error)
{
	char path[] = TEMP_FILE_TEMPLATE;
	int ret;

	write_temp_file(path, text);
	ret = budget_read(path, out, error);
	unlink(path);
	return ret;
}

static void reads_budgets(void **state)
{
	static const char *const bad[] = {
		"# fine\na +1\n", "\na +1 #\n", "\na 1 # why\n", "\na +x # why\n", "\na # why\n",
		"\na +1 b # why\n", "\na +-1 # why\n", "\na +1.5 # why\n",
		"\na +% # why\n", "\na +1001% # why\n", "\na + # why\n", "\na vs b # why\n", "\na b +1 # why\n",
	};
	char error[BUDGET_ERROR_SIZE];
	struct budget budget = {0};
	size_t i;

	(void)state;
	assert_int_equal(read_budget("# head\n\n  a/b:1 \t+3 # the node check\nc/* +0 # no\na/* +9 #all\n",
				     &budget, error), 0);
	assert_int_equal(budget.nr, 3);
	assert_int_equal(budget_find(&budget, "a/b:1")->amount, 3);
	assert_string_equal(budget_find(&budget, "a/b:1")->why, "the node check");
	assert_int_equal(budget_find(&budget, "a/b/c")->amount, 9);
	assert_int_equal(budget_find(&budget, "a/b/c")->line, 5);
	assert_null(budget_find(&budget, "b"));
	budget_free(&budget);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(read_budget(bad[i], &budget, error), -EINVAL);
		assert_non_null(strstr(error, ":2: "));
		budget_free(&budget);
	}
}

static void compares_fingerprints(void **state)
{
	json_t *before = json_loads("{\"dialect\": \"none\", \"lab\": {\"kernel\": \"6.1\", \"cpus\": 1, \"gone\": 1,"
				    " \"hypervisor\": {\"image_sha256\": \"a\", \"compiler\": \"gcc 1\"}}}", 0, NULL);
	json_t *after = json_loads("{\"dialect\": \"v6\", \"lab\": {\"kernel\": \"6.2\", \"cpus\": 1,"
				   " \"hypervisor\": {\"image_sha256\": \"b\", \"compiler\": \"gcc 2\"}}}", 0, NULL);
	static const struct {
		const char *name;
		bool differs, may_differ;
	} expected[] = {
		{"dialect", true, true},
		{"kernel", true, false},
		{"cpus", false, false},
		{"gone", true, false},
		{"image_sha256", true, true},
		{"compiler", true, false},
	};
	const struct fingerprint_field *field;
	struct fingerprint_fields fields;
	size_t i;

	(void)state;
	assert_int_equal(fingerprint_compare(before, after, &fields), 0);
	assert_int_equal(fields.nr, sizeof(expected) / sizeof(expected[0]));
	for (i = 0; i < fields.nr; i++) {
		field = fingerprint_find(&fields, expected[i].name);
		assert_non_null(field);
		assert_int_equal(field->differs, expected[i].differs);
		assert_int_equal(field->may_differ, expected[i].may_differ);
	}
	assert_null(fingerprint_find(&fields, "gone")->after);
	assert_null(fingerprint_find(&fields, "ernel"));
	fingerprint_free(&fields);
	json_decref(before);
	json_decref(after);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_cases),
		cmocka_unit_test(refuses_what_is_not_valid),
		cmocka_unit_test(reads_profiles),
		cmocka_unit_test(refuses_damaged_profiles),
		cmocka_unit_test(reads_budgets),
		cmocka_unit_test(compares_fingerprints),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
