// SPDX-License-Identifier: GPL-2.0-only
/* Files: mapped, packed, packed and damaged; how much memory they take. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zstd.h>
#include <cmocka.h>

#include "tests/unit/temp_file.h"
#include "tests/unit/trace_bytes.h"

#define EVENT 0x0010f020u
#define PACKED_MAX 65536

static void make_sample(struct trace_bytes *t)
{
	memset(t, 0, sizeof(*t));
	for (uint32_t i = 0; i < 200; i++) {
		open_window(t, i % 3);
		put_record(t, EVENT, 100 + i, 3, i * 0x9e3779b9u, i * i, i);
	}
}

/* With a checksum, as the program zstd does. */
static size_t pack(const struct trace_bytes *t, unsigned char *packed)
{
	ZSTD_CCtx *context = ZSTD_createCCtx();
	size_t size;

	assert_non_null(context);
	ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
	size = ZSTD_compress2(context, packed, PACKED_MAX, t->words, bytes_of(t));
	assert_false(ZSTD_isError(size));
	ZSTD_freeCCtx(context);
	return size;
}

static void write_file(char *path, const void *bytes, size_t size)
{
	int fd;

	strcpy(path, TEMP_FILE_TEMPLATE);
	fd = mkstemp(path);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, size), size);
	close(fd);
}

static int open_written(const void *bytes, size_t size, struct trace_reader **r)
{
	char path[64];
	int ret;

	write_file(path, bytes, size);
	ret = trace_open(path, r);
	unlink(path);
	return ret;
}

/* All records of the sample, and the number of anomalies. */
static unsigned int count_records(struct trace_reader *r, unsigned int *anomalies, char *what)
{
	struct trace_item item;
	struct trace_sum sum;
	unsigned int records = 0;

	*anomalies = 0;
	while (trace_next(r, &item) != TRACE_END) {
		if (item.type == TRACE_RECORD)
			assert_int_equal(item.words[2], records++);
		if (item.type == TRACE_ANOMALY) {
			++*anomalies;
			strcpy(what, item.what);
		}
	}
	assert_int_equal(trace_get_sum(r, &sum), 0);
	return records;
}

static void reads_a_file(void **state)
{
	struct trace_reader *r = NULL;
	unsigned int anomalies;
	struct trace_bytes t;
	char what[96];

	(void)state;
	make_sample(&t);
	assert_int_equal(open_written(t.words, bytes_of(&t), &r), 0);
	assert_int_equal(count_records(r, &anomalies, what), 200);
	assert_int_equal(anomalies, 0);
	trace_close(r);
}

static void reads_a_packed_file(void **state)
{
	static unsigned char packed[PACKED_MAX];
	struct trace_reader *r = NULL;
	unsigned int anomalies;
	struct trace_bytes t;
	struct trace_sum sum;
	char what[96];

	(void)state;
	make_sample(&t);
	assert_int_equal(open_written(packed, pack(&t, packed), &r), 0);
	assert_int_equal(count_records(r, &anomalies, what), 200);
	assert_int_equal(anomalies, 0);
	trace_get_sum(r, &sum);
	assert_int_equal(sum.file, bytes_of(&t));
	trace_close(r);
}

/* zstd -c a >ab; zstd -c b >>ab */
static void reads_packed_pieces(void **state)
{
	static unsigned char packed[PACKED_MAX];
	struct trace_bytes t;
	struct trace_reader *r = NULL;
	unsigned int anomalies;
	size_t half, size;
	char what[96];

	(void)state;
	make_sample(&t);
	half = bytes_of(&t) / 2;
	size = ZSTD_compress(packed, PACKED_MAX, t.words, half, 1);
	size += ZSTD_compress(packed + size, PACKED_MAX - size, (char *)t.words + half,
			      bytes_of(&t) - half, 1);
	assert_int_equal(open_written(packed, size, &r), 0);
	assert_int_equal(count_records(r, &anomalies, what), 200);
	assert_int_equal(anomalies, 0);
	trace_close(r);
}

/* More comes out of the last bytes of input than the buffer holds. */
static void unpacks_more_than_a_buffer(void **state)
{
	const size_t size = 12 + 400000;
	uint32_t *words = calloc(1, size);
	unsigned char packed[4096];
	struct trace_reader *r = NULL;
	struct trace_item item;
	unsigned int records = 0;
	size_t i, packed_size;

	(void)state;
	assert_non_null(words);
	words[0] = TRACE_EVENT_CPU_CHANGE | 2u << 28;
	words[2] = (uint32_t)size - 12;
	for (i = 3; i < size / 4; i += 4) {
		words[i] = EVENT | 1u << 28 | 1u << 31;
		words[i + 1] = 5;
	}
	packed_size = ZSTD_compress(packed, sizeof(packed), words, size, 1);
	assert_false(ZSTD_isError(packed_size));
	assert_int_equal(open_written(packed, packed_size, &r), 0);
	while (trace_next(r, &item) != TRACE_END) {
		assert_int_not_equal(item.type, TRACE_ANOMALY);
		records += item.type == TRACE_RECORD;
	}
	assert_int_equal(records, 25000);
	trace_close(r);
	free(words);
}

