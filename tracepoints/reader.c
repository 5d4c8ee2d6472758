// SPDX-License-Identifier: GPL-2.0-only
#include "tracepoints/reader.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "tracepoints/reader_private.h"

/* After damage: so many records in a row that make sense are records. */
#define CHAIN_RECORDS 4

/* A record as it lies in the file. */
struct raw {
	uint32_t header;
	uint32_t size;
	uint64_t tsc;
};

/* Report what is wrong at the position, and go on reading at next. */
__attribute__((format(printf, 5, 6))) static enum trace_item_type
anomaly(struct trace_reader *r, struct cursor *c, struct trace_item *item, uint64_t next,
	const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(item->what, sizeof(item->what), fmt, ap);
	va_end(ap);
	item->size = next - c->position;
	c->position = next;
	release_pages(r, item->size);
	r->sums[TRACE_ANOMALY] += item->size;
	return TRACE_ANOMALY;
}

/* Each class is one bit, and Xen records nothing without a class and a subclass. */
static inline bool is_plausible(uint32_t header)
{
	uint32_t class = TRACE_HEADER_EVENT(header) >> 16;

	return class && !(class & (class - 1)) && (header & 0xf000) &&
	       TRACE_HEADER_EVENT(header) != TRACE_EVENT_CPU_CHANGE;
}

/* Copied, or where the file is mapped. */
static inline const unsigned char *bytes_at(const struct trace_reader *r, const struct cursor *c,
					    uint64_t offset)
{
	return offset < c->stop ? (const unsigned char *)(c->base + offset) : r->bytes + offset;
}

/* False when no record that fits lies at offset. */
static inline bool get_record(const struct trace_reader *r, const struct cursor *c,
			      uint64_t offset, struct raw *raw)
{
	const unsigned char *at = bytes_at(r, c, offset);
	uint64_t room = c->window.end - offset;

	if (room < 4)
		return false;
	memcpy(&raw->header, at, sizeof(raw->header));
	raw->size = size_of(raw->header);
	raw->tsc = 0;
	if (!is_plausible(raw->header) || raw->size > room)
		return false;
	if (TRACE_HEADER_HAS_TSC(raw->header)) {
		memcpy(&raw->tsc, at + 4, sizeof(raw->tsc));
		raw->tsc += (uint64_t)c->shift;
	}
	return true;
}

/* The time of padding says nothing: it was written together with what follows. */
static bool is_timed(const struct raw *raw)
{
	return TRACE_HEADER_HAS_TSC(raw->header) &&
	       TRACE_HEADER_EVENT(raw->header) != TRACE_EVENT_WRAP;
}

static bool is_chain_at(const struct trace_reader *r, const struct cursor *c, uint64_t offset)
{
	uint64_t last = c->tsc;
	struct raw raw;
	unsigned int i;

	for (i = 0; i < CHAIN_RECORDS && offset < c->window.end; i++, offset += raw.size) {
		if (!get_record(r, c, offset, &raw))
			return false;
		if (TRACE_HEADER_EVENT(raw.header) == TRACE_EVENT_WRAP)
			continue;
		if (!is_timed(&raw) || raw.tsc < last || (last && raw.tsc - last > JUMP_CYCLES))
			return false;
		last = raw.tsc;
	}
	return true;
}

/* Where records make sense again, or the end of the window. */
static uint64_t find_record(struct trace_reader *r, const struct cursor *c)
{
	uint64_t at = c->position;

	for (at += 4; at < c->window.end; at += 4) {
		if (is_chain_at(r, c, at))
			return at;
		if ((at - c->position) % SEARCHED_BYTES == 0)
			release_pages(r, SEARCHED_BYTES);
	}
	return c->window.end;
}

static enum trace_item_type take_damage(struct trace_reader *r, struct cursor *c,
					struct trace_item *item)
{
	unsigned long long room = c->window.end - c->position, skipped;
	uint64_t next;
	uint32_t header;

	if (room < 4)
		return anomaly(r, c, item, c->window.end, "%llu stray bytes at the end of a window",
			       room);
	header = word_at(r, c->position);
	if (is_window_at(r, c->position))
		return anomaly(r, c, item, c->window.end,
			       "a window starts inside a whole one: %llu bytes skipped", room);
	next = find_record(r, c);
	skipped = next - c->position;
	if (is_plausible(header))
		return anomaly(r, c, item, next,
			       "record of %u bytes where the window has %llu: %llu skipped",
			       size_of(header), room, skipped);
	return anomaly(r, c, item, next, "0x%08x is no record header: %llu bytes skipped", header,
		       skipped);
}

