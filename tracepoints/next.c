// SPDX-License-Identifier: GPL-2.0-only
/*
 * The common case: ordinary records in time, decided by few comparisons. Many are taken at a time,
 * as deciding whose turn it is and what to do with a record are faster apart. Hot.
 */
#include "tracepoints/reader_private.h"

/* Records of Xen's own class are about the buffer: padding, losses. */
static inline bool is_ordinary(uint32_t header)
{
	uint32_t class = TRACE_HEADER_EVENT(header) >> 16;

	return class > 1 && !(class & (class - 1)) && (header & 0xf000);
}

/*
 * Take records of the current cursor, up to room of them, as long as they are ordinary and its
 * turn. Returns behind the last one; *turn is the time of the one that has to wait, else 0.
 */
static inline struct trace_record *take_run(struct trace_reader *r, struct cursor *c,
					    struct trace_record *to, const struct trace_record *end,
					    uint64_t *turn)
{
	uint64_t position = c->position, last = c->tsc;
	const uint64_t stop = c->stop, limit = r->limit, shift = (uint64_t)c->shift;

	for (*turn = 0; to < end && position < stop; to++) {
		const unsigned char *at = (const unsigned char *)(c->base + position);
		const unsigned char *words = at + 4;
		uint64_t tsc = 0;
		uint32_t header;

		memcpy(&header, at, sizeof(header));
		if (!is_ordinary(header))
			break;
		if (TRACE_HEADER_HAS_TSC(header)) {
			memcpy(&tsc, at + 4, sizeof(tsc));
			tsc += shift;
			if (tsc < last || tsc - last > JUMP_CYCLES)
				break;
			if (tsc > limit) {
				*turn = tsc;
				break;
			}
			last = tsc;
			words = at + 12;
		}
		*to = (struct trace_record){tsc, position, words, header, c->cpu};
		position += (uint64_t)(words - at) + 4 * TRACE_HEADER_WORDS(header);
	}
	r->sums[TRACE_RECORD] += position - c->position;
	c->position = position;
	c->tsc = last;
	return to;
}

static void take_records(struct trace_reader *r)
{
	struct trace_record *to = r->run;
	uint64_t turn = 1;

	while (turn && to < r->run + RUN_RECORDS && r->current) {
		to = take_run(r, r->current, to, r->run + RUN_RECORDS, &turn);
		if (turn)
			switch_cursor(r, turn);
	}
	r->run_at = 0;
	r->run_count = (unsigned int)(to - r->run);
}

static __attribute__((noinline)) bool refill(struct trace_reader *r)
{
	do {
		take_records(r);
	} while (!r->run_count && r->current && fetch_stride(r, r->current));
	return r->run_count;
}

/* Is there one that was taken and not handed out? */
static inline bool has_records(struct trace_reader *r)
{
	return r->run_at < r->run_count || refill(r);
}

unsigned int trace_next_records(struct trace_reader *r, struct trace_record **records)
{
	unsigned int count = has_records(r) ? r->run_count - r->run_at : 0;

	*records = r->run + r->run_at;
	r->run_at = r->run_count;
	return count;
}

/* Four words at any address. */
typedef uint32_t quad __attribute__((vector_size(16), aligned(4), may_alias));
typedef uint32_t loose_quad __attribute__((vector_size(16), aligned(1), may_alias));

#define KEEP(n)                                                                                    \
	{                                                                                          \
		-(n > 0), -(n > 1), -(n > 2), -(n > 3), -(n > 4), -(n > 5), -(n > 6), 0            \
	}
static const uint32_t kept_words[TRACE_WORDS_MAX + 1][8] = {KEEP(0), KEEP(1), KEEP(2), KEEP(3),
							    KEEP(4), KEEP(5), KEEP(6), KEEP(7)};

void trace_copy_words(const struct trace_record *record, uint32_t *words)
{
	const uint32_t *kept = kept_words[TRACE_HEADER_WORDS(record->header)];

	*(quad *)words = *(const loose_quad *)record->words & *(const quad *)kept;
	*(quad *)(words + 4) =
		*(const loose_quad *)(record->words + 16) & *(const quad *)(kept + 4);
}

void trace_get_item(const struct trace_record *record, struct trace_item *item)
{
	item->type = TRACE_RECORD;
	item->cpu = record->cpu;
	item->offset = record->offset;
	item->size = size_of(record->header);
	item->tsc = record->tsc;
	item->event = TRACE_HEADER_EVENT(record->header);
	item->has_tsc = TRACE_HEADER_HAS_TSC(record->header);
	item->nr_words = TRACE_HEADER_WORDS(record->header);
	trace_copy_words(record, item->words);
}

void trace_get_record(const struct trace_item *item, struct trace_record *record)
{
	*record = (struct trace_record){
		.tsc = item->tsc,
		.offset = item->offset,
		.words = (const unsigned char *)item->words,
		.header = item->event | item->nr_words << 28 | (uint32_t)item->has_tsc << 31,
		.cpu = item->cpu,
	};
}

enum trace_item_type trace_next(struct trace_reader *r, struct trace_item *item)
{
	if (!has_records(r))
		return next_slow(r, item);
	trace_get_item(&r->run[r->run_at++], item);
	return TRACE_RECORD;
}

uint64_t trace_position(const struct trace_reader *r)
{
	uint64_t sum = 0;
	unsigned int i;

	for (i = 0; i < TRACE_ITEM_TYPES; i++)
		sum += r->sums[i];
	for (i = r->run_at; i < r->run_count; i++)
		sum -= size_of(r->run[i].header);
	return sum;
}
