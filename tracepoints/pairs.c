// SPDX-License-Identifier: GPL-2.0-only
#include "tracepoints/pairs.h"

#include <stdlib.h>
#include <string.h>

#include "tracepoints/catalog.h"

/* Spans that may be open at a time. */
#define OPEN_MAX 8192
#define HEADS 1024
#define CACHED_EVENTS 256

/* A span that has begun; on the list of its hash, or on that of free ones. */
struct open {
	struct open *next;
	unsigned int row;
	uint64_t track;
	struct pair_span span;
};

/* What the rows make of an event. */
struct roles {
	uint32_t event;
	uint32_t begins, ends, crosses; /* a bit for each row */
};

/* The fields of a row, found in the catalog. */
struct row_fields {
	struct pair_field domain, key, cycles, lead, amount, asked, again;
};

struct pairing {
	pair_emit emit;
	void *context;
	uint32_t which;
	uint64_t no_room;
	uint64_t last_tsc;
	unsigned int nr_open, nr_used;
	struct open *free;
	struct open *heads[HEADS];
	struct roles cache[CACHED_EVENTS];
	struct row_fields fields[PAIRS_MAX];
	struct open pool[OPEN_MAX];
};

static bool matches(const struct pair_match *match, uint32_t event)
{
	return match->event && (event & ~match->ignore) == match->event;
}

uint32_t pairs_of_shape(enum pair_shape shape)
{
	uint32_t which = 0;

	for (unsigned int i = 0; pairs[i].name; i++)
		which |= (uint32_t)(pairs[i].shape == shape) << i;
	return which;
}

const char *pair_outcome_name(enum pair_outcome outcome)
{
	static const char *const names[] = {
		[PAIR_COMPLETE] = "complete", [PAIR_SHORT] = "short", [PAIR_CENSORED] = "censored"};

	return names[outcome];
}

/* Named fields are of the event that ends the span. */
static struct pair_field find_field(const struct pair *pair, struct pair_field field)
{
	const struct catalog_event *event = field.name ? catalog_find(pair->end.event) : NULL;

	for (unsigned int i = 0; event && i < event->nr_fields; i++)
		if (!strcmp(event->fields[i].name, field.name)) {
			field.offset = (uint8_t)event->fields[i].offset;
			field.bits = (uint8_t)event->fields[i].bits;
		}
	return field;
}

static void find_fields(struct pairing *p, unsigned int row)
{
	const struct pair *pair = &pairs[row];

	p->fields[row] = (struct row_fields){
		.domain = find_field(pair, pair->domain),
		.key = find_field(pair, pair->key),
		.cycles = find_field(pair, pair->cycles),
		.lead = find_field(pair, pair->lead),
		.amount = find_field(pair, pair->amount),
		.asked = find_field(pair, pair->asked),
		.again = find_field(pair, pair->again),
	};
}

struct pairing *pairing_new(uint32_t which, pair_emit emit, void *context)
{
	struct pairing *p = calloc(1, sizeof(*p));

	if (!p)
		return NULL;
	p->emit = emit;
	p->context = context;
	for (unsigned int i = 0; pairs[i].name; i++) {
		p->which |= which & 1u << i;
		find_fields(p, i);
	}
	return p;
}

void pairing_free(struct pairing *p)
{
	free(p);
}

static const struct roles *find_roles(struct pairing *p, uint32_t event)
{
	struct roles *roles = &p->cache[(event ^ event >> 12) % CACHED_EVENTS];

	if (roles->event == event)
		return roles;
	*roles = (struct roles){.event = event};
	for (unsigned int i = 0; pairs[i].name; i++) {
		roles->begins |= (uint32_t)matches(&pairs[i].begin, event) << i;
		roles->ends |= (uint32_t)matches(&pairs[i].end, event) << i;
		roles->crosses |= (uint32_t)matches(&pairs[i].cross, event) << i;
	}
	roles->begins &= p->which;
	roles->ends &= p->which;
	roles->crosses &= p->which;
	return roles;
}

static uint32_t get(const struct pair_field *field, const uint32_t *words)
{
	const struct catalog_field where = {.offset = field->offset, .bits = field->bits};

	return field->bits ? catalog_get(&where, words) : 0;
}

