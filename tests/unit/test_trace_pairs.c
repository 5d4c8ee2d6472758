// SPDX-License-Identifier: GPL-2.0-only
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "tests/unit/trace_records.h"
#include "tracepoints/pairs.h"

#define VMENTRY 0x00081001u
#define VMEXIT64 0x00081102u
#define IDLE_ENTRY 0x00801002u
#define IDLE_EXIT 0x00801003u
#define RUNSTATE(old, new) (0x00021001u | (old) << 8 | (new) << 4)

#define SPANS_MAX 32

static struct pair_span spans[SPANS_MAX];
static unsigned int nr_spans;
static struct trace_bytes t;

static void keep(void *context, const struct pair_span *span)
{
	(void)context;
	assert_true(nr_spans < SPANS_MAX);
	spans[nr_spans++] = *span;
}

static uint64_t pair_up(void)
{
	struct pairing *pairing = pairing_new(UINT32_MAX, keep, NULL);
	struct trace_reader *r = NULL;
	struct trace_item item;
	uint64_t no_room;

	nr_spans = 0;
	assert_int_equal(trace_open_memory(t.words, bytes_of(&t), &r), 0);
	while (trace_next(r, &item) != TRACE_END)
		pairing_add(pairing, &item);
	no_room = pairing_finish(pairing);
	trace_close(r);
	pairing_free(pairing);
	return no_room;
}

static int empty(void **state)
{
	(void)state;
	memset(&t, 0, sizeof(t));
	open_window(&t, 0);
	return 0;
}

static void expect_span(unsigned int i, const char *name, enum pair_outcome outcome, uint64_t begin,
			uint64_t end)
{
	assert_true(i < nr_spans);
	assert_string_equal(spans[i].pair->name, name);
	assert_string_equal(pair_outcome_name(spans[i].outcome), pair_outcome_name(outcome));
	assert_int_equal(spans[i].begin, begin);
	assert_int_equal(spans[i].end, end);
}

/* A field's name that is misspelt would read as nothing. */
static void rows_name_fields_that_exist(void **state)
{
	(void)state;
	for (const struct pair *pair = pairs; pair->name; pair++) {
		const struct pair_field *fields[] = {&pair->domain, &pair->key,	  &pair->cycles,
						     &pair->lead,   &pair->amount, &pair->asked,
						     &pair->again};
		const struct catalog_event *event = catalog_find(pair->end.event);

		for (unsigned int i = 0; i < 7; i++) {
			bool found = false;

			for (unsigned int j = 0; event && fields[i]->name && j < event->nr_fields; j++)
				found |= !strcmp(event->fields[j].name, fields[i]->name);
			assert_int_equal(found, fields[i]->name != NULL);
		}
		assert_int_equal(pair->shape == PAIR_BEGIN_END, pair->begin.event != 0);
		assert_non_null(pair->doc);
	}
}

static void a_section_carries_its_times(void **state)
{
	(void)state;
	PUT(&t, 1000, heap_section, .domid = 7, .wait = 30, .hold = 200);
	PUT(&t, 2000, page_alloc_section, .domid = 8, .hold = 20);
	PUT(&t, 3000, scrub_run, .node = 1, .pages = 5, .cycles = 100);
	pair_up();
	assert_int_equal(nr_spans, 3);
	expect_span(0, "heap_lock", PAIR_COMPLETE, 800, 1000);
	assert_int_equal(spans[0].lead, 30);
	assert_int_equal(spans[0].domain, 7);
	assert_int_equal(spans[0].first_offset, 12);
	expect_span(1, "page_alloc_lock", PAIR_COMPLETE, 1980, 2000);
	expect_span(2, "scrub", PAIR_COMPLETE, 2900, 3000);
	assert_int_equal(spans[2].domain, PAIR_NO_DOMAIN);
	assert_int_equal(spans[2].amount, 5);
}

