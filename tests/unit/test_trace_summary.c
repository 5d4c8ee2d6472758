// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "tests/unit/trace_records.h"
#include "tracepoints/summary.h"

static struct summary *summarise_by(const struct trace_bytes *t, unsigned int by)
{
	struct trace_reader *r = NULL;
	struct summary *s = NULL;

	assert_int_equal(trace_open_memory(t->words, bytes_of(t), &r), 0);
	assert_int_equal(summary_read(r, by, &s), 0);
	trace_close(r);
	return s;
}

static struct summary *summarise(const struct trace_bytes *t)
{
	return summarise_by(t, SUMMARY_BY);
}

static bool has_label(const struct metric *m, const char *text, uint64_t number)
{
	unsigned int i;

	for (i = 0; i < METRIC_LABELS; i++)
		if (m->labels[i].key &&
		    (text ? m->labels[i].text && !strcmp(m->labels[i].text, text)
			  : !m->labels[i].text && m->labels[i].number == number))
			return true;
	return false;
}

/* The metric with these labels; text may be NULL, number may be -1. NULL when there is none. */
static const struct metric *find(const struct summary *s, const char *name, const char *text,
				 int64_t number)
{
	unsigned int i;

	for (i = 0; i < s->metrics.nr; i++)
		if (!strcmp(s->metrics.metrics[i].name, name) &&
		    (!text || has_label(&s->metrics.metrics[i], text, 0)) &&
		    (number < 0 || has_label(&s->metrics.metrics[i], NULL, (uint64_t)number)))
			return &s->metrics.metrics[i];
	return NULL;
}

static const struct hist *metric(const struct summary *s, const char *name, const char *text,
				 int64_t number)
{
	const struct metric *m = find(s, name, text, number);

	if (!m)
		fail_msg("no metric %s %s", name, text ? text : "");
	return m->hist;
}

static void sums_up_every_event(void **state)
{
	struct trace_bytes t;
	struct summary *s;

	(void)state;
	memset(&t, 0, sizeof(t));
	open_window(&t, 0);
	PUT(&t, 8000, heap_section, .domid = 5, .site = HEAP_SITE_ALLOC, .order = 9, .wait = 30,
	    .hold = 7000);
	PUT(&t, 16000, heap_section, .domid = 5, .site = HEAP_SITE_ALLOC, .order = 9, .node = 1,
	    .wait = 31, .hold = 7001, .from_node = 100, .from_host = 300, .from_other = 112,
	    .host_cover = HEAP_COVER_CLAIMS, .node_cover = HEAP_COVER_CLAIMS, .refused_claims = 5,
	    .refused_empty = 8);
	PUT(&t, 17000, heap_section, .domid = 5, .site = HEAP_SITE_ALLOC, .order = 9,
	    .node = HEAP_NODE_NONE, .wait = 32, .hold = 100, .host_cover = HEAP_COVER_REFUSED);
	PUT(&t, 17010, page_alloc_section, .domid = 5, .site = HEAP_OWNER_ASSIGN, .order = 9,
	    .wait = 3, .hold = 4);
	PUT(&t, 17020, claim_install, .domid = 5, .kind = HEAP_KIND_SET, .entries = 4,
	    .error = ENOMEM, .cycles = 900);
	PUT(&t, 17021, claim_entry, .domid = 5, .pages = 7);
	PUT(&t, 17022, claim_release, .domid = 5, .pages = 7);
	PUT(&t, 17023, node_state, .free = 5);
	PUT(&t, 17030, populate_physmap, .domid = 5, .order = 9, .asked = 10, .done = 4,
	    .cycles = 8000);
	PUT(&t, 17031, domctl_retry, .domid = 5, .op = 91);
	PUT(&t, 17032, scrub_run, .node = 3, .pages = 256, .cycles = 12);
	PUT(&t, 17100, domain_teardown, .domid = 5, .error = 85, .pages = 600, .cycles = 60);
	PUT(&t, 17200, domain_teardown, .domid = 5, .pages = 300, .cycles = 30);
	put_record(&t, 0x0002f001, 0, 1, 1);
	s = summarise(&t);
	assert_int_equal(s->records, 14);
	assert_int_equal(s->ours, 13);
	assert_int_equal(s->cpus, 1);
	assert_int_equal(s->lost, 0);
	assert_int_equal(s->anomalies.count, 0);
	assert_int_equal(s->last_tsc - s->first_tsc, 9200);
	assert_int_equal(summary_window(s), 9200 + 7030);
	assert_int_equal(metric(s, "hold", "alloc", 9)->count, 2);
	assert_int_equal(metric(s, "hold", "alloc", 9)->max, 7001);
	assert_int_equal(find(s, "hold", "alloc", 9)->pages, 1024);
	assert_int_equal(metric(s, "wait", "alloc", 9)->sum, 61);
	assert_int_equal(metric(s, "hold", "alloc_failed", 9)->max, 100);
	assert_int_equal(metric(s, "page_alloc_hold", "assign", 9)->sum, 4);
	assert_int_equal(metric(s, "page_alloc_wait", "assign", 9)->sum, 3);
	assert_int_equal(metric(s, "check", "host", -1)->count, 1);
	assert_int_equal(metric(s, "check", "claims", -1)->sum, 512);
	/* By the host once, by two nodes. */
	assert_int_equal(metric(s, "check", "refused", -1)->count, 1);
	assert_int_equal(find(s, "check", "refused", -1)[3].hist->count, 2);
	assert_int_equal(metric(s, "redeem", "node", -1)->sum, 100);
	assert_int_equal(metric(s, "redeem", "host", -1)->sum, 300);
	assert_int_equal(metric(s, "redeem", "other", -1)->sum, 112);
	assert_int_equal(metric(s, "install", "ENOMEM", 4)->sum, 900);
	assert_int_equal(metric(s, "populate", NULL, 9)->sum, 8000);
	assert_int_equal(metric(s, "populate_extents", NULL, 9)->sum, 4);
	assert_int_equal(metric(s, "domctl_retry", NULL, 91)->count, 1);
	assert_int_equal(metric(s, "scrub", NULL, 3)->sum, 12);
	assert_int_equal(metric(s, "scrub_pages", NULL, 3)->sum, 256);
	assert_int_equal(metric(s, "teardown", "ERESTART", -1)->sum, 60);
	assert_int_equal(metric(s, "teardown_pages", "0", -1)->sum, 300);
	/* The call that populates was cut off by the domain's end. */
	assert_int_equal(metric(s, "span", "populate", 9)->max, 8000);
	assert_non_null(find(s, "span", "short", 9));
	assert_int_equal(metric(s, "span", "teardown", -1)->max, 160);
	assert_int_equal(metric(s, "span_runs", "teardown", -1)->max, 2);
	summary_free(s);
}