static struct open **find_open(struct pairing *p, unsigned int row, uint64_t track)
{
	uint64_t hash = (track ^ (uint64_t)row << 56) * 0x9e3779b97f4a7c15ull;
	struct open **link = &p->heads[hash >> 54];

	while (*link && ((*link)->row != row || (*link)->track != track))
		link = &(*link)->next;
	return link;
}

/* Hand out the span that *link leads to, and forget it. */
static void close_open(struct pairing *p, struct open **link, enum pair_outcome outcome)
{
	struct open *open = *link;

	*link = open->next;
	open->next = p->free;
	p->free = open;
	p->nr_open--;
	open->span.outcome = outcome;
	p->emit(p->context, &open->span);
}

static struct open *add_open(struct pairing *p, struct open **link, unsigned int row, uint64_t track,
			     const struct pair_span *span)
{
	struct open *open = p->free;

	if (open)
		p->free = open->next;
	else if (p->nr_used < OPEN_MAX)
		open = &p->pool[p->nr_used++];
	else {
		p->no_room++;
		return NULL;
	}
	*open = (struct open){*link, row, track, *span};
	*link = open;
	p->nr_open++;
	return open;
}

static uint64_t track_of(enum pair_track track, const struct pair_span *span)
{
	if (track == PAIR_ON_CPU)
		return span->cpu;
	return (uint64_t)span->domain << 32 | span->key;
}

/* What one record says of the span it begins, carries or ends. */
static void describe(const struct pairing *p, unsigned int row, const struct trace_item *item,
		     const uint32_t *words, struct pair_span *span)
{
	const struct row_fields *f = &p->fields[row];

	*span = (struct pair_span){
		.pair = &pairs[row],
		.cpu = item->cpu,
		.domain = f->domain.bits ? get(&f->domain, words) : PAIR_NO_DOMAIN,
		.key = get(&f->key, words),
		.runs = 1,
		.end = item->tsc,
		.cycles = get(&f->cycles, words),
		.lead = get(&f->lead, words),
		.amount = get(&f->amount, words),
		.asked = get(&f->asked, words),
		.first_offset = item->offset,
		.last_offset = item->offset,
	};
	span->begin = span->cycles < span->end ? span->end - span->cycles : 0;
}

static void join_run(struct pair_span *to, const struct pair_span *run)
{
	to->cpu = run->cpu;
	to->runs++;
	to->end = run->end;
	to->cycles += run->cycles;
	to->amount += run->amount;
	to->last_offset = run->last_offset;
}

static bool has_more(const struct pairing *p, unsigned int row, const struct pair_span *run,
		     const uint32_t *words)
{
	const struct row_fields *f = &p->fields[row];

	if (f->again.bits)
		return get(&f->again, words) == pairs[row].again_value;
	return run->amount < run->asked;
}

/* Is this run what is left of that span? */
static bool continues(const struct pairing *p, unsigned int row, const struct pair_span *span,
		      const struct pair_span *run)
{
	return !p->fields[row].asked.bits || run->asked == span->asked - span->amount;
}

static void add_run(struct pairing *p, unsigned int row, struct pair_span *run, const uint32_t *words)
{
	uint64_t track = track_of(pairs[row].track, run);
	struct open **link = find_open(p, row, track);
	bool more = has_more(p, row, run, words);

	if (*link && !continues(p, row, &(*link)->span, run))
		close_open(p, link, PAIR_SHORT);
	if (*link)
		join_run(&(*link)->span, run);
	else if (more)
		add_open(p, link, row, track, run);
	else
		p->emit(p->context, run);
	if (*link && !more)
		close_open(p, link, PAIR_COMPLETE);
}

static void add_end(struct pairing *p, unsigned int row, const struct trace_item *item,
		    const uint32_t *words)
{
	struct pair_span span;
	struct open **link;

	describe(p, row, item, words, &span);
	if (pairs[row].shape == PAIR_TIMED) {
		p->emit(p->context, &span);
		return;
	}
	if (pairs[row].shape == PAIR_RUNS) {
		add_run(p, row, &span, words);
		return;
	}
	link = find_open(p, row, track_of(pairs[row].track, &span));
	if (!*link)
		return;
	(*link)->span.cpu = item->cpu;
	(*link)->span.end = item->tsc;
	(*link)->span.cycles = item->tsc - (*link)->span.begin;
	(*link)->span.last_offset = item->offset;
	close_open(p, link, PAIR_COMPLETE);
}

