// SPDX-License-Identifier: GPL-2.0-only
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "results/night_document.h"
#include "results/night_render.h"
#include "tests/unit/read_text.h"

#define MOST 64
#define HOST "{\"hypervisor\": {\"variant\": \"baseline\", \"compiler\": \"gcc 1\"}}"
#define OTHER_HOST "{\"hypervisor\": {\"variant\": \"baseline\", \"compiler\": \"gcc 2\"}}"
#define OTHER_SUITE                                                                                \
	"{\"suite\": \"x\", \"hypervisor\": {\"variant\": \"baseline\", \"compiler\": \"gcc 1\"}}"

/* One series, whose last night is judged. */
static struct night_point points[MOST];
static struct night_series series = {(char *)"c", (char *)"instructions", (char *)"call", points,
				     0};
static struct night_sources sources;
static struct judging j;

static void add_night(struct night_side reference, struct night_side tonight)
{
	struct night_point *p = &points[series.nr++];

	*p = (struct night_point){.reference = reference, .tonight = tonight};
	night_after("2026-01-01", (long)series.nr - 1, p->date);
}

static void add_count(const char *fingerprint, uint64_t reference, uint64_t tonight)
{
	add_night((struct night_side){true, KIND_EXACT, reference, 1, 0, fingerprint},
		  (struct night_side){true, KIND_EXACT, tonight, 1, 0, fingerprint});
}

static void add_time(double reference, double tonight)
{
	double wiggle = (double)(series.nr * 7 % 5) * 1e-4 + (double)series.nr * 1e-6;

	add_night((struct night_side){true, KIND_NOISY, 1, 1, reference, HOST},
		  (struct night_side){true, KIND_NOISY, 1, 1, tonight * (1 + wiggle), HOST});
}

static void begin(const char *unit)
{
	series.nr = 0;
	series.unit = (char *)unit;
	sources = (struct night_sources){0};
}

static void judge(const json_t *previous)
{
	sources.filter.night = points[series.nr - 1].date;
	j.sources = &sources;
	assert_int_equal(document_begin(&j.document, &sources.filter, previous, NULL), 0);
	assert_int_equal(strcmp(series.unit, "ns") ? judge_counts(&j, &series)
						   : judge_times(&j, &series),
			 0);
	assert_int_equal(document_end(&j.document), 0);
}

static const char *text_at(const char *list, const char *key)
{
	return field_text(json_array_get(json_object_get(j.document.root, list), 0), key);
}

/* Alerts, changes and cases to be measured again; then the document goes. */
static json_t *expect(const char *alert, const char *state, bool again)
{
	const json_t *list = json_object_get(j.document.root, "again");

	assert_string_equal(text_at("alerts", "kind"), alert);
	assert_string_equal(text_at("changes", "state"), state);
	assert_int_equal(json_array_size(j.document.alerts), *alert != '\0');
	assert_int_equal(json_array_size(json_object_get(list, "counts")) +
				 json_array_size(json_object_get(list, "times")),
			 again);
	return j.document.root;
}

static void expect_only(const char *alert, const char *state, bool again)
{
	json_decref(expect(alert, state, again));
}

static void test_counts(void **state)
{
	(void)state;
	begin("instructions");
	add_count(HOST, 1000, 1100);
	add_count(HOST, 1000, 1100);
	judge(NULL);
	assert_string_equal(text_at("rows", "verdict"), "MAJOR");
	expect_only("", "", false);
	/* Small steps are found when they add up: 3 of 1100 is more than 0.2 %. */
	add_count(HOST, 1000, 1101);
	add_count(OTHER_SUITE, 1000, 1102);
	judge(NULL);
	expect_only("", "", false);
	add_count(HOST, 1000, 1103);
	judge(NULL);
	assert_string_equal(text_at("changes", "since"), points[4].date);
	expect_only("", "suspected", true);
	add_count(HOST, 1000, 1103);
	judge(NULL);
	assert_string_equal(text_at("changes", "since"), points[4].date);
	expect_only("", "suspected", true);
}