static void tells_nodes_passed_over(void **state)
{
	const struct section_fallback *f;
	struct trace_bytes t;
	struct summary *s;

	(void)state;
	memset(&t, 0, sizeof(t));
	open_window(&t, 0);
	PUT(&t, 100, heap_section, .site = HEAP_SITE_ALLOC, .node = 2, .refused_claims = 1,
	    .refused_empty = 2);
	PUT(&t, 200, heap_section, .site = HEAP_SITE_ALLOC, .node = HEAP_NODE_NONE,
	    .refused_claims = 1, .refused_empty = 1u << 31);
	PUT(&t, 300, heap_section, .site = HEAP_SITE_ALLOC, .node = 1, .hold = 1);
	PUT(&t, 400, heap_section, .site = HEAP_SITE_FREE, .node = 1, .refused_claims = 1);
	s = summarise(&t);
	f = &s->sections->fallback;
	assert_int_equal(f->count, 2);
	assert_int_equal(f->failed, 1);
	assert_int_equal(f->visited[2], 2);
	assert_int_equal(f->refused_claims[0], 2);
	assert_int_equal(f->refused_empty[1], 1);
	assert_int_equal(f->refused_empty[31], 1);
	assert_int_equal(f->served[2], 1);
	summary_free(s);
}

static void put_group_trace(struct trace_bytes *t)
{
	memset(t, 0, sizeof(*t));
	open_window(t, 0);
	PUT(t, 100, heap_section, .site = HEAP_SITE_ALLOC, .node = 0, .hold = 1);
	PUT(t, 200, heap_section, .site = HEAP_SITE_ALLOC, .node = 1, .hold = 2, .from_node = 1);
	PUT(t, 300, heap_section, .site = HEAP_SITE_ALLOC, .node = 1, .hold = 3, .from_other = 1);
	PUT(t, 400, heap_section, .site = HEAP_SITE_ALLOC, .order = 1, .node = 1, .hold = 4,
	    .from_node = 1, .from_host = 1);
	PUT(t, 500, heap_section, .site = HEAP_SITE_ALLOC, .order = 1, .node = 1, .hold = 5,
	    .from_host = 1, .from_other = 1);
	PUT(t, 600, heap_section, .site = HEAP_SITE_FREE, .node = 1, .hold = 6);
}