/* The span is known to have lasted up to tsc. */
static void cut(struct pairing *p, struct open **link, uint64_t tsc, enum pair_outcome outcome)
{
	struct pair_span *span = &(*link)->span;

	if (span->pair->shape == PAIR_BEGIN_END && tsc > span->begin) {
		span->end = tsc;
		span->cycles = tsc - span->begin;
	}
	close_open(p, link, outcome);
}

static void add_begin(struct pairing *p, unsigned int row, const struct trace_item *item,
		      const uint32_t *words)
{
	struct pair_span span;
	struct open **link;
	uint64_t track;

	describe(p, row, item, words, &span);
	span.begin = item->tsc;
	track = track_of(pairs[row].track, &span);
	link = find_open(p, row, track);
	if (*link)
		cut(p, link, item->tsc, PAIR_SHORT);
	add_open(p, link, row, track, &span);
}

/* The domain that one of our records is about; else none. */
static uint32_t domain_of(const struct trace_item *item, const uint32_t *words)
{
	const struct catalog_event *event = catalog_find(item->event);

	for (unsigned int i = 0; event && i < event->nr_fields; i++)
		if (!strcmp(event->fields[i].unit, "domain"))
			return catalog_get(&event->fields[i], words);
	return PAIR_NO_DOMAIN;
}

/* Cut off all open spans of the rows in which that are on the CPU or domain. */
static void cut_all(struct pairing *p, uint32_t which, uint32_t cpu, uint32_t domain, uint64_t tsc,
		    enum pair_outcome outcome)
{
	struct open **link;

	for (unsigned int i = 0; p->nr_open && i < HEADS; i++)
		for (link = &p->heads[i]; *link;) {
			const struct open *open = *link;
			bool hit = which & 1u << open->row;

			if (pairs[open->row].track == PAIR_ON_CPU)
				hit = hit && open->span.cpu == cpu;
			else if (domain != PAIR_NO_DOMAIN)
				hit = hit && open->span.domain == domain;
			if (hit)
				cut(p, link, tsc, outcome);
			else
				link = &(*link)->next;
		}
}

static void add_record(struct pairing *p, const struct trace_item *item)
{
	const struct roles *roles = find_roles(p, item->event);
	const uint32_t *words = item->words;
	uint32_t rows;

	if (!(roles->begins | roles->ends | roles->crosses) || !item->has_tsc)
		return;
	for (rows = roles->ends; rows; rows &= rows - 1)
		add_end(p, (unsigned int)__builtin_ctz(rows), item, words);
	if (roles->crosses && p->nr_open)
		cut_all(p, roles->crosses, item->cpu, domain_of(item, words), item->tsc, PAIR_SHORT);
	for (rows = roles->begins; rows; rows &= rows - 1)
		add_begin(p, (unsigned int)__builtin_ctz(rows), item, words);
}

void pairing_add(struct pairing *p, const struct trace_item *item)
{
	if (item->type == TRACE_RECORD) {
		add_record(p, item);
		if (item->has_tsc)
			p->last_tsc = item->tsc;
	} else if (item->type == TRACE_LOST) {
		/* What is on no CPU may have gone on anywhere. */
		cut_all(p, p->which, item->cpu, PAIR_NO_DOMAIN, item->first_tsc, PAIR_CENSORED);
	} else if (item->type == TRACE_ANOMALY) {
		cut_all(p, p->which, item->cpu, PAIR_NO_DOMAIN, 0, PAIR_CENSORED);
	}
}

uint64_t pairing_finish(struct pairing *p)
{
	struct open **link;

	for (unsigned int i = 0; p->nr_open && i < HEADS; i++)
		for (link = &p->heads[i]; *link;)
			cut(p, link, p->last_tsc, PAIR_CENSORED);
	return p->no_room;
}
