// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "tests/unit/trace_bytes.h"
#include "tracepoints/catalog.h"
#include "tracepoints/summary.h"

static struct summary *summarise(const struct trace_bytes *t)
{
	struct trace_reader *r = NULL;
	struct summary *s = NULL;

	assert_int_equal(trace_open_memory(t->words, bytes_of(t), &r), 0);
	assert_int_equal(summary_read(r, &s), 0);
	trace_close(r);
	return s;
}

static bool has_label(const struct summary_metric *m, const char *text, uint64_t number)
{
	unsigned int i;

	for (i = 0; i < SUMMARY_LABELS; i++)
		if (m->labels[i].key &&
		    (text ? m->labels[i].text && !strcmp(m->labels[i].text, text)
			  : !m->labels[i].text && m->labels[i].number == number))
			return true;
	return false;
}

/* The metric with these labels; text may be NULL, number may be -1. */
static const struct hist *metric(const struct summary *s, const char *name, const char *text,
				 int64_t number)
{
	unsigned int i;

	for (i = 0; i < s->nr_metrics; i++)
		if (!strcmp(s->metrics[i].name, name) &&
		    (!text || has_label(&s->metrics[i], text, 0)) &&
		    (number < 0 || has_label(&s->metrics[i], NULL, (uint64_t)number)))
			return s->metrics[i].hist;
	fail_msg("no metric %s %s", name, text ? text : "");
	return NULL;
}

static void sums_up_every_event(void **state)
{
	struct trace_bytes t;
	struct summary *s;

	(void)state;
	memset(&t, 0, sizeof(t));
	open_window(&t, 0);
	put_record(&t, TRC_heap_section, 10, 6, 5, HEAP_SITE_ALLOC, 9, 0, 30, 7000);
	put_record(&t, TRC_heap_section, 11, 6, 5, HEAP_SITE_ALLOC, 9, 1, 31, 7001);
	put_record(&t, TRC_heap_section, 12, 6, 5, HEAP_SITE_ALLOC, 9, NODE_NONE, 32, 100);
	put_record(&t, TRC_claim_check, 13, 6, 5, 9, HEAP_COVER_CLAIMS, 1, 2, 3);
	put_record(&t, TRC_claim_redeem, 14, 6, 5, 0, 512, 100, 300, 112);
	put_record(&t, TRC_claim_install, 15, 5, 5, HEAP_KIND_SET, 4, ENOMEM, 900);
	put_record(&t, TRC_populate_physmap, 16, 5, 5, 9, 10, 4, 80000);
	put_record(&t, 0x0002f001, 0, 1, 1);
	s = summarise(&t);
	assert_int_equal(s->records, 8);
	assert_int_equal(s->ours, 7);
	assert_int_equal(s->cpus, 1);
	assert_int_equal(s->lost, 0);
	assert_int_equal(s->anomalies.count, 0);
	assert_int_equal(s->last_tsc - s->first_tsc, 6);
	assert_int_equal(metric(s, "hold", "alloc", 9)->count, 2);
	assert_int_equal(metric(s, "hold", "alloc", 9)->max, 7001);
	assert_int_equal(metric(s, "wait", "alloc", 9)->sum, 61);
	assert_int_equal(metric(s, "hold", "alloc_failed", 9)->max, 100);
	assert_int_equal(metric(s, "check", "host", -1)->count, 1);
	assert_int_equal(metric(s, "check", "host", -1)->sum, 512);
	assert_int_equal(metric(s, "check", "refused", -1)->count, 3);
	assert_int_equal(metric(s, "redeem", "host", -1)->sum, 300);
	assert_int_equal(metric(s, "redeem", "other", -1)->sum, 112);
	assert_int_equal(metric(s, "install", "ENOMEM", 4)->sum, 900);
	assert_int_equal(metric(s, "populate", NULL, 9)->sum, 80000);
	assert_int_equal(metric(s, "populate_extents", NULL, 9)->sum, 4);
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

/* Each of these is an anomaly, and in no metric. */
static void refuses_impossible_words(void **state)
{
	struct trace_bytes t;
	struct summary *s;

	(void)state;
	memset(&t, 0, sizeof(t));
	open_window(&t, 0);
	put_record(&t, TRC_heap_section, 1, 5, 0, 0, 0, 0, 0);
	put_record(&t, TRC_heap_section, 1, 6, 0, 99, 0, 0, 0, 0);
	put_record(&t, TRC_heap_section, 1, 6, 0, 0, 64, 0, 0, 0);
	put_record(&t, TRC_claim_check, 1, 6, 0, 0, 7, 0, 0, 0);
	put_record(&t, TRC_claim_check, 1, 6, 0, 64, 0, 0, 0, 0);
	put_record(&t, TRC_claim_check, 1, 6, 0, 0, 0, 0, UINT32_MAX, 0);
	put_record(&t, TRC_claim_redeem, 1, 6, 0, 0, 10, 5, 6, 0);
	put_record(&t, TRC_claim_install, 1, 5, 0, 2, 1, 0, 1);
	put_record(&t, TRC_claim_install, 1, 5, 0, 1, 1, 4000, 1);
	put_record(&t, TRC_populate_physmap, 1, 5, 0, 64, 1, 1, 1);
	put_record(&t, TRC_populate_physmap, 1, 5, 0, 0, 1, 2, 1);
	s = summarise(&t);
	assert_int_equal(s->anomalies.count, 11);
	assert_int_equal(s->nr_metrics, 0);
	assert_int_equal(s->anomalies.notes[1].offset, 12 + 32);
	summary_free(s);
}

static void marks_saturated_cycles(void **state)
{
	struct trace_bytes t;
	struct summary *s;

	(void)state;
	memset(&t, 0, sizeof(t));
	open_window(&t, 0);
	put_record(&t, TRC_heap_section, 1, 6, 0, 0, 0, 0, 0, UINT32_MAX);
	s = summarise(&t);
	assert_int_equal(s->anomalies.count, 1);
	assert_int_equal(metric(s, "hold", "alloc", 0)->max, UINT32_MAX);
	summary_free(s);
}

static void bounds_memory_of_hostile_files(void **state)
{
	static struct trace_bytes t;
	struct summary *s;
	uint32_t i;

	(void)state;
	memset(&t, 0, sizeof(t));
	open_window(&t, 0);
	for (i = 0; i < 500; i++)
		put_record(&t, TRC_claim_install, 1, 5, 0, HEAP_KIND_SET, i, i % 130, i);
	s = summarise(&t);
	assert_true(s->anomalies.count <= 500);
	assert_true(s->nr_metrics <= 500);
	summary_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sums_up_every_event),
		cmocka_unit_test(counts_losses),
		cmocka_unit_test(refuses_impossible_words),
		cmocka_unit_test(marks_saturated_cycles),
		cmocka_unit_test(bounds_memory_of_hostile_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
