// SPDX-License-Identifier: GPL-2.0-only
/*
 * A fuzzer for all that reads trace files: reader, skew, summary, dump, exports, claims, diff. It
 * aborts when
 * - a byte of the file is in no item, or in two, or the reader's own sum is wrong;
 * - time goes back between two items, though no anomaly said that a clock did;
 * - items of one CPU are not in the order of the file;
 * - an export grows beyond its limit, or one around a record has nothing in it;
 * - reading again after trace_rewind() gives other items.
 * Packed input goes through trace_open(), and a file, as it would in life.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tracepoints/claims.h"
#include "tracepoints/diff_print.h"
#include "tracepoints/dump.h"
#include "tracepoints/export.h"
#include "tracepoints/print.h"
#include "tracepoints/reader.h"
#include "tracepoints/skew.h"
#include "tracepoints/summary.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define CHECK(condition)                                                                           \
	do {                                                                                       \
		if (!(condition)) {                                                                \
			fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition);    \
			abort();                                                                   \
		}                                                                                  \
	} while (0)

/* From so many pairs on an interval takes 10,000 resamples: more of them would only take longer. */
#define BOOTSTRAPPED 10

struct check {
	unsigned char *seen; /* a byte for each of the file */
	uint64_t size;
	uint64_t floor;
	uint64_t next[TRACE_CPUS_MAX]; /* where the next item of a CPU may start */
	uint64_t hash;		       /* of all items */
};

static void mix(struct check *c, uint64_t value)
{
	c->hash = (c->hash ^ value) * 0x9e3779b97f4a7c15ull;
	c->hash ^= c->hash >> 29;
}

static void check_bytes(struct check *c, const struct trace_item *item)
{
	uint64_t i;

	CHECK(item->offset <= c->size && item->size <= c->size - item->offset);
	CHECK(item->cpu < TRACE_CPUS_MAX);
	CHECK(item->offset >= c->next[item->cpu]);
	c->next[item->cpu] = item->offset + item->size;
	for (i = item->offset; i < item->offset + item->size; i++)
		CHECK(!c->seen[i]++);
}

static void check_time(struct check *c, const struct trace_item *item)
{
	if (item->type == TRACE_ANOMALY) {
		CHECK(memchr(item->what, '\0', sizeof(item->what)));
		if (strstr(item->what, "goes back"))
			c->floor = 0;
	} else if (item->has_tsc && item->type != TRACE_WRAP) {
		CHECK(item->tsc >= c->floor);
		c->floor = item->tsc;
	}
}

static void check_item(struct check *c, const struct trace_item *item)
{
	unsigned int i;

	check_bytes(c, item);
	check_time(c, item);
	CHECK(item->nr_words <= TRACE_WORDS_MAX);
	CHECK(item->has_tsc || !item->tsc);
	for (i = item->type == TRACE_RECORD ? 0 : TRACE_WORDS_MAX; i < TRACE_WORDS_MAX; i++) {
		CHECK(i < item->nr_words || !item->words[i]);
		mix(c, item->words[i]);
	}
	mix(c, item->offset);
	mix(c, item->tsc);
	mix(c, (uint64_t)item->type);
}

static void check_records(struct trace_reader *r, struct check *c)
{
	struct trace_record *records;
	struct trace_item item;
	unsigned int count = trace_next_records(r, &records), i;

	for (i = 0; i < count; i++) {
		trace_get_item(&records[i], &item);
		check_item(c, &item);
	}
}

/* Returns a hash of all items; at once where they come at once, too. */
static uint64_t check_all(struct trace_reader *r, uint64_t size, bool at_once)
{
	static struct check c;
	struct trace_item item;
	struct trace_sum sum;
	uint64_t hash, i;

	memset(&c, 0, sizeof(c));
	c.size = size;
	c.seen = calloc(size + 1, 1);
	CHECK(c.seen);
	while (trace_next(r, &item) != TRACE_END) {
		check_item(&c, &item);
		if (at_once)
			check_records(r, &c);
	}
	CHECK(trace_next(r, &item) == TRACE_END && item.offset == size);
	for (i = 0; i < size; i++)
		CHECK(c.seen[i]);
	CHECK(!trace_get_sum(r, &sum) && sum.file == size && trace_position(r) == size);
	hash = c.hash;
	free(c.seen);
	return hash;
}

static void dump_all(struct trace_reader *r, FILE *out, bool json)
{
	struct dump *dump = dump_start(out, json);
	struct trace_item item;

	CHECK(dump);
	trace_rewind(r);
	while (trace_next(r, &item) != TRACE_END)
		dump_item(dump, &item);
	CHECK(!dump_end(dump));
}

static void summarise(struct trace_reader *r, FILE *out, unsigned int by)
{
	const struct print_options options = {~0u, SECTION_LONGEST};
	struct summary *s;

	trace_rewind(r);
	CHECK(!summary_read(r, by, &s));
	CHECK(!s->sum_error);
	print_summary(out, "fuzzed", s, &options);
	CHECK(!print_summary_json(out, "fuzzed", s));
	summary_free(s);
}