static void tells_where_a_packed_file_is_cut(void **state)
{
	static unsigned char packed[PACKED_MAX];
	struct trace_reader *r;
	unsigned int anomalies;
	struct trace_bytes t;
	char what[96], told[96];
	size_t size, cut;

	(void)state;
	make_sample(&t);
	size = pack(&t, packed);
	for (cut = 4; cut < size; cut += 97) {
		r = NULL;
		assert_int_equal(open_written(packed, cut, &r), 0);
		assert_true(count_records(r, &anomalies, what) < 200);
		assert_int_equal(anomalies, 1);
		snprintf(told, sizeof(told), "the zstd stream is cut after %zu bytes", cut);
		assert_string_equal(what, told);
		trace_close(r);
	}
}

static void tells_that_a_packed_file_is_damaged(void **state)
{
	static unsigned char packed[PACKED_MAX];
	struct trace_reader *r = NULL;
	unsigned int anomalies;
	struct trace_bytes t;
	char what[96];
	size_t size;

	(void)state;
	make_sample(&t);
	size = pack(&t, packed);
	memset(packed + size - 40, 0xff, 20);
	assert_int_equal(open_written(packed, size, &r), 0);
	count_records(r, &anomalies, what);
	assert_non_null(strstr(what, "the zstd stream is damaged"));
	trace_close(r);
	/* What is packed may be no trace. */
	size = ZSTD_compress(packed, PACKED_MAX, "no trace, but a text", 20, 1);
	assert_int_equal(open_written(packed, size, &r), -EBADMSG);
}

static void says_why_it_cannot_unpack(void **state)
{
	static unsigned char packed[PACKED_MAX];
	const char *old = getenv("TMPDIR");
	struct trace_reader *r = NULL;
	struct trace_bytes t;
	char *kept = old ? strdup(old) : NULL;

	(void)state;
	make_sample(&t);
	setenv("TMPDIR", "/nonexistent", 1);
	assert_int_equal(open_written(packed, pack(&t, packed), &r), -ENOENT);
	assert_null(r);
	if (kept)
		setenv("TMPDIR", kept, 1);
	else
		unsetenv("TMPDIR");
	free(kept);
}

/* Bytes that the process had at most, since that was forgotten. No stream: a sanitizer would keep its buffer. */
static unsigned long get_peak(void)
{
	char text[4096] = "", *peak;
	int fd = open("/proc/self/status", O_RDONLY);

	assert_true(fd >= 0 && read(fd, text, sizeof(text) - 1) > 0);
	close(fd);
	peak = strstr(text, "VmHWM:");
	assert_non_null(peak);
	return strtoul(peak + 6, NULL, 10) * 1024;
}

static void forget_peak(void)
{
	int fd = open("/proc/self/clear_refs", O_WRONLY);

	assert_true(fd >= 0 && write(fd, "5", 1) == 1);
	close(fd);
}

/*
 * One CPU's records in one window, and many CPUs' in many: no more is kept than promised. Nor where
 * most of a window is damaged, or most of the file is behind it.
 */
static void keeps_memory_constant(unsigned int nr_cpus, unsigned int per_window,
				  unsigned int per_header, bool damaged)
{
	const unsigned int nr_records = 3000000; /* 84 MB */
	uint32_t record[7] = {0}, header[3] = {0x2001f003u};
	unsigned long before;
	struct trace_reader *r = NULL;
	struct trace_item item;
	char path[64];
	unsigned int i;
	FILE *f;

	write_file(path, "", 0);
	f = fopen(path, "w");
	assert_non_null(f);
	header[2] = per_header * sizeof(record);
	for (i = 0; i < nr_records; i++) {
		header[1] = i / per_window % nr_cpus;
		record[1] = i + 1;
		record[0] = damaged && i > 1000 && i < 2900000 ? 0 : EVENT | 4u << 28 | 1u << 31;
		if (i % per_window == 0)
			fwrite(header, sizeof(header), 1, f);
		fwrite(record, sizeof(record), 1, f);
	}
	assert_int_equal(fclose(f), 0);
	forget_peak();
	before = get_peak();
	assert_int_equal(trace_open(path, &r), 0);
	for (i = 0; trace_next(r, &item) != TRACE_END; i += item.type == TRACE_RECORD)
		;
	assert_true(damaged ? i >= 1000 && i < 102000 : i == nr_records);
	trace_close(r);
	unlink(path);
	assert_true(get_peak() - before < 2 * (unsigned long)TRACE_MAPPED_BYTES);
}

static void keeps_memory_constant_in_one_window(void **state)
{
	(void)state;
	keeps_memory_constant(1, 3000000, 3000000, false);
}

static void keeps_memory_constant_in_many_windows(void **state)
{
	(void)state;
	keeps_memory_constant(4, 1000, 1000, false);
}

static void keeps_memory_constant_in_damage(void **state)
{
	(void)state;
	keeps_memory_constant(1, 3000000, 3000000, true);
	keeps_memory_constant(1, 3000000, 1000, true);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_a_file),
		cmocka_unit_test(reads_a_packed_file),
		cmocka_unit_test(reads_packed_pieces),
		cmocka_unit_test(unpacks_more_than_a_buffer),
		cmocka_unit_test(tells_where_a_packed_file_is_cut),
		cmocka_unit_test(tells_that_a_packed_file_is_damaged),
		cmocka_unit_test(says_why_it_cannot_unpack),
		cmocka_unit_test(keeps_memory_constant_in_one_window),
		cmocka_unit_test(keeps_memory_constant_in_many_windows),
		cmocka_unit_test(keeps_memory_constant_in_damage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
