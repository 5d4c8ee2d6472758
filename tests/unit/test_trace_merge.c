// SPDX-License-Identifier: GPL-2.0-only
/* Order across CPUs, and what is done about time stamps that make no sense. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "tests/unit/trace_bytes.h"

#define EVENT 0x0010f020u
#define FOREIGN 0x0002f001u

static struct trace_reader *open_bytes(const struct trace_bytes *t)
{
	struct trace_reader *r = NULL;

	assert_int_equal(trace_open_memory(t->words, bytes_of(t), &r), 0);
	return r;
}

/* The next item is a record whose only word is this. */
static struct trace_item expect_word(struct trace_reader *r, uint32_t word)
{
	struct trace_item item;

	do
		trace_next(r, &item);
	while (item.type == TRACE_WINDOW);
	assert_int_equal(item.type, TRACE_RECORD);
	assert_int_equal(item.nr_words, 1);
	assert_int_equal(item.words[0], word);
	return item;
}

static struct trace_item expect_anomaly(struct trace_reader *r, const char *what)
{
	struct trace_item item;

	assert_int_equal(trace_next(r, &item), TRACE_ANOMALY);
	if (!strstr(item.what, what))
		fail_msg("'%s' does not contain '%s'", item.what, what);
	return item;
}

static void expect_end(struct trace_reader *r)
{
	struct trace_item item;
	struct trace_sum sum;

	assert_int_equal(trace_next(r, &item), TRACE_END);
	assert_int_equal(trace_get_sum(r, &sum), 0);
	trace_close(r);
}

static void merges_windows_by_time(void **state)
{
	struct trace_bytes t = {0};
	struct trace_reader *r;
	struct trace_item item;

	(void)state;
	open_window(&t, 7);
	put_record(&t, EVENT, 30, 1, 3);
	put_record(&t, EVENT, 60, 1, 6);
	open_window(&t, 2);
	put_record(&t, EVENT, 10, 1, 1);
	put_record(&t, EVENT, 50, 1, 5);
	open_window(&t, 7);
	put_record(&t, EVENT, 80, 1, 8);
	open_window(&t, 5); /* late, and with the second oldest record */
	put_record(&t, EVENT, 20, 1, 2);
	put_record(&t, EVENT, 40, 1, 4);
	open_window(&t, 2);
	put_record(&t, EVENT, 70, 1, 7);
	r = open_bytes(&t);
	/* A window begins when its first record is due. */
	assert_int_equal(trace_next(r, &item), TRACE_WINDOW);
	assert_int_equal(item.cpu, 2);
	for (uint32_t i = 1; i <= 8; i++)
		assert_true(expect_word(r, i).tsc == 10 * i);
	expect_end(r);
}

static void keeps_untimed_records_at_their_predecessor(void **state)
{
	struct trace_bytes t = {0};
	struct trace_reader *r;

	(void)state;
	open_window(&t, 0);
	put_record(&t, EVENT, 10, 1, 1);
	put_record(&t, FOREIGN, 0, 1, 2);
	put_record(&t, FOREIGN, 0, 1, 3);
	put_record(&t, EVENT, 30, 1, 6);
	open_window(&t, 0); /* and across a window's end */
	put_record(&t, FOREIGN, 0, 1, 7);
	open_window(&t, 1);
	put_record(&t, EVENT, 20, 1, 4);
	put_record(&t, FOREIGN, 0, 1, 5);
	put_record(&t, EVENT, 31, 1, 8);
	r = open_bytes(&t);
	for (uint32_t i = 1; i <= 8; i++)
		assert_int_equal(expect_word(r, i).cpu, i == 4 || i == 5 || i == 8);
	expect_end(r);
}