static void test_host(void **state)
{
	(void)state;
	begin("instructions");
	add_count(HOST, 1000, 1100);
	add_count(OTHER_HOST, 1000, 1200);
	judge(NULL);
	assert_non_null(strstr(text_at("alerts", "text"), "hypervisor.compiler: gcc 1 -> gcc 2"));
	expect_only("host-change", "", false);
	add_count(OTHER_HOST, 1001, 1300);
	judge(NULL);
	assert_non_null(strstr(text_at("alerts", "text"), "does not say why"));
	expect_only("host-change", "", false);
	add_count(OTHER_HOST, 1001, 1300);
	judge(NULL);
	expect_only("", "", false);
	points[series.nr - 1].tonight.kind = KIND_NOISY;
	judge(NULL);
	assert_int_equal(json_array_size(j.document.rows), 0);
	expect_only("inexact", "", false);
}

static struct result *count_again(int count)
{
	char text[512], error[RESULT_ERROR_SIZE];
	struct result *result;

	snprintf(text, sizeof(text),
		 "{\"context\": {\"claimperf\": {}}, \"benchmarks\": [{\"name\": \"c\", "
		 "\"claimperf\": {\"kind\": \"exact\", \"unit\": \"instructions\", \"per\": "
		 "\"call\", \"value\": %d, \"min_sample\": %d, \"ops\": 1, \"samples\": [%d]}}]}",
		 count, count, count);
	assert_int_equal(read_text(text, &result, error), 0);
	return result;
}

static json_t *judge_again(int reference, int tonight, const json_t *previous)
{
	struct result *left = count_again(reference), *right = count_again(tonight);

	sources.again_reference = left;
	sources.again_tonight = right;
	judge(previous);
	result_free(left);
	result_free(right);
	sources.again_reference = sources.again_tonight = NULL;
	return j.document.root;
}

static void test_counts_again(void **state)
{
	json_t *previous;

	(void)state;
	begin("instructions");
	add_count(HOST, 1000, 1100);
	add_count(HOST, 1000, 1200);
	judge_again(1000, 1201, NULL);
	expect_only("inexact", "refuted", false);
	judge_again(1001, 1200, NULL);
	assert_int_equal(field_number(j.document.root, "exit"), 0);
	previous = expect("inexact", "refuted", false);
	/* It is no level from which the next night could differ; if it stays, it is looked at
	 * again. */
	add_count(HOST, 1000, 1100);
	judge(previous);
	expect_only("", "refuted", false);
	add_count(HOST, 1000, 1200);
	judge(previous);
	assert_int_equal(json_array_size(j.document.changes), 2);
	expect_only("", "refuted", true);
	json_decref(previous);
	series.nr = 2;
	judge_again(1000, 1200, NULL);
	assert_int_equal(field_number(j.document.root, "exit"), 1);
	previous = expect("regression", "confirmed", false);
	/* The night after it is known. */
	add_count(HOST, 1000, 1200);
	judge(previous);
	expect_only("", "confirmed", false);
	/* An improvement is another change. */
	add_count(HOST, 1000, 1100);
	judge_again(1000, 1100, previous);
	assert_string_equal(text_at("alerts", "kind"), "improvement");
	assert_int_equal(json_array_size(j.document.changes), 2);
	json_decref(j.document.root);
	json_decref(previous);
}

static void write_boots(FILE *out, const char *arm, double cost, double spread)
{
	fprintf(out, ", \"%s\": [", arm);
	for (int i = 0; i < 12; i++)
		fprintf(out, "%s[%f, %f]", i ? ", " : "", cost * (1 + spread * (i - 5.5)),
			cost * (1 + spread * (i - 5.5)));
	fputs("]", out);
}

/* Twelve pairs of which tonight's takes so much, +- 5.5 spreads; A/A shows no difference. */
static struct study *time_again(double tonight, double spread)
{
	char path[] = TEMP_FILE_TEMPLATE, error[RESULT_ERROR_SIZE], *text;
	struct study *study;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	fputs("{\"study\": 1, \"seed\": 1, \"order\": \"010101010101\", \"aa\": {\"order\": "
	      "\"010101010101\"}, \"before\": {\"fingerprint\": {}}, \"after\": {\"fingerprint\": {}}, "
	      "\"metrics\": [{\"name\": \"c\", \"unit\": \"ns\", \"per\": \"call\"",
	      out);
	write_boots(out, "before", 1000, 0);
	write_boots(out, "after", tonight, spread);
	write_boots(out, "aa_before", 1000, 0);
	write_boots(out, "aa_after", 1000, 1e-5);
	fputs("}]}", out);
	fclose(out);
	write_temp_file(path, text);
	assert_int_equal(study_read(path, &study, error), 0);
	unlink(path);
	free(text);
	return study;
}

