// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "tests/unit/trace_bytes.h"

#define EVENT 0x0010f020u

/* Two windows with records of all shapes, padding and a loss marker. */
static void make_sample(struct trace_bytes *t)
{
	memset(t, 0, sizeof(*t));
	open_window(t, 0);
	put_record(t, EVENT, 1000, 6, 1, 2, 3, 4, 5, 6);
	put_record(t, EVENT, 0x100000001ull, 0);
	put_record(t, 0x0002f001, 0, 7, 1, 2, 3, 4, 5, 6, 7);
	put_record(t, TRACE_EVENT_WRAP, 0, 3, 0, 0, 0);
	open_window(t, 3);
	put_record(t, TRACE_EVENT_LOST, 0x100000046ull, 4, 42, 0x00010005, 60, 1);
	put_record(t, EVENT, 0x100000047ull, 1, 9);
}

static struct trace_reader *open_bytes(const void *bytes, size_t size)
{
	struct trace_reader *r = NULL;

	assert_int_equal(trace_open_memory(bytes, size, &r), 0);
	return r;
}

static struct trace_item expect(struct trace_reader *r, enum trace_item_type type, uint64_t offset)
{
	struct trace_item item;

	memset(&item, 0x55, sizeof(item)); /* what is said to be set is set */
	assert_int_equal(trace_next(r, &item), type);
	assert_int_equal(item.type, type);
	assert_int_equal(item.offset, offset);
	return item;
}

static void expect_anomaly(struct trace_reader *r, uint64_t offset, uint64_t size, const char *what)
{
	struct trace_item item = expect(r, TRACE_ANOMALY, offset);

	assert_int_equal(item.size, size);
	if (!strstr(item.what, what))
		fail_msg("'%s' does not contain '%s'", item.what, what);
}

static void reads_every_shape(void **state)
{
	struct trace_bytes t;
	struct trace_reader *r;
	struct trace_item item;
	struct trace_sum sum;

	(void)state;
	make_sample(&t);
	r = open_bytes(t.words, bytes_of(&t));
	item = expect(r, TRACE_WINDOW, 0);
	assert_int_equal(item.cpu, 0);
	assert_int_equal(item.nr_words, 0);
	assert_int_equal(item.window, 36 + 12 + 32 + 16);
	item = expect(r, TRACE_RECORD, 12);
	assert_int_equal(item.event, EVENT);
	assert_int_equal(item.size, 36);
	assert_int_equal(item.nr_words, 6);
	assert_int_equal(item.words[5], 6);
	assert_true(item.has_tsc);
	assert_int_equal(item.tsc, 1000);
	item = expect(r, TRACE_RECORD, 48);
	assert_true(item.tsc == 0x100000001ull);
	assert_int_equal(item.nr_words, 0);
	item = expect(r, TRACE_RECORD, 60);
	assert_false(item.has_tsc);
	assert_int_equal(item.nr_words, 7);
	assert_int_equal(item.words[6], 7);
	expect(r, TRACE_WRAP, 92);
	assert_int_equal(expect(r, TRACE_WINDOW, 108).cpu, 3);
	item = expect(r, TRACE_LOST, 120);
	assert_int_equal(item.lost, 42);
	assert_true(item.first_tsc == 0x10000003cull);
	item = expect(r, TRACE_RECORD, 148);
	assert_int_equal(item.cpu, 3);
	expect(r, TRACE_END, 164);
	assert_int_equal(trace_get_sum(r, &sum), 0);
	assert_int_equal(sum.lost, 42);
	assert_int_equal(sum.records, 36 + 12 + 32 + 16);
	expect(r, TRACE_END, 164);
	trace_close(r);
}

static void refuses_what_is_no_trace(void **state)
{
	static const char text[] = "#!/bin/sh\necho a script is no trace\n";
	struct trace_reader *r = NULL;

	(void)state;
	assert_int_equal(trace_open_memory(text, sizeof(text), &r), -EBADMSG);
	assert_int_equal(trace_open_memory(text, 3, &r), -EBADMSG);
	assert_null(r);
	assert_int_equal(trace_open("/nonexistent", &r), -ENOENT);
	assert_int_equal(trace_open("/dev/null", &r), -EINVAL);
	assert_int_equal(trace_open("/", &r), -EINVAL);
}

static void says_that_a_file_is_empty(void **state)
{
	struct trace_reader *r = open_bytes(NULL, 0);

	(void)state;
	expect_anomaly(r, 0, 0, "empty");
	expect(r, TRACE_END, 0);
	trace_close(r);
}