static void does_not_change_cpus_on_equal_times(void **state)
{
	struct trace_bytes t = {0};
	struct trace_reader *r;

	(void)state;
	open_window(&t, 0);
	put_record(&t, EVENT, 5, 1, 1);
	put_record(&t, EVENT, 10, 1, 2);
	put_record(&t, EVENT, 10, 1, 3);
	put_record(&t, EVENT, 11, 1, 5);
	open_window(&t, 1);
	put_record(&t, EVENT, 10, 1, 4);
	put_record(&t, EVENT, 11, 1, 6);
	r = open_bytes(&t);
	for (uint32_t i = 1; i <= 4; i++)
		expect_word(r, i);
	/* CPU 1 is at it, and its next record is as old as that of CPU 0. */
	expect_word(r, 6);
	expect_word(r, 5);
	expect_end(r);
}

/* xorshift64 */
static uint32_t next_random(uint64_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return (uint32_t)(*seed >> 20);
}

/* Windows of random CPUs and sizes; each record says its CPU's number of it. */
static unsigned int make_random(struct trace_bytes *t, uint64_t *seed, unsigned int nr_cpus)
{
	uint32_t count[TRACE_CPUS_MAX / 64] = {0};
	uint64_t now[TRACE_CPUS_MAX / 64];
	unsigned int total = 0, i;
	uint32_t cpu;

	memset(t, 0, sizeof(*t));
	for (i = 0; i < nr_cpus; i++)
		now[i] = 1 + next_random(seed) % 100;
	while (t->count < 3500) {
		cpu = next_random(seed) % nr_cpus;
		open_window(t, cpu * 60);
		for (i = next_random(seed) % 20 + 1; i; i--, total++) {
			now[cpu] += next_random(seed) % 50;
			put_record(t, EVENT, now[cpu], 1, count[cpu]++);
		}
	}
	return total;
}

static void merges_any_windows(void **state)
{
	uint32_t count[TRACE_CPUS_MAX / 64];
	struct trace_bytes t;
	struct trace_reader *r;
	struct trace_item item;
	unsigned int round, left;
	uint64_t seed = 7, last;

	(void)state;
	for (round = 0; round < 200; round++) {
		left = make_random(&t, &seed, 1 + round % 60);
		memset(count, 0, sizeof(count));
		last = 0;
		r = open_bytes(&t);
		while (trace_next(r, &item) != TRACE_END) {
			if (item.type == TRACE_WINDOW)
				continue;
			assert_int_equal(item.type, TRACE_RECORD);
			assert_true(item.tsc >= last);
			assert_int_equal(item.words[0], count[item.cpu / 60]++);
			last = item.tsc;
			left--;
		}
		assert_int_equal(left, 0);
		trace_close(r);
	}
}

static void expect_same(const struct trace_item *a, const struct trace_item *b)
{
	assert_int_equal(a->type, b->type);
	assert_int_equal(a->cpu, b->cpu);
	assert_int_equal(a->offset, b->offset);
	if (a->type != TRACE_RECORD)
		return;
	assert_int_equal(a->size, b->size);
	assert_int_equal(a->tsc, b->tsc);
	assert_int_equal(a->event, b->event);
	assert_int_equal(a->has_tsc, b->has_tsc);
	assert_int_equal(a->nr_words, b->nr_words);
	assert_memory_equal(a->words, b->words, sizeof(a->words));
}

/* The next item of both readers; returns how many bytes that were. */
static uint64_t expect_same_next(struct trace_reader *r, struct trace_reader *one_by_one)
{
	struct trace_item item, next;

	trace_next(r, &item);
	trace_next(one_by_one, &next);
	expect_same(&item, &next);
	return next.size;
}

/* What comes at once from one reader is what comes from the other, each as an item and back. */
static uint64_t expect_records(struct trace_reader *r, struct trace_reader *one_by_one)
{
	struct trace_record *records, copy;
	struct trace_item item, next;
	unsigned int count = trace_next_records(r, &records), i;
	uint64_t bytes = 0;

	for (i = 0; i < count; i++) {
		trace_get_item(&records[i], &next);
		trace_get_record(&next, &copy);
		trace_get_item(&copy, &item);
		trace_next(one_by_one, &next);
		expect_same(&item, &next);
		bytes += next.size;
	}
	return bytes;
}