static json_t *judge_pairs(double tonight, double spread, const json_t *previous)
{
	sources.again_times = time_again(tonight, spread);
	judge(previous);
	study_free(sources.again_times);
	sources.again_times = NULL;
	return j.document.root;
}

/* The reference takes 1000 ns, tonight's 2 % more, since the 31st night 5 %. */
static void add_step(void)
{
	begin("ns");
	for (int i = 0; i < 36; i++)
		add_time(1000, i < 30 ? 1020 : 1050);
}

static void test_times(void **state)
{
	json_t *previous;

	(void)state;
	add_step();
	judge(NULL);
	assert_string_equal(text_at("changes", "since"), points[30].date);
	expect_only("", "suspected", true);
	/* Measured once more it is 5 % more than the reference: 3 % more than before. */
	judge_pairs(1050, 1e-4, NULL);
	assert_non_null(strstr(text_at("alerts", "text"), "; once more +2.9"));
	previous = expect("regression", "confirmed", false);
	add_time(1000, 1050);
	judge(previous);
	expect_only("", "confirmed", false);
	json_decref(previous);
	/* Too wide to tell: the next night looks again. */
	judge_pairs(1050, 0.05, NULL);
	previous = expect("", "suspected", false);
	judge(previous);
	expect_only("", "suspected", true);
	json_decref(previous);
	/* 2 % more than the reference is what it always was; that is not asked again. */
	judge_pairs(1020, 1e-4, NULL);
	previous = expect("", "refuted", false);
	judge(previous);
	expect_only("", "refuted", false);
	json_decref(previous);
}

static void slow_down(struct study *study, enum study_arm arm, size_t pair)
{
	struct boot *boot = &study->metrics[0].boots[arm][pair];

	for (size_t i = 0; i < boot->nr; i++)
		boot->rounds[i] *= 1.5;
}

/* One boot that is far off counts, and everything that rests on it says so. */
static void test_flagged(void **state)
{
	struct study *study = time_again(1005, 1e-4);
	struct verdicts verdicts;
	json_t *reasons;

	(void)state;
	add_step();
	sources.again_times = time_again(1025, 1e-4);
	slow_down(sources.again_times, STUDY_AFTER, 4);
	slow_down(study, STUDY_AFTER, 4);
	assert_int_equal(study_judge(study, &verdicts), 0);
	sources.times = &verdicts;
	judge(NULL);
	assert_non_null(strstr(text_at("alerts", "text"), ", rests on pair 5, an outlier: EQUIVALENT without it"));
	assert_string_equal(text_at("rows", "verdict"), "REGRESSED");
	assert_string_equal(text_at("rows", "flagged"), "rests on pair 5, an outlier: EQUIVALENT without it");
	expect_only("regression", "confirmed", false);
	verdicts_free(&verdicts);
	slow_down(study, STUDY_AA_AFTER, 6);
	assert_int_equal(study_judge(study, &verdicts), 0);
	reasons = night_gate(&verdicts);
	assert_non_null(strstr(json_string_value(json_array_get(reasons, 0)), "rests on pair 7, an outlier: EQUIVALENT without it"));
	json_decref(reasons);
	verdicts_free(&verdicts);
	study_free(study);
	study_free(sources.again_times);
}

/* A change that was told some nights too early is not told again where it really is. */
static void test_told_early(void **state)
{
	struct change_found found = {&series, "tonight", "", 0.02, 0.05, ""};
	json_t *previous;

	(void)state;
	add_step();
	found.since = points[24].date;
	sources.filter.night = points[34].date;
	assert_int_equal(document_begin(&j.document, &sources.filter, NULL, NULL), 0);
	change_add(&j.document, &found, points[34].date, "confirmed");
	previous = j.document.root;
	judge(previous);
	expect_only("", "confirmed", false);
	json_decref(previous);
}

