// SPDX-License-Identifier: GPL-2.0-only
/* What summary and diff print of a trace with a bit of everything, word by word. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "tests/unit/golden.h"
#include "tests/unit/trace_records.h"
#include "tracepoints/diff_print.h"
#include "tracepoints/print.h"

#define GOLDEN "tests/data/trace/print/"

static void put_calls(struct trace_bytes *t, uint64_t tsc)
{
	open_window(t, 1);
	PUT(t, tsc, claim_install, .domid = 7, .kind = HEAP_KIND_SET, .entries = 2, .cycles = 4000);
	PUT(t, tsc + 1, claim_entry, .domid = 7, .node = 1, .pages = 512);
	PUT(t, tsc + 2, domctl_retry, .domid = 7, .op = 91);
	PUT(t, tsc + 10, populate_physmap, .domid = 7, .order = 9, .asked = 3, .done = 2,
	    .cycles = 9000);
	PUT(t, tsc + 11, scrub_run, .node = 1, .pages = 256, .cycles = 800);
	PUT(t, tsc + 20000, populate_physmap, .domid = 7, .order = 9, .asked = 1, .done = 1,
	    .cycles = 5000);
	PUT(t, tsc + 20001, domain_teardown, .domid = 7, .error = 85, .pages = 900, .cycles = 700);
	PUT(t, tsc + 30000, domain_teardown, .domid = 7, .pages = 124, .cycles = 90);
	put_record(t, 0x0010f004, tsc + 30001, 1, 9);
}

/* Two CPUs that meet at heap_lock; the second allocation is passed from node to node. */
static struct summary *sample(uint32_t hold, unsigned int by)
{
	static struct trace_bytes t;
	struct trace_reader *r = NULL;
	struct summary *s = NULL;

	memset(&t, 0, sizeof(t));
	open_window(&t, 0);
	PUT(&t, 100000, heap_section, .domid = 7, .site = HEAP_SITE_ALLOC, .order = 9, .wait = 20,
	    .hold = 8000 + hold, .from_node = 300, .from_host = 212,
	    .host_cover = HEAP_COVER_CLAIMS, .node_cover = HEAP_COVER_CLAIMS);
	PUT(&t, 100100, page_alloc_section, .domid = 7, .site = HEAP_OWNER_ASSIGN, .order = 9,
	    .wait = 10, .hold = 90);
	open_window(&t, 1);
	PUT(&t, 100500, heap_section, .domid = 8, .site = HEAP_SITE_FREE, .node = 1, .wait = 3000,
	    .hold = 480);
	open_window(&t, 0);
	PUT(&t, 110000, heap_section, .domid = 7, .site = HEAP_SITE_ALLOC, .node = 1, .wait = 20,
	    .hold = hold, .refused_claims = 1, .refused_empty = 4);
	PUT(&t, 120000, heap_section, .domid = 9, .site = HEAP_SITE_ALLOC, .order = 9,
	    .node = HEAP_NODE_NONE, .hold = 400, .host_cover = HEAP_COVER_REFUSED);
	put_calls(&t, 200000);
	assert_int_equal(trace_open_memory(t.words, bytes_of(&t), &r), 0);
	assert_int_equal(summary_read(r, by, &s), 0);
	trace_close(r);
	return s;
}

static void summary_as_text(void **state)
{
	struct print_options options = {PRINT_SHORT, 5};
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	struct summary *s = sample(1000, SUMMARY_BY);

	(void)state;
	print_summary(out, "sample.xen", s, &options);
	fclose(out);
	summary_free(s);
	expect_golden(GOLDEN "summary.txt", text);
}

static void summary_in_full(void **state)
{
	struct print_options options = {~0u, 1};
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	struct summary *s = sample(1000, SECTION_BY_SITE | SECTION_BY_ORDER | SECTION_BY_NODE |
						 SECTION_BY_CLAIM);

	(void)state;
	print_summary(out, "sample.xen", s, &options);
	fclose(out);
	summary_free(s);
	expect_golden(GOLDEN "summary-all.txt", text);
}

static void summary_as_json(void **state)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	struct summary *s = sample(1000, SUMMARY_BY);

	(void)state;
	assert_int_equal(print_summary_json(out, "sample.xen", s), 0);
	fclose(out);
	summary_free(s);
	expect_golden(GOLDEN "summary.json", text);
}

static char *diff_text(bool exact, bool json)
{
	static const char *const before[] = {"before.xen"}, *const after[] = {"after.xen"};
	struct summary *b = sample(1000, SUMMARY_BY), *a = sample(1019, SUMMARY_BY);
	struct diff_side sides[2] = {{.nr = 1, .paths = before, .summaries = &b},
				     {.nr = 1, .paths = after, .summaries = &a}};
	const struct diff_options options = {.exact = exact, .delta = PAIRED_DELTA};
	struct fingerprint_fields fields = {0};
	struct diff d;
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_int_equal(diff_traces(&sides[0], &sides[1], &options, &d), 0);
	if (json)
		assert_int_equal(print_diff_json(out, &d, &fields), 0);
	else
		print_diff(out, &d, &fields);
	fclose(out);
	diff_free(&d);
	summary_free(b);
	summary_free(a);
	return text;
}

static void diff_of_exact_traces(void **state)
{
	(void)state;
	expect_golden(GOLDEN "diff-exact.txt", diff_text(true, false));
}

static void diff_of_noisy_traces(void **state)
{
	(void)state;
	expect_golden(GOLDEN "diff-noisy.txt", diff_text(false, false));
}

static void diff_as_json(void **state)
{
	(void)state;
	expect_golden(GOLDEN "diff-exact.json", diff_text(true, true));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(summary_as_text),	cmocka_unit_test(summary_in_full),
		cmocka_unit_test(summary_as_json),	cmocka_unit_test(diff_of_exact_traces),
		cmocka_unit_test(diff_of_noisy_traces), cmocka_unit_test(diff_as_json),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