static void reports_garbage_between_windows(void **state)
{
	struct trace_bytes t;
	struct trace_reader *r;

	(void)state;
	memset(&t, 0, sizeof(t));
	open_window(&t, 0);
	put_record(&t, EVENT, 1, 1, 7);
	put_word(&t, 0xdeadbeef);
	put_word(&t, TRACE_EVENT_CPU_CHANGE | 2u << 28); /* looks like a window, of CPU 2^31 */
	put_word(&t, 1u << 31);
	open_window(&t, 1);
	put_record(&t, EVENT, 2, 1, 8);
	r = open_bytes(t.words, bytes_of(&t));
	expect(r, TRACE_WINDOW, 0);
	expect(r, TRACE_RECORD, 12);
	expect_anomaly(r, 28, 12, "no window starts here");
	expect(r, TRACE_WINDOW, 40);
	assert_int_equal(expect(r, TRACE_RECORD, 52).words[0], 8);
	expect(r, TRACE_END, 68);
	trace_close(r);
}

static void reports_damage_within_a_window(void **state)
{
	struct trace_bytes t;
	struct trace_reader *r;
	unsigned int i;

	(void)state;
	memset(&t, 0, sizeof(t));
	open_window(&t, 0);
	put_record(&t, EVENT, 1, 0);
	put_record(&t, 0, 2, 1, 7); /* no class */
	put_word(&t, EVENT);
	put_word(&t, EVENT);
	for (i = 3; i < 7; i++) /* four in a row are no chance */
		put_record(&t, EVENT, i, 0);
	put_word(&t, 5); /* no class, and all that follows makes no sense */
	put_word(&t, EVENT | 1u << 28);
	close_window(&t);
	open_window(&t, 1);
	put_record(&t, EVENT, 50, 0);
	put_record(&t, EVENT, 49, 0);
	put_record(&t, EVENT, 50, 0);
	put_record(&t, TRACE_EVENT_LOST, 51, 1, 5);
	put_word(&t, EVENT | 7u << 28); /* has no room for its words */
	close_window(&t);
	t.words[t.window] += 8; /* and the window is longer than the file */
	r = open_bytes(t.words, bytes_of(&t));
	expect(r, TRACE_WINDOW, 0);
	expect(r, TRACE_RECORD, 12);
	expect_anomaly(r, 24, 24, "0x90000000 is no record header: 24 bytes skipped");
	for (i = 3; i < 7; i++)
		assert_true(expect(r, TRACE_RECORD, 12 + 12 * i).tsc == i);
	expect_anomaly(r, 96, 8, "0x00000005 is no record header: 8 bytes skipped");
	expect(r, TRACE_WINDOW, 104);
	expect(r, TRACE_RECORD, 116);
	expect_anomaly(r, 128, 12, "time stamp of CPU 1 goes back");
	expect(r, TRACE_RECORD, 140);
	expect_anomaly(r, 152, 16, "lost-records marker with 1 words");
	expect_anomaly(r, 168, 4, "record of 32 bytes where the window has 4");
	expect_anomaly(r, 172, 0, "the file ends 8 bytes before");
	expect(r, TRACE_END, 172);
	trace_close(r);
}

static void finds_a_window_inside_another(void **state)
{
	struct trace_bytes t;
	struct trace_reader *r;

	(void)state;
	memset(&t, 0, sizeof(t));
	open_window(&t, 0);
	put_record(&t, EVENT, 1, 0);
	t.words[t.window] += 20;
	open_window(&t, 1);
	put_record(&t, EVENT, 2, 0);
	r = open_bytes(t.words, bytes_of(&t));
	expect(r, TRACE_WINDOW, 0);
	expect(r, TRACE_RECORD, 12);
	expect_anomaly(r, 24, 0, "a window starts 20 bytes before the end of another");
	expect(r, TRACE_WINDOW, 24);
	expect(r, TRACE_RECORD, 36);
	expect(r, TRACE_END, 48);
	trace_close(r);
}

/* One wrong word costs no more than itself. */
static void finds_the_next_record(void **state)
{
	struct trace_bytes t;
	struct trace_reader *r;
	unsigned int i;

	(void)state;
	memset(&t, 0, sizeof(t));
	open_window(&t, 0);
	put_record(&t, EVENT, 1, 0);
	put_word(&t, 0xffffffff);
	for (i = 2; i < 8; i++)
		put_record(&t, EVENT, i, 0);
	r = open_bytes(t.words, bytes_of(&t));
	expect(r, TRACE_WINDOW, 0);
	expect(r, TRACE_RECORD, 12);
	expect_anomaly(r, 24, 4, "0xffffffff is no record header: 4 bytes skipped");
	for (i = 0; i < 6; i++)
		expect(r, TRACE_RECORD, 28 + 12 * i);
	expect(r, TRACE_END, 100);
	trace_close(r);
}

