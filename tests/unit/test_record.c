// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zstd.h>
#include <cmocka.h>

#include "tests/unit/trace_bytes.h"
#include "tracepoints/filter.h"
#include "tracepoints/queue.h"
#include "tracepoints/rates.h"
#include "tracepoints/sink.h"
#include "tracepoints/tbuf_size.h"

#define RECORDS(t) ((t)->words + 3)
#define RECORD_BYTES(t) (bytes_of(t) - 12)

static void start_window(struct trace_bytes *t)
{
	memset(t, 0, sizeof(*t));
	open_window(t, 0);
}

static void put_sample(struct trace_bytes *t)
{
	start_window(t);
	put_record(t, TRC_heap_section, 1000, 3, HEAP_SITE_ALLOC << 15, 2, 3);
	put_record(t, TRC_page_alloc_section, 1001, 3, 7, 8, 9);
	put_record(t, TRACE_EVENT_LOST, 1002, 4, 42, 0x00010005, 60, 1);
	put_record(t, 0x0010f001, 0, 7, 1, 2, 3, 4, 5, 6, 7);
	put_record(t, TRACE_EVENT_WRAP, 0, 3, 0, 0, 0);
	put_record(t, TRC_heap_section, 1003, 3, HEAP_SITE_FREE << 15, 5, 6);
}

static struct select parse(const char *names)
{
	struct select select;
	char error[1000];

	assert_int_equal(select_parse(names, &select, error, sizeof(error)), 0);
	return select;
}

static void filter_keeps_what_is_selected(void **state)
{
	struct select free_sections = parse("free");
	struct filter_counts counts = {0};
	struct trace_bytes t, wanted;
	size_t size;

	(void)state;
	put_sample(&t);
	start_window(&wanted);
	put_record(&wanted, TRACE_EVENT_LOST, 1002, 4, 42, 0x00010005, 60, 1);
	put_record(&wanted, TRC_heap_section, 1003, 3, HEAP_SITE_FREE << 15, 5, 6);
	size = filter_window(&free_sections, RECORDS(&t), RECORD_BYTES(&t), &counts);
	assert_int_equal(size, RECORD_BYTES(&wanted));
	assert_memory_equal(RECORDS(&t), RECORDS(&wanted), size);
	assert_int_equal(counts.kept, 1);
	assert_int_equal(counts.dropped, 3);
	assert_int_equal(counts.lost, 42);
	assert_int_equal(counts.nonsense, 0);
}

static void filter_keeps_all_without_a_selection(void **state)
{
	struct filter_counts counts = {0};
	struct trace_bytes t, before;

	(void)state;
	put_sample(&t);
	before = t;
	assert_int_equal(filter_window(NULL, RECORDS(&t), RECORD_BYTES(&t), &counts),
			 RECORD_BYTES(&t));
	assert_memory_equal(t.words, before.words, bytes_of(&t));
	assert_int_equal(counts.kept, 4);
	assert_int_equal(counts.lost, 42);
}

static void filter_drops_all(void **state)
{
	struct select retries = parse("retry");
	struct filter_counts counts = {0};
	struct trace_bytes t;

	(void)state;
	start_window(&t);
	put_record(&t, TRC_heap_section, 1003, 3, 0, 5, 6);
	assert_int_equal(filter_window(&retries, RECORDS(&t), RECORD_BYTES(&t), &counts), 0);
	assert_int_equal(filter_window(&retries, RECORDS(&t), 0, &counts), 0);
	assert_int_equal(counts.dropped, 1);
}

static void filter_keeps_what_it_cannot_read(void **state)
{
	struct select retries = parse("retry");
	struct filter_counts counts = {0};
	struct trace_bytes t, before;

	(void)state;
	start_window(&t);
	put_record(&t, TRC_heap_section, 1003, 3, 0, 5, 6);
	put_record(&t, TRC_heap_section, 1004, 3, 0, 5, 7);
	before = t;
	/* The second is cut. */
	assert_int_equal(filter_window(&retries, RECORDS(&t), RECORD_BYTES(&t) - 4, &counts), 20);
	assert_memory_equal(RECORDS(&t), RECORDS(&before) + 6, 20);
	assert_int_equal(counts.nonsense, 20);
	assert_int_equal(counts.dropped, 1);
}