static void joins_runs_of_a_call(void **state)
{
	(void)state;
	PUT(&t, 1000, populate_physmap, .domid = 7, .order = 9, .asked = 10, .done = 4, .cycles = 100);
	PUT(&t, 1500, populate_physmap, .domid = 7, .order = 0, .asked = 6, .done = 6, .cycles = 10);
	PUT(&t, 2000, populate_physmap, .domid = 8, .order = 9, .asked = 6, .done = 6, .cycles = 20);
	open_window(&t, 3);
	PUT(&t, 3000, populate_physmap, .domid = 7, .order = 9, .asked = 6, .done = 5, .cycles = 30);
	PUT(&t, 4000, populate_physmap, .domid = 7, .order = 9, .asked = 1, .done = 1, .cycles = 40);
	pair_up();
	assert_int_equal(nr_spans, 3);
	expect_span(0, "populate", PAIR_COMPLETE, 1490, 1500);
	expect_span(1, "populate", PAIR_COMPLETE, 1980, 2000);
	expect_span(2, "populate", PAIR_COMPLETE, 900, 4000);
	assert_int_equal(spans[2].runs, 3);
	assert_int_equal(spans[2].cycles, 170);
	assert_int_equal(spans[2].amount, 10);
	assert_int_equal(spans[2].asked, 10);
	assert_int_equal(spans[2].cpu, 3);
	assert_int_equal(spans[2].key, 9);
	assert_int_equal(spans[2].first_offset, 12);
}

/* Out of memory after 4 of 10: another call comes, which is not the rest of it. */
static void a_call_that_stops_is_short(void **state)
{
	(void)state;
	PUT(&t, 1000, populate_physmap, .domid = 7, .asked = 10, .done = 4, .cycles = 100);
	PUT(&t, 2000, populate_physmap, .domid = 7, .asked = 10, .done = 3, .cycles = 100);
	PUT(&t, 3000, domain_teardown, .domid = 8, .cycles = 9);
	PUT(&t, 3000, domain_teardown, .domid = 7, .cycles = 9);
	pair_up();
	assert_int_equal(nr_spans, 4);
	expect_span(0, "populate", PAIR_SHORT, 900, 1000);
	expect_span(1, "teardown", PAIR_COMPLETE, 2991, 3000);
	expect_span(3, "populate", PAIR_SHORT, 1900, 2000);
}

static void a_domain_ends_when_it_no_longer_restarts(void **state)
{
	(void)state;
	PUT(&t, 1000, domain_teardown, .domid = 7, .error = 85, .pages = 5, .cycles = 10);
	PUT(&t, 2000, domain_teardown, .domid = 7, .error = 85, .pages = 6, .cycles = 20);
	PUT(&t, 3000, domain_teardown, .domid = 7, .pages = 7, .cycles = 30);
	pair_up();
	assert_int_equal(nr_spans, 1);
	expect_span(0, "teardown", PAIR_COMPLETE, 990, 3000);
	assert_int_equal(spans[0].runs, 3);
	assert_int_equal(spans[0].amount, 18);
}

static void pairs_two_records_of_a_cpu(void **state)
{
	(void)state;
	put_record(&t, VMENTRY, 10, 0);
	put_record(&t, VMEXIT64, 100, 3, 1, 2, 3);
	open_window(&t, 1);
	put_record(&t, VMENTRY, 120, 0);
	put_record(&t, IDLE_ENTRY, 130, 0);
	put_record(&t, IDLE_EXIT, 139, 0);
	open_window(&t, 0);
	put_record(&t, VMENTRY, 150, 0);
	pair_up();
	assert_int_equal(nr_spans, 2);
	expect_span(0, "idle", PAIR_COMPLETE, 130, 139);
	expect_span(1, "vmexit", PAIR_COMPLETE, 100, 150);
}

/* One record ends a state and begins another, on whatever CPU. */
static void follows_a_virtual_cpu(void **state)
{
	(void)state;
	put_record(&t, RUNSTATE(2u, 1u), 100, 1, 7u << 16 | 2);
	put_record(&t, RUNSTATE(1u, 0u), 110, 1, 7u << 16 | 2);
	put_record(&t, RUNSTATE(1u, 0u), 120, 1, 7u << 16 | 3);
	open_window(&t, 1);
	put_record(&t, RUNSTATE(0u, 2u), 150, 1, 7u << 16 | 2);
	pair_up();
	assert_int_equal(nr_spans, 3);
	expect_span(0, "runnable", PAIR_COMPLETE, 100, 110);
	expect_span(1, "running", PAIR_COMPLETE, 110, 150);
	assert_int_equal(spans[1].domain, 7);
	assert_int_equal(spans[1].key, 2);
	expect_span(2, "running", PAIR_CENSORED, 120, 150);
}