/* When the reference steps as well, it is the host that changed, and no verdict on tonight's. */
static void test_times_host(void **state)
{
	(void)state;
	add_step();
	for (int i = 30; i < 36; i++)
		points[i].reference.mean *= 1.2;
	for (int i = 30; i < 36; i++)
		points[i].tonight.mean *= 1.2;
	for (int i = 0; i < 36; i++)
		points[i].reference.mean *= 1 + (i * 5 % 7) * 1e-4;
	judge(NULL);
	assert_int_equal(json_array_size(j.document.alerts), 2);
	assert_int_equal(json_array_size(j.document.changes), 2);
	for (size_t i = 0; i < 2; i++)
		assert_string_equal(field_text(json_array_get(j.document.alerts, i), "kind"),
				    "host-change");
	json_decref(j.document.root);
}

/* What was refuted is no change at which the search could begin. */
static void test_same_change(void **state)
{
	struct change_found found = {&series, "tonight", "2026-01-10", 1, 2, ""};

	(void)state;
	begin("ns");
	add_time(1000, 1000);
	judge(NULL);
	change_add(&j.document, &found, "2026-01-14", "confirmed");
	found.since = "2026-01-20";
	change_add(&j.document, &found, "2026-01-24", "refuted");
	assert_string_equal(field_text(change_last(&j.document, &series, "tonight"), "since"),
			    "2026-01-10");
	assert_null(change_last(&j.document, &series, "reference"));
	/* Nor is what goes the other way, or began long after, the same change. */
	assert_non_null(change_find(&j.document, &found, 0));
	found.since = "2026-01-25";
	assert_non_null(change_find(&j.document, &found, 5));
	assert_null(change_find(&j.document, &found, 4));
	found.after = 0;
	assert_null(change_find(&j.document, &found, 5));
	json_decref(j.document.root);
}

/* What cannot be a change is dropped, what is only suspected is looked for again. */
static void test_failed(void **state)
{
	const struct history_filter filter = {.night = "2026-02-01"};
	const json_t *changes;
	json_t *document,
		*previous = json_loads(
			"{\"changes\": [1, {\"case\": 1}, {\"case\": \"a\", \"unit\": \"ns\", "
			"\"of\": \"tonight\", "
			"\"since\": \"2026-01-01\", \"state\": \"suspected\"}, {\"case\": \"b\", "
			"\"unit\": \"ns\", \"of\": "
			"\"tonight\", \"since\": \"2026-01-01\", \"state\": \"confirmed\"}]}",
			0, NULL);
	char *text;
	size_t size;
	FILE *out;

	(void)state;
	assert_non_null(previous);
	document = night_failed(&filter, previous, NULL, "disk", "<a> & \"b\"\x01|\xff");
	changes = json_object_get(document, "changes");
	assert_int_equal(json_array_size(changes), 1);
	assert_string_equal(field_text(json_array_get(changes, 0), "case"), "b");
	assert_int_equal(field_number(document, "exit"), 2);
	out = open_memstream(&text, &size);
	render_junit(document, out);
	render_markdown(document, out);
	fclose(out);
	assert_non_null(strstr(
		text, "<error type=\"disk\" message=\"&lt;a&gt; &amp; &quot;b&quot; |?\"/>"));
	assert_non_null(strstr(text, "tests=\"1\" failures=\"0\" errors=\"1\""));
	assert_non_null(strstr(text, "# Night of 2026-02-01: environment"));
	free(text);
	json_decref(document);
	json_decref(previous);
}

static void test_dates(void **state)
{
	char date[NIGHT_DATE];

	(void)state;
	assert_int_equal(night_days("2028-02-28", "2028-03-01"), 2);
	assert_int_equal(night_days("2026-03-30", "2026-03-28"), -2);
	night_after("2026-12-31", 1, date);
	assert_string_equal(date, "2027-01-01");
	night_after("2026-03-01", -1, date);
	assert_string_equal(date, "2026-02-28");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_counts),	     cmocka_unit_test(test_host),
		cmocka_unit_test(test_counts_again), cmocka_unit_test(test_times),
		cmocka_unit_test(test_times_host),   cmocka_unit_test(test_failed),
		cmocka_unit_test(test_dates),	     cmocka_unit_test(test_same_change),
		cmocka_unit_test(test_flagged),
		cmocka_unit_test(test_told_early),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