static void records_at_once_are_items(void **state)
{
	struct trace_reader *r, *one_by_one;
	struct trace_bytes t;
	uint64_t seed = 11, bytes;
	unsigned int round;

	(void)state;
	for (round = 0; round < 50; round++) {
		make_random(&t, &seed, 1 + round % 60);
		r = open_bytes(&t);
		one_by_one = open_bytes(&t);
		for (bytes = 0; bytes < bytes_of(&t);) {
			/* The second may leave some that were taken together with it. */
			bytes += expect_same_next(r, one_by_one);
			bytes += expect_same_next(r, one_by_one);
			assert_int_equal(trace_position(r), bytes);
			bytes += expect_records(r, one_by_one);
			assert_int_equal(trace_position(r), bytes);
		}
		expect_end(one_by_one);
		expect_end(r);
	}
}

static void goes_on_after_a_clock_went_back(void **state)
{
	struct trace_bytes t = {0};
	struct trace_reader *r;

	(void)state;
	open_window(&t, 0);
	put_record(&t, EVENT, 100, 1, 1);
	put_record(&t, EVENT, 40, 1, 99);
	put_record(&t, EVENT, 50, 1, 2);
	put_record(&t, EVENT, 200, 1, 4);
	open_window(&t, 1);
	put_record(&t, EVENT, 150, 1, 3);
	r = open_bytes(&t);
	expect_word(r, 1);
	assert_int_equal(expect_anomaly(r, "time stamp of CPU 0 goes back").size, 16);
	expect_word(r, 2);
	expect_word(r, 3);
	expect_word(r, 4);
	expect_end(r);
}

/* One wrong bit, and all later records of the CPU would be merged at the wrong place. */
static void skips_a_time_stamp_that_jumps(void **state)
{
	struct trace_bytes t = {0};
	struct trace_reader *r;

	(void)state;
	open_window(&t, 0);
	put_record(&t, EVENT, 1ull << 62, 1, 99); /* even the first one */
	put_record(&t, EVENT, 100, 1, 1);
	put_record(&t, EVENT, 110 + (1ull << 41), 1, 99);
	put_record(&t, FOREIGN, 0, 1, 2);
	put_record(&t, EVENT, 120, 1, 3);
	put_record(&t, EVENT, 1ull << 42, 1, 5); /* a long pause, not a jump */
	put_record(&t, EVENT, (1ull << 42) + 1, 1, 6);
	open_window(&t, 1);
	put_record(&t, EVENT, 150, 1, 4);
	r = open_bytes(&t);
	for (;;) {
		struct trace_item item;

		if (trace_next(r, &item) == TRACE_WINDOW)
			continue;
		assert_int_equal(item.type, TRACE_ANOMALY);
		assert_non_null(strstr(item.what, "jumps ahead and back"));
		break;
	}
	expect_word(r, 1);
	assert_int_equal(expect_anomaly(r, "jumps ahead and back").size, 16);
	for (uint32_t i = 2; i <= 6; i++)
		expect_word(r, i);
	expect_end(r);
}

/* Two jumps in a row are believed, and then time goes back: told, and once. */
static void tells_when_time_wraps(void **state)
{
	struct trace_bytes t = {0};
	struct trace_reader *r;

	(void)state;
	open_window(&t, 0);
	put_record(&t, EVENT, UINT64_MAX - 5, 1, 1);
	put_record(&t, EVENT, UINT64_MAX - 4, 1, 2);
	put_record(&t, EVENT, 10, 1, 99);
	for (uint32_t i = 3; i < 9; i++) /* far enough from the end for the fast path */
		put_record(&t, EVENT, 8 + i, 1, i);
	r = open_bytes(&t);
	expect_word(r, 1);
	expect_word(r, 2);
	expect_anomaly(r, "goes back");
	for (uint32_t i = 3; i < 9; i++)
		expect_word(r, i);
	expect_end(r);
}

