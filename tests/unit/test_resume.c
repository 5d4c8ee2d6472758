// SPDX-License-Identifier: GPL-2.0-only
/* The journal of a run that may be killed, and the time that is left. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "bench/journal.h"
#include "bench/progress.h"
#include "tests/unit/temp_file.h"

static json_t *run_of(int samples)
{
	return json_pack("{s:i}", "samples", samples);
}

/* Its text, from a journal of two cases, one of them watched. */
static size_t make_text(char *text, size_t size)
{
	char path[] = TEMP_FILE_TEMPLATE;
	json_t *run = run_of(24), *entry = json_pack("{s:s, s:f}", "name", "b", "value", 1.0 / 3);
	struct journal *j;
	size_t length;
	FILE *f;

	write_temp_file(path, "");
	assert_int_equal(journal_open(&j, path, run), 0);
	assert_null(journal_find(j, "b"));
	assert_int_equal(journal_add_case(j, "a", run), 0);
	assert_int_equal(journal_add_case(j, "b", entry), 0);
	assert_int_equal(journal_add_watched(j, "b"), 0);
	journal_close(j);
	f = fopen(path, "r");
	length = fread(text, 1, size - 1, f);
	fclose(f);
	text[length] = '\0';
	unlink(path);
	json_decref(entry);
	json_decref(run);
	return length;
}

/* What a journal of that text knows: 1 for case a, 2 for case b, 4 that b was watched; or -errno. */
static int known(const char *text, int samples)
{
	char path[] = TEMP_FILE_TEMPLATE;
	json_t *run = run_of(samples);
	struct journal *j;
	int rc;

	write_temp_file(path, text);
	rc = journal_open(&j, path, run);
	if (!rc) {
		rc = (journal_find(j, "a") ? 1 : 0) | (journal_find(j, "b") ? 2 : 0) |
		     (journal_has_watched(j, "b") ? 4 : 0);
		assert_false(journal_has_watched(j, "a"));
		journal_close(j);
	}
	unlink(path);
	json_decref(run);
	return rc;
}

/* Wherever the file ends, whole lines count, and what is added then is found. */
static void test_cut_short(void **state)
{
	static const int by_lines[] = {0, 0, 1, 3, 7};
	char text[1000], cut[1000];
	size_t length = make_text(text, sizeof(text)), lines = 0;

	(void)state;
	assert_int_equal(known(text, 24), 7);
	for (size_t i = 0; i <= length; i++) {
		lines += i && text[i - 1] == '\n';
		snprintf(cut, sizeof(cut), "%.*s", (int)i, text);
		assert_int_equal(known(cut, 24), by_lines[lines]);
	}
	assert_int_equal(lines, 4);
}

static void test_add_after_cut(void **state)
{
	char text[1000], path[] = TEMP_FILE_TEMPLATE;
	json_t *run = run_of(24);
	struct journal *j;

	(void)state;
	text[make_text(text, sizeof(text)) - 5] = '\0';
	write_temp_file(path, text);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(journal_open(&j, path, run), 0);
		assert_int_equal(journal_has_watched(j, "b"), i);
		assert_true(json_real_value(json_object_get(journal_find(j, "b"), "value")) == 1.0 / 3);
		assert_int_equal(journal_add_watched(j, "b"), 0);
		journal_close(j);
	}
	unlink(path);
	json_decref(run);
}

static void test_no_journal(void **state)
{
	char text[1000], *line;

	(void)state;
	make_text(text, sizeof(text));
	assert_int_equal(known(text, 25), -EINVAL); /* another run's */
	assert_int_equal(known("results of mine\n", 24), -EINVAL);
	line = strchr(text, '\n') + 2;
	*line = ' ';
	assert_int_equal(known(text, 24), -EINVAL);
}

static void check_time(double seconds, const char *wanted)
{
	char text[24];

	progress_format(seconds, text);
	assert_string_equal(text, wanted);
}

static void test_format(void **state)
{
	(void)state;
	check_time(-1, "?");
	check_time(0, "0:00");
	check_time(59.6, "1:00");
	check_time(3599, "59:59");
	check_time(36065, "10:01:05");
}

static void test_estimate(void **state)
{
	(void)state;
	assert_true(progress_estimate(10, 0, 5, 2) == -1);
	assert_true(progress_estimate(10, 5, 20, 0) == 40);
	/* Half of four cases at work: 8 in 16 s, 10 to go. */
	assert_true(progress_estimate(16, 6, 12, 2) == 20);
	assert_true(progress_estimate(10, 5, 1, 2) == 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cut_short), cmocka_unit_test(test_add_after_cut),
		cmocka_unit_test(test_no_journal), cmocka_unit_test(test_format),
		cmocka_unit_test(test_estimate),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