static void groups_as_asked(void **state)
{
	struct trace_bytes t;
	struct summary *s;

	(void)state;
	put_group_trace(&t);
	s = summarise_by(&t, 0);
	assert_int_equal(metric(s, "hold", NULL, -1)->sum, 21);
	summary_free(s);
	s = summarise_by(&t, SECTION_BY_NODE);
	assert_int_equal(metric(s, "hold", NULL, 0)->sum, 1);
	assert_int_equal(metric(s, "hold", NULL, 1)->sum, 20);
	summary_free(s);
	s = summarise_by(&t, SECTION_BY_CLAIM);
	assert_int_equal(metric(s, "hold", "none", -1)->sum, 7);
	assert_int_equal(metric(s, "hold", "node", -1)->sum, 2);
	assert_int_equal(metric(s, "hold", "other", -1)->sum, 3);
	assert_int_equal(metric(s, "hold", "mixed", -1)->sum, 9);
	summary_free(s);
	s = summarise_by(&t, SECTION_BY_SITE | SECTION_BY_ORDER | SECTION_BY_NODE | SECTION_BY_CLAIM);
	assert_int_equal(metric(s, "hold", "mixed", 1)->sum, 9);
	assert_int_equal(metric(s, "hold", "free", 1)->sum, 6);
	assert_int_equal(metric(s, "hold", "alloc", 0)->sum, 1);
	summary_free(s);
}

static void sums_up_what_is_selected(void **state)
{
	struct trace_reader *r = NULL;
	struct summary *s = NULL;
	struct select only;
	struct trace_bytes t;
	char error[1000];

	(void)state;
	put_group_trace(&t);
	assert_int_equal(select_parse("redeem", &only, error, sizeof(error)), 0);
	assert_int_equal(trace_open_memory(t.words, bytes_of(&t), &r), 0);
	assert_int_equal(summary_read_some(r, 0, &only, &s), 0);
	assert_int_equal(s->records, 4);
	assert_int_equal(s->ours, 4);
	assert_int_equal(metric(s, "hold", NULL, -1)->sum, 14);
	summary_free(s);
	trace_close(r);
}

static void keeps_the_longest(void **state)
{
	const struct section_longest *longest;
	struct trace_bytes t;
	struct summary *s;
	uint32_t i;

	(void)state;
	memset(&t, 0, sizeof(t));
	open_window(&t, 3);
	for (i = 0; i < 100; i++)
		PUT(&t, 1000 * (i + 1), heap_section, .order = 1, .hold = 1 + (i * 37) % 101);
	s = summarise(&t);
	longest = &s->sections->longest[SECTION_HEAP];
	assert_int_equal(longest->nr, SECTION_LONGEST);
	for (i = 1; i < longest->nr; i++)
		assert_true(longest->records[i - 1].hold > longest->records[i].hold);
	assert_int_equal(longest->records[0].hold, 101);
	/* i = 30, of 24 bytes each. */
	assert_int_equal(longest->records[0].offset, 12 + 24 * 30);
	assert_int_equal(longest->records[0].cpu, 3);
	assert_int_equal(longest->records[SECTION_LONGEST - 1].hold, 70);
	summary_free(s);
}

static void counts_losses(void **state)
{
	struct trace_bytes t;
	struct summary *s;

	(void)state;
	memset(&t, 0, sizeof(t));
	open_window(&t, 2);
	put_record(&t, TRACE_EVENT_LOST, 70, 4, 42, 0, 60, 0);
	put_record(&t, TRACE_EVENT_LOST, 80, 4, 1, 0, 75, 0);
	s = summarise(&t);
	assert_int_equal(s->lost, 43);
	assert_int_equal(s->losses.count, 2);
	assert_int_equal(s->losses.notes[1].offset, 12 + 28);
	assert_int_equal(s->losses.notes[1].cpu, 2);
	assert_int_equal(s->records, 0);
	assert_int_equal(s->anomalies.count, 0);
	summary_free(s);
}

/* What crosses a loss is known to have lasted so long, no more. */
static void censors_what_crosses_a_loss(void **state)
{
	struct trace_bytes t;
	struct summary *s;

	(void)state;
	memset(&t, 0, sizeof(t));
	open_window(&t, 0);
	PUT(&t, 1000, populate_physmap, .domid = 5, .asked = 10, .done = 4, .cycles = 500);
	put_record(&t, TRACE_EVENT_LOST, 2000, 4, 9, 0, 1500, 0);
	PUT(&t, 3000, populate_physmap, .domid = 5, .asked = 6, .done = 6, .cycles = 500);
	s = summarise(&t);
	assert_int_equal(metric(s, "span", "censored", 0)->max, 500);
	assert_int_equal(metric(s, "span", "complete", 0)->max, 500);
	assert_int_equal(metric(s, "span_runs", "complete", 0)->max, 1);
	summary_free(s);
}