/* Figures that Xen 4.17 gave, or refused to give, in the lab. */
static void sizes_fit_the_page_list(void **state)
{
	(void)state;
	assert_int_equal(tbuf_pages_addressable(1), 65406);
	assert_int_equal(tbuf_pages_addressable(2), 65406);
	assert_int_equal(tbuf_pages_addressable(4), 21802);
	assert_int_equal(tbuf_pages_addressable(256), 256);
	assert_int_equal(tbuf_pages_addressable(512), 127);
	assert_int_equal(tbuf_pages_addressable(40000), 1);
	assert_int_equal(tbuf_pages_addressable(131069), 0);
}

static void sizes_fit_into_memory(void **state)
{
	(void)state;
	assert_int_equal(tbuf_pages_affordable(4, 4, 20000), 4992);
	assert_int_equal(tbuf_pages_affordable(1, 1, 64), 63);
	assert_int_equal(tbuf_pages_affordable(4, 2, 1), 0);
	assert_int_equal(tbuf_pages_affordable(4, 2, 0), 0);
	assert_int_equal(tbuf_pages_affordable(4, 2, 1ull << 40), 65535);
	for (uint64_t memory = 1; memory < 3000; memory++)
		assert_true(tbuf_pages_affordable(8, 3, memory) * 3 < memory);
}

static void sizes_follow_the_rate(void **state)
{
	(void)state;
	assert_int_equal(tbuf_pages_for(0, 500), 1024);
	assert_int_equal(tbuf_pages_for(4096000 - 1, 1000), 2 * 1000);
	assert_int_equal(tbuf_pages_for(4096000 - 1, 600), 1200);
	assert_true(tbuf_pages_for(UINT64_MAX / 4000, 500) > 1ull << 32);
}

static void rates_are_kept_by_mask(void **state)
{
	char path[] = "/tmp/rates.XXXXXX", line[] = "0x1 two\n";
	uint64_t rate = 1;
	int fd = mkstemp(path);

	(void)state;
	assert_true(fd >= 0 && !unlink(path));
	assert_int_equal(rates_find(path, 0x00101000, &rate), 0);
	assert_int_equal(rate, 0);
	assert_int_equal(rates_note(path, 0x00103000, 500), 0);
	assert_int_equal(rates_note(path, 0x00101000, 300), 0);
	assert_int_equal(rates_note(path, 0x00101000, 700), 0);
	assert_int_equal(rates_note(path, 0x00101000, 200), 0);
	assert_int_equal(rates_note(path, 0x0010f000, 100), 0);
	assert_int_equal(rates_find(path, 0x00101000, &rate), 0);
	assert_int_equal(rate, 700);
	assert_int_equal(rates_find(path, 0x00102000, &rate), 0);
	assert_int_equal(rate, 500);
	assert_int_equal(rates_find(path, 0x00104000, &rate), 0);
	assert_int_equal(rate, 100);
	assert_int_equal(rates_find(path, 0x00201000, &rate), 0);
	assert_int_equal(rate, 0);
	close(fd);
	fd = mkstemp(strcpy(path, "/tmp/rates.XXXXXX"));
	assert_int_equal(write(fd, line, strlen(line)), strlen(line));
	assert_int_equal(rates_find(path, 0x1, &rate), -EBADMSG);
	close(fd);
	unlink(path);
}

static size_t read_back(const char *path, char *data, size_t size)
{
	FILE *in = fopen(path, "rb");
	size_t got;

	assert_non_null(in);
	got = fread(data, 1, size, in);
	fclose(in);
	return got;
}

static uint64_t write_text(const char *path, const char *text, unsigned int times)
{
	struct sink *sink;
	uint64_t bytes = 0;

	assert_int_equal(sink_open(path, &sink), 0);
	while (times--)
		assert_int_equal(sink_write(sink, text, strlen(text)), 0);
	assert_int_equal(sink_close(sink, &bytes), 0);
	return bytes;
}