static enum trace_item_type take_record(struct trace_reader *r, struct cursor *c,
					struct trace_item *item, enum trace_item_type type,
					const struct raw *raw)
{
	size_t bytes = 4 * TRACE_HEADER_WORDS(raw->header);

	memset(item->words, 0, sizeof(item->words));
	memcpy(item->words, bytes_at(r, c, c->position) + raw->size - bytes, bytes);
	item->size = raw->size;
	item->tsc = raw->tsc;
	item->event = TRACE_HEADER_EVENT(raw->header);
	item->has_tsc = TRACE_HEADER_HAS_TSC(raw->header);
	item->nr_words = TRACE_HEADER_WORDS(raw->header);
	c->position += raw->size;
	r->sums[type] += raw->size;
	return type;
}

static enum trace_item_type take_lost(struct trace_reader *r, struct cursor *c,
				      struct trace_item *item, const struct raw *raw)
{
	if (TRACE_HEADER_WORDS(raw->header) != 4)
		return anomaly(r, c, item, c->position + raw->size,
			       "lost-records marker with %u words instead of 4",
			       TRACE_HEADER_WORDS(raw->header));
	take_record(r, c, item, TRACE_LOST, raw);
	item->lost = item->words[0];
	item->first_tsc = (uint64_t)item->words[3] << 32 | item->words[2];
	r->lost += item->lost;
	return TRACE_LOST;
}

/* The next time stamp after the record at offset is between the last one and its own, which is
 * wrong. */
static bool is_spike(const struct trace_reader *r, const struct cursor *c, uint64_t offset,
		     const struct raw *raw)
{
	struct raw next = *raw;
	unsigned int i;

	if (raw->tsc - c->tsc <= JUMP_CYCLES)
		return false;
	for (i = 0; i < CHAIN_RECORDS; i++) {
		offset += next.size;
		if (!get_record(r, c, offset, &next))
			return false;
		if (is_timed(&next))
			return next.tsc >= c->tsc && next.tsc < raw->tsc;
	}
	return false;
}

/* Returns TRACE_END when the record is another CPU's turn. */
static enum trace_item_type take_timed(struct trace_reader *r, struct cursor *c,
				       struct trace_item *item, const struct raw *raw)
{
	if (raw->tsc < c->tsc) {
		c->tsc = raw->tsc;
		return anomaly(r, c, item, c->position + raw->size,
			       "time stamp of CPU %u goes back: record skipped", c->cpu);
	}
	if (is_spike(r, c, c->position, raw))
		return anomaly(r, c, item, c->position + raw->size,
			       "time stamp of CPU %u jumps ahead and back: record skipped", c->cpu);
	if (raw->tsc > r->limit) {
		switch_cursor(r, raw->tsc);
		return TRACE_END;
	}
	c->tsc = raw->tsc;
	return TRACE_HEADER_EVENT(raw->header) == TRACE_EVENT_LOST
		       ? take_lost(r, c, item, raw)
		       : take_record(r, c, item, TRACE_RECORD, raw);
}

static enum trace_item_type next_record(struct trace_reader *r, struct cursor *c,
					struct trace_item *item)
{
	struct raw raw;

	if (!get_record(r, c, c->position, &raw))
		return take_damage(r, c, item);
	if (is_timed(&raw))
		return take_timed(r, c, item, &raw);
	if (TRACE_HEADER_EVENT(raw.header) == TRACE_EVENT_LOST)
		return take_lost(r, c, item, &raw);
	return take_record(r, c, item,
			   TRACE_HEADER_EVENT(raw.header) == TRACE_EVENT_WRAP ? TRACE_WRAP
									      : TRACE_RECORD,
			   &raw);
}

/* A window begins when its first record is due. */
static enum trace_item_type take_header(struct trace_reader *r, struct cursor *c,
					struct trace_item *item)
{
	uint64_t first = c->position + WINDOW_BYTES;
	struct raw raw;

	if (get_record(r, c, first, &raw) && is_timed(&raw) && raw.tsc >= c->tsc &&
	    raw.tsc > r->limit && !is_spike(r, c, first, &raw)) {
		switch_cursor(r, raw.tsc);
		return TRACE_END;
	}
	c->in_header = false;
	c->position = first;
	r->sums[TRACE_WINDOW] += WINDOW_BYTES;
	item->size = WINDOW_BYTES;
	item->window = word_at(r, c->window.at + 8);
	return TRACE_WINDOW;
}

static enum trace_item_type tell_short(struct trace_reader *r, struct cursor *c,
				       struct trace_item *item)
{
	unsigned long long bytes = c->window.short_by;