static void run_export(struct export *e, FILE *out, int (*format)(struct export *))
{
	e->sink = (struct sink){.file = out, .limit = EXPORT_LIMIT_SMALL};
	trace_rewind(e->reader);
	CHECK(!format(e));
	CHECK(e->sink.bytes <= e->sink.limit);
}

static void export_as(struct trace_reader *r, FILE *out, int (*format)(struct export *))
{
	struct export e = {.file = "fuzzed", .reader = r, .hz = 1000000000};

	filter_init(&e.filter);
	run_export(&e, out, format);
}

static void export_around(struct trace_reader *r, FILE *out, uint64_t size, uint64_t number)
{
	struct export e = {.file = "fuzzed", .reader = r, .hz = 1000};

	filter_init(&e.filter);
	e.filter.has_around = true;
	e.filter.around = number % (size + 1);
	e.filter.span = number & 1 ? UINT64_MAX : number % 5000;
	trace_rewind(r);
	if (filter_find_around(&e.filter, r))
		return;
	run_export(&e, out, export_csv);
	CHECK(e.written || e.cut);
}

static void follow_claims(struct trace_reader *r, FILE *out)
{
	struct claims *claims;

	trace_rewind(r);
	CHECK(!claims_read(r, &claims));
	CHECK(claims_count_unexplained(claims) <= claims->nr_lives);
	claims_print(out, "fuzzed", claims);
	claims_print_json(out, "fuzzed", claims);
	claims_free(claims);
}

/* As one pair or as many, of which a bit of number says which of both is where. */
static void compare(struct summary *const *both, FILE *out, uint64_t number)
{
	const struct diff_options options = {.exact = number & 1, .delta = 0.01, .seed = 1};
	const struct fingerprint_fields fields = {0};
	const char *paths[BOOTSTRAPPED];
	struct summary *summaries[2][BOOTSTRAPPED];
	struct diff_side sides[2];
	struct diff diff;

	for (unsigned int i = 0; i < BOOTSTRAPPED; i++) {
		paths[i] = "fuzzed";
		summaries[0][i] = both[number >> 8 >> i & 1];
		summaries[1][i] = both[number >> 20 >> i & 1];
	}
	for (unsigned int i = 0; i < 2; i++)
		sides[i] = (struct diff_side){.nr = number & 2 ? 1 : 1 + (number >> 2) % BOOTSTRAPPED,
					      .paths = paths,
					      .summaries = summaries[i]};
	CHECK(!diff_traces(&sides[0], &sides[1], &options, &diff));
	CHECK(diff.regressed <= diff.nr_rows);
	print_diff(out, &diff, &fields);
	CHECK(!print_diff_json(out, &diff, &fields));
	diff_free(&diff);
}

/* The trace, and what is left of it without other records. */
static void compare_parts(struct trace_reader *r, FILE *out, uint64_t number)
{
	static const char *const names[] = {"lock", "claims", "free", "populate,teardown"};
	struct select select = {0};
	struct summary *both[2];
	char error[100];

	CHECK(!select_parse(names[number & 3], &select, error, sizeof(error)));
	trace_rewind(r);
	CHECK(!summary_read(r, SUMMARY_BY, &both[0]));
	trace_rewind(r);
	CHECK(!summary_read_some(r, SUMMARY_BY, &select, &both[1]));
	compare(both, out, number >> 2);
	summary_free(both[0]);
	summary_free(both[1]);
}

static void correct(struct trace_reader *r, uint64_t size)
{
	struct skew skew;

	CHECK(!skew_correct(r, &skew));
	check_all(r, size, true);
}

/* One of those who read items; each has its own costs, and all of them take long. */
static void use(struct trace_reader *r, uint64_t size, uint64_t number)
{
	static int (*const formats[])(struct export *) = {export_csv, export_jsonl, export_perfetto,
							  export_trace_event};
	static FILE *out;

	if (!out)
		out = fopen("/dev/null", "w");
	CHECK(out);
	switch (number % 7) {
	case 0: dump_all(r, out, number & 8); break;
	case 1: summarise(r, out, number >> 3 & 15); break;
	case 2: export_as(r, out, formats[number >> 3 & 3]); break;
	case 3: correct(r, size); break;
	case 4: export_around(r, out, size, number >> 3); break;
	case 5: follow_claims(r, out); break;
	case 6: compare_parts(r, out, number >> 3); break;
	}
}

static int open_packed(const uint8_t *data, size_t size, struct trace_reader **r)
{
	int fd = memfd_create("fuzzed", MFD_CLOEXEC), ret;
	char path[32];

	CHECK(fd >= 0 && write(fd, data, size) == (ssize_t)size);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	ret = trace_open(path, r);
	close(fd);
	return ret;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct trace_reader *r;
	struct trace_sum sum;
	uint64_t hash;
	int ret;

	if (size >= 4 && !memcmp(data, "\x28\xb5\x2f\xfd", 4))
		ret = open_packed(data, size, &r);
	else
		ret = trace_open_memory(data, size, &r);
	if (ret)
		return 0;
	trace_get_sum(r, &sum);
	hash = check_all(r, sum.file, false);
	trace_rewind(r);
	CHECK(check_all(r, sum.file, true) == hash);
	use(r, sum.file, hash >> 32);
	trace_close(r);
	return 0;
}