/* Each of these is an anomaly, and in no metric. */
static void refuses_impossible_words(void **state)
{
	struct trace_bytes t;
	struct summary *s;

	(void)state;
	memset(&t, 0, sizeof(t));
	open_window(&t, 0);
	put_record(&t, TRC_claim_entry, 1, 3, 0, 0, 0);
	PUT(&t, 1, heap_section, .site = 30, .hold = 1);
	PUT(&t, 1, heap_section, .site = SECTION_ALLOC_FAILED, .hold = 1);
	PUT(&t, 1, heap_section, .order = SECTION_ORDER_MAX + 1, .hold = 1);
	PUT(&t, 1, heap_section, .host_cover = 3);
	PUT(&t, 1, heap_section, .node_cover = 3);
	PUT(&t, 1, page_alloc_section, .site = 6);
	PUT(&t, 1, page_alloc_section, .order = 200);
	PUT(&t, 1, claim_install, .kind = 2, .entries = 1);
	PUT(&t, 1, claim_install, .kind = 1, .entries = 1, .error = 4000);
	PUT(&t, 1, populate_physmap, .order = 64, .asked = 1, .done = 1);
	PUT(&t, 1, populate_physmap, .asked = 1, .done = 2);
	PUT(&t, 1, domain_teardown, .error = 4000);
	PUT(&t, 1, scrub_run, .node = 127);
	s = summarise(&t);
	assert_int_equal(s->anomalies.count, 14);
	for (unsigned int i = 0; i < s->metrics.nr; i++)
		assert_true(s->metrics.metrics[i].id >= METRIC_SPAN);
	assert_int_equal(s->anomalies.notes[1].offset, 12 + 24);
	assert_string_equal(s->anomalies.notes[1].what,
			    "heap_section: site, order or cover that cannot be: not counted");
	summary_free(s);
}

static void marks_saturated_cycles(void **state)
{
	struct trace_bytes t;
	struct summary *s;

	(void)state;
	memset(&t, 0, sizeof(t));
	open_window(&t, 0);
	PUT(&t, 1ull << 33, heap_section, .hold = UINT32_MAX);
	PUT(&t, 1ull << 33, claim_install, .cycles = UINT32_MAX);
	s = summarise(&t);
	assert_int_equal(s->sections->saturated, 1);
	assert_int_equal(s->anomalies.count, 1);
	assert_int_equal(metric(s, "hold", "alloc", 0)->max, UINT32_MAX);
	assert_int_equal(metric(s, "install", "legacy", 0)->max, UINT32_MAX);
	summary_free(s);
}

/* More different sections than there is room for: the rest is told, not kept. */
static void bounds_memory_of_hostile_files(void **state)
{
	static struct trace_bytes t;
	struct summary *s;
	uint32_t i;

	(void)state;
	memset(&t, 0, sizeof(t));
	open_window(&t, 0);
	for (i = 0; i < SECTION_CELLS_MAX + 10; i++) {
		put_word(&t, TRC_heap_section | 1u << 28);
		put_word(&t, (i / 128 % 9) << 15 | (i % 128) << 25);
	}
	for (i = 0; i < 400; i++) {
		put_word(&t, TRC_claim_install | 2u << 28);
		put_word(&t, HEAP_KIND_SET << 16 | i << 20);
		put_word(&t, i % 130);
	}
	close_window(&t);
	s = summarise(&t);
	assert_int_equal(s->sections->nr_cells, SECTION_CELLS_MAX);
	assert_true(s->anomalies.count >= 10);
	assert_true(s->metrics.nr <= METRICS_MAX);
	summary_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sums_up_every_event),
		cmocka_unit_test(tells_nodes_passed_over),
		cmocka_unit_test(groups_as_asked),
		cmocka_unit_test(sums_up_what_is_selected),
		cmocka_unit_test(keeps_the_longest),
		cmocka_unit_test(counts_losses),
		cmocka_unit_test(censors_what_crosses_a_loss),
		cmocka_unit_test(refuses_impossible_words),
		cmocka_unit_test(marks_saturated_cycles),
		cmocka_unit_test(bounds_memory_of_hostile_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