	c->told_short = true;
	if (c->window.end == r->size)
		return anomaly(r, c, item, c->position,
			       "the file ends %llu bytes before its last window does", bytes);
	return anomaly(r, c, item, c->position,
		       "a window starts %llu bytes before the end of another", bytes);
}

/* All of the window's records were handed out: what is wrong with it, and with what follows? */
static enum trace_item_type leave_window(struct trace_reader *r, struct cursor *c,
					 struct trace_item *item)
{
	if (!c->told_short)
		return tell_short(r, c, item);
	if (c->position < c->window.next)
		return anomaly(r, c, item, c->window.next,
			       "no window starts here: %llu bytes skipped",
			       (unsigned long long)(c->window.next - c->position));
	next_window_of(r, c);
	if (c->done)
		finish_cursor(r);
	return TRACE_END;
}

static enum trace_item_type tell_last_words(struct trace_reader *r, struct trace_item *item)
{
	item->offset = r->size;
	item->size = 0;
	item->cpu = 0;
	if (r->told_last || !r->last_words[0])
		return TRACE_END;
	r->told_last = true;
	memcpy(item->what, r->last_words, sizeof(item->what));
	return TRACE_ANOMALY;
}

enum trace_item_type next_slow(struct trace_reader *r, struct trace_item *item)
{
	enum trace_item_type type = TRACE_END;
	struct cursor *c;

	item->has_tsc = false;
	item->tsc = 0;
	item->nr_words = 0;
	while (type == TRACE_END && (c = r->current)) {
		item->cpu = c->cpu;
		item->offset = c->position;
		if (c->in_header)
			type = take_header(r, c, item);
		else if (c->position < c->window.end)
			type = next_record(r, c, item);
		else
			type = leave_window(r, c, item);
	}
	if (type == TRACE_END)
		type = tell_last_words(r, item);
	item->type = type;
	return type;
}

/* For those who judge the file as a whole: told once, after the last item. */
void set_last_words(struct trace_reader *r, const char *text)
{
	if (!r->last_words[0])
		snprintf(r->last_words, sizeof(r->last_words), "%s", text);
}

/* The first and the last time stamp in a window, as the file has them. */
bool find_times(struct trace_reader *r, const struct window *w, uint64_t *first, uint64_t *last)
{
	struct cursor c = {.window = *w, .position = w->at + WINDOW_BYTES};
	struct raw raw;

	*first = *last = 0;
	for (;;) {
		if (c.position >= c.stop)
			fetch_stride(r, &c);
		if (!get_record(r, &c, c.position, &raw))
			break;
		c.position += raw.size;
		if (!is_timed(&raw))
			continue;
		*first = *first ? *first : raw.tsc;
		*last = raw.tsc;
	}
	free(c.buffer);
	return *last;
}

void trace_rewind(struct trace_reader *r)
{
	memset(r->sums, 0, sizeof(r->sums));
	r->lost = 0;
	r->told_last = false;
	start_merge(r);
}

struct cursor *find_cursor(const struct trace_reader *r, uint32_t cpu)
{
	unsigned int low = 0, high = r->nr_cursors, middle;

	while (low < high) {
		middle = (low + high) / 2;
		if (r->cursors[middle].cpu < cpu)
			low = middle + 1;
		else
			high = middle;
	}
	return low < r->nr_cursors && r->cursors[low].cpu == cpu ? &r->cursors[low] : NULL;
}

void trace_shift_cpu(struct trace_reader *r, uint32_t cpu, int64_t cycles)
{
	struct cursor *c = find_cursor(r, cpu);

	if (c)
		c->shift = (int64_t)((uint64_t)c->shift + (uint64_t)cycles);
}

unsigned int trace_get_cpus(const struct trace_reader *r, uint32_t *cpus, unsigned int max)
{
	unsigned int i;

	for (i = 0; i < r->nr_cursors && i < max; i++)
		cpus[i] = r->cursors[i].cpu;
	return r->nr_cursors;
}

int trace_get_sum(const struct trace_reader *r, struct trace_sum *sum)
{
	sum->file = r->size;
	sum->records = r->sums[TRACE_RECORD];
	sum->markers = r->sums[TRACE_WINDOW] + r->sums[TRACE_WRAP] + r->sums[TRACE_LOST];
	sum->skipped = r->sums[TRACE_ANOMALY];
	sum->lost = r->lost;
	if (r->current)
		return -EAGAIN;
	return sum->records + sum->markers + sum->skipped == sum->file ? 0 : -EBADMSG;
}