/* Where a window ends is a matter of headers: one inside a whole window is none. */
static void skips_a_window_inside_a_whole_one(void **state)
{
	struct trace_bytes t;
	struct trace_reader *r;

	(void)state;
	memset(&t, 0, sizeof(t));
	open_window(&t, 0);
	put_record(&t, EVENT, 1, 0);
	put_word(&t, TRACE_EVENT_CPU_CHANGE | 2u << 28);
	put_word(&t, 3);
	put_word(&t, 12);
	put_record(&t, EVENT, 2, 0);
	open_window(&t, 1);
	put_record(&t, EVENT, 3, 0);
	r = open_bytes(t.words, bytes_of(&t));
	expect(r, TRACE_WINDOW, 0);
	expect(r, TRACE_RECORD, 12);
	expect_anomaly(r, 24, 24, "a window starts inside a whole one: 24 bytes skipped");
	expect(r, TRACE_WINDOW, 48);
	assert_int_equal(expect(r, TRACE_RECORD, 60).cpu, 1);
	expect(r, TRACE_END, 72);
	trace_close(r);
}

static void opens_a_piece_of_a_header(void **state)
{
	static const unsigned char header[] = {0x03, 0xf0, 0x01, 0x20, 0xff};
	struct trace_reader *r;
	size_t size;

	(void)state;
	for (size = 1; size <= sizeof(header); size++) {
		unsigned char *copy = malloc(size);

		memcpy(copy, header, size);
		r = open_bytes(copy, size);
		expect_anomaly(r, 0, size, "no window starts here");
		expect(r, TRACE_END, size);
		trace_close(r);
		free(copy);
	}
}

/* Read all of it; every byte must be accounted for. Returns the number of anomalies. */
static unsigned int read_all(const void *bytes, size_t size)
{
	struct trace_reader *r = NULL;
	unsigned int anomalies = 0;
	struct trace_item item;
	uint64_t sum = 0;

	if (trace_open_memory(bytes, size, &r))
		return 1;
	while (trace_next(r, &item) != TRACE_END) {
		assert_true(item.offset <= size);
		anomalies += item.type == TRACE_ANOMALY;
		sum += item.size;
	}
	assert_int_equal(sum, size);
	assert_int_equal(trace_position(r), size);
	trace_close(r);
	return anomalies;
}

static void survives_truncation_at_every_byte(void **state)
{
	struct trace_bytes t;
	size_t size, whole;
	void *copy;

	(void)state;
	make_sample(&t);
	whole = bytes_of(&t);
	for (size = 0; size < whole; size++) {
		copy = malloc(size +
			      1); /* exactly this long for AddressSanitizer but for one byte */
		memcpy((char *)copy + 1, t.words, size);
		/* Cut between two windows, nothing is missing. */
		assert_int_equal(read_all((char *)copy + 1, size) == 0, size == 108);
		free(copy);
	}
	assert_int_equal(read_all(t.words, whole), 0);
}

/* xorshift64: the same garbage on every machine. */
static uint64_t next_random(uint64_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return *seed;
}

static void survives_garbage(void **state)
{
	unsigned char bytes[512];
	uint64_t seed = 42;
	struct trace_bytes t;
	unsigned int i, j;

	(void)state;
	make_sample(&t);
	for (i = 0; i < 20000; i++) {
		for (j = 0; j < sizeof(bytes); j++)
			bytes[j] = (unsigned char)next_random(&seed);
		memcpy(bytes, t.words, 12); /* or it would be refused at once */
		read_all(bytes, sizeof(bytes) - i % 16);
	}
}

static void survives_flipped_bits(void **state)
{
	struct trace_bytes t;
	unsigned int i;
	size_t size;

	(void)state;
	make_sample(&t);
	size = bytes_of(&t);
	for (i = 0; i < size * 8; i++) {
		((unsigned char *)t.words)[i / 8] ^= (unsigned char)(1u << i % 8);
		read_all(t.words, size);
		((unsigned char *)t.words)[i / 8] ^= (unsigned char)(1u << i % 8);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_every_shape),
		cmocka_unit_test(refuses_what_is_no_trace),
		cmocka_unit_test(says_that_a_file_is_empty),
		cmocka_unit_test(reports_garbage_between_windows),
		cmocka_unit_test(reports_damage_within_a_window),
		cmocka_unit_test(finds_a_window_inside_another),
		cmocka_unit_test(finds_the_next_record),
		cmocka_unit_test(skips_a_window_inside_a_whole_one),
		cmocka_unit_test(opens_a_piece_of_a_header),
		cmocka_unit_test(survives_truncation_at_every_byte),
		cmocka_unit_test(survives_garbage),
		cmocka_unit_test(survives_flipped_bits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