static void what_crosses_cuts_off(void **state)
{
	(void)state;
	put_record(&t, VMEXIT64, 100, 0);
	put_record(&t, RUNSTATE(0u, 2u), 140, 1, 1);
	put_record(&t, VMENTRY, 150, 0);
	pair_up();
	assert_int_equal(nr_spans, 1);
	expect_span(0, "vmexit", PAIR_SHORT, 100, 140);
}

/* Never over a loss, nor over bytes that could not be decoded. */
static void does_not_pair_over_a_loss(void **state)
{
	(void)state;
	put_record(&t, VMEXIT64, 100, 0);
	put_record(&t, TRACE_EVENT_LOST, 200, 4, 9, 0, 130, 0);
	put_record(&t, VMENTRY, 300, 0);
	PUT(&t, 400, domain_teardown, .domid = 7, .error = 85, .cycles = 10);
	put_record(&t, VMEXIT64, 450, 0);
	put_word(&t, 0xffffffff);
	close_window(&t);
	open_window(&t, 0);
	put_record(&t, VMENTRY, 500, 0);
	PUT(&t, 600, domain_teardown, .domid = 7, .cycles = 10);
	pair_up();
	assert_int_equal(nr_spans, 4);
	expect_span(0, "vmexit", PAIR_CENSORED, 100, 130);
	assert_int_equal(spans[1].outcome, PAIR_CENSORED);
	assert_int_equal(spans[2].outcome, PAIR_CENSORED);
	expect_span(3, "teardown", PAIR_COMPLETE, 590, 600);
}

/* A loss of another CPU says nothing of this one; but a call may have gone on there. */
static void a_loss_is_of_its_cpu(void **state)
{
	(void)state;
	put_record(&t, VMEXIT64, 100, 0);
	PUT(&t, 110, domain_teardown, .domid = 7, .error = 85, .cycles = 10);
	open_window(&t, 1);
	put_record(&t, TRACE_EVENT_LOST, 200, 4, 9, 0, 130, 0);
	open_window(&t, 0);
	put_record(&t, VMENTRY, 300, 0);
	pair_up();
	assert_int_equal(nr_spans, 2);
	expect_span(0, "teardown", PAIR_CENSORED, 100, 110);
	expect_span(1, "vmexit", PAIR_COMPLETE, 100, 300);
}

static void count(void *context, const struct pair_span *span)
{
	(void)span;
	++*(unsigned int *)context;
}

static void bounds_what_is_open(void **state)
{
	struct trace_item item = {.type = TRACE_RECORD, .event = RUNSTATE(1u, 0u), .has_tsc = true};
	unsigned int handed_out = 0;
	struct pairing *pairing = pairing_new(UINT32_MAX, count, &handed_out);

	(void)state;
	item.nr_words = 1;
	for (item.tsc = 1; item.tsc <= 10000; item.tsc++) {
		item.words[0] = (uint32_t)item.tsc;
		pairing_add(pairing, &item);
	}
	assert_int_equal(handed_out, 0);
	assert_int_equal(pairing_finish(pairing) + handed_out, 10000);
	assert_in_range(handed_out, 1000, 9999);
	pairing_free(pairing);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_name_fields_that_exist),
		cmocka_unit_test_setup(a_section_carries_its_times, empty),
		cmocka_unit_test_setup(joins_runs_of_a_call, empty),
		cmocka_unit_test_setup(a_call_that_stops_is_short, empty),
		cmocka_unit_test_setup(a_domain_ends_when_it_no_longer_restarts, empty),
		cmocka_unit_test_setup(pairs_two_records_of_a_cpu, empty),
		cmocka_unit_test_setup(follows_a_virtual_cpu, empty),
		cmocka_unit_test_setup(what_crosses_cuts_off, empty),
		cmocka_unit_test_setup(does_not_pair_over_a_loss, empty),
		cmocka_unit_test_setup(a_loss_is_of_its_cpu, empty),
		cmocka_unit_test_setup(bounds_what_is_open, empty),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