static void sink_writes_plain_and_zstd(void **state)
{
	char folder[] = "/tmp/sink.XXXXXX", plain[64], packed[64], data[4096], text[8192];
	size_t size;

	(void)state;
	assert_non_null(mkdtemp(folder));
	snprintf(plain, sizeof(plain), "%s/t.xen", folder);
	snprintf(packed, sizeof(packed), "%s/t.xen.zst", folder);
	assert_int_equal(write_text(plain, "hello ", 1000), 6000);
	assert_true(write_text(packed, "hello ", 1000) < 100);
	assert_int_equal(read_back(plain, text, sizeof(text)), 6000);
	size = read_back(packed, data, sizeof(data));
	assert_int_equal(ZSTD_decompress(text, sizeof(text), data, size), 6000);
	assert_memory_equal(text + 5994, "hello ", 6);
	unlink(plain);
	unlink(packed);
	rmdir(folder);
	assert_int_equal(sink_open(plain, &(struct sink *){NULL}), -ENOENT);
}

static void sink_tells_when_it_cannot_write(void **state)
{
	struct sink *sink;
	uint64_t bytes;

	(void)state;
	assert_int_equal(sink_open("/dev/full", &sink), 0);
	assert_int_equal(sink_write(sink, "hello", 5), -ENOSPC);
	assert_int_equal(sink_close(sink, &bytes), 0);
}

static struct window *new_window(uint32_t cpu, size_t size)
{
	struct window *window = calloc(1, sizeof(*window) + size);

	window->cpu = cpu;
	window->size = size;
	return window;
}

static void queue_has_a_limit(void **state)
{
	struct queue *queue = queue_new(100);
	struct window *window;

	(void)state;
	assert_true(queue_has_room(queue, 1000));
	queue_put(queue, new_window(1, 60));
	assert_true(queue_has_room(queue, 40));
	assert_false(queue_has_room(queue, 41));
	queue_put(queue, new_window(2, 40));
	window = queue_take(queue);
	assert_int_equal(window->cpu, 1);
	free(window);
	/* It is in use until the next is asked for. */
	assert_false(queue_has_room(queue, 1));
	window = queue_take(queue);
	assert_int_equal(window->cpu, 2);
	free(window);
	assert_true(queue_has_room(queue, 60));
	queue_put(queue, new_window(3, 10));
	queue_end(queue);
	free(queue_take(queue));
	assert_null(queue_take(queue));
	queue_put(queue, new_window(4, 10));
	queue_free(queue);
}

static void *put_windows(void *data)
{
	for (uint32_t i = 0; i < 10000; i++) {
		while (!queue_has_room(data, 8))
			usleep(10);
		queue_put(data, new_window(i, 8));
	}
	queue_end(data);
	return NULL;
}

static void queue_keeps_the_order_between_threads(void **state)
{
	struct queue *queue = queue_new(64);
	struct window *window;
	uint32_t next = 0;
	pthread_t thread;

	(void)state;
	assert_int_equal(pthread_create(&thread, NULL, put_windows, queue), 0);
	for (; (window = queue_take(queue)); next++) {
		assert_int_equal(window->cpu, next);
		free(window);
	}
	assert_int_equal(next, 10000);
	pthread_join(thread, NULL);
	queue_free(queue);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(filter_keeps_what_is_selected),
		cmocka_unit_test(filter_keeps_all_without_a_selection),
		cmocka_unit_test(filter_drops_all),
		cmocka_unit_test(filter_keeps_what_it_cannot_read),
		cmocka_unit_test(sizes_fit_the_page_list),
		cmocka_unit_test(sizes_fit_into_memory),
		cmocka_unit_test(sizes_follow_the_rate),
		cmocka_unit_test(rates_are_kept_by_mask),
		cmocka_unit_test(sink_writes_plain_and_zstd),
		cmocka_unit_test(sink_tells_when_it_cannot_write),
		cmocka_unit_test(queue_has_a_limit),
		cmocka_unit_test(queue_keeps_the_order_between_threads),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