static void shifts_and_rewinds(void **state)
{
	struct trace_bytes t = {0};
	struct trace_reader *r;
	struct trace_item item;
	struct trace_sum sum;
	uint32_t cpus[2];

	(void)state;
	open_window(&t, 3);
	put_record(&t, EVENT, 10, 1, 1);
	put_record(&t, EVENT, 30, 1, 2);
	open_window(&t, 9);
	put_record(&t, EVENT, 105, 1, 3);
	r = open_bytes(&t);
	assert_int_equal(trace_get_cpus(r, cpus, 1), 2);
	assert_int_equal(cpus[0], 3);
	assert_int_equal(trace_get_cpus(r, cpus, 2), 2);
	assert_int_equal(cpus[1], 9);
	expect_word(r, 1);
	assert_int_equal(trace_get_sum(r, &sum), -11);
	assert_int_equal(trace_position(r), 12 + 16);
	trace_shift_cpu(r, 3, 90);
	trace_shift_cpu(r, 4, 90); /* there is none */
	trace_rewind(r);
	assert_int_equal(trace_position(r), 0);
	assert_true(expect_word(r, 1).tsc == 100);
	assert_true(expect_word(r, 3).tsc == 105);
	assert_true(expect_word(r, 2).tsc == 120);
	assert_int_equal(trace_next(r, &item), TRACE_END);
	assert_int_equal(trace_get_sum(r, &sum), 0);
	assert_int_equal(sum.file, bytes_of(&t));
	assert_int_equal(sum.records, 48);
	assert_int_equal(sum.markers, 24);
	assert_int_equal(sum.skipped, 0);
	trace_close(r);
}

/* All words that a record has not are zeros, though others follow in the file. */
static void pads_words_with_zeros(void **state)
{
	struct trace_bytes t = {0};
	struct trace_reader *r;
	struct trace_item item;
	unsigned int n, i;

	(void)state;
	open_window(&t, 0);
	for (n = 0; n <= TRACE_WORDS_MAX; n++)
		put_record(&t, EVENT, 10 + n, n, 1, 2, 3, 4, 5, 6, 7);
	for (i = 0; i < 8; i++) /* so that all of the above are far from the end */
		put_record(&t, EVENT, 100, 7, 9, 9, 9, 9, 9, 9, 9);
	for (n = 0; n <= TRACE_WORDS_MAX; n++) { /* and at the end */
		r = open_bytes(&t);
		trace_next(r, &item);
		for (i = 0; i <= n; i++)
			trace_next(r, &item);
		assert_int_equal(item.nr_words, n);
		for (i = 0; i < TRACE_WORDS_MAX; i++)
			assert_int_equal(item.words[i], i < n ? i + 1 : 0);
		trace_close(r);
	}
	for (n = 0; n <= TRACE_WORDS_MAX; n++) {
		memset(&t, 0, sizeof(t));
		open_window(&t, 0);
		put_record(&t, EVENT, 10, n, 1, 2, 3, 4, 5, 6, 7);
		r = open_bytes(&t);
		trace_next(r, &item);
		memset(item.words, 0xff, sizeof(item.words));
		trace_next(r, &item);
		for (i = 0; i < TRACE_WORDS_MAX; i++)
			assert_int_equal(item.words[i], i < n ? i + 1 : 0);
		trace_close(r);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(merges_windows_by_time),
		cmocka_unit_test(keeps_untimed_records_at_their_predecessor),
		cmocka_unit_test(does_not_change_cpus_on_equal_times),
		cmocka_unit_test(merges_any_windows),
		cmocka_unit_test(records_at_once_are_items),
		cmocka_unit_test(goes_on_after_a_clock_went_back),
		cmocka_unit_test(skips_a_time_stamp_that_jumps),
		cmocka_unit_test(tells_when_time_wraps),
		cmocka_unit_test(shifts_and_rewinds),
		cmocka_unit_test(pads_words_with_zeros),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
