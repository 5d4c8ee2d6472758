// SPDX-License-Identifier: GPL-2.0-only
#include "tracepoints/dump.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/text.h"
#include "tracepoints/catalog.h"

#define FIELDS_MAX 16
#define VALUES_MAX 32
/* Minor numbers of our events are below, see events.h. */
#define EVENTS_MAX 64
#define BUFFER_BYTES (256u << 10)
/* Longer than any line. */
#define LINE_BYTES 2048

/* A short text that is copied in one go, with what is behind it. */
struct chunk {
	char text[31];
	unsigned char length;
};

/* How to print a field: what comes before its value, where the value is, texts instead of it. */
struct field_plan {
	struct chunk prefix;
	unsigned int word, shift, bits;
	uint32_t none; /* a value that means none; UINT32_MAX when there is none of these */
	unsigned int nr_values;
	struct chunk values[VALUES_MAX];
};

struct event_plan {
	uint32_t number;
	struct chunk name;
	unsigned int nr_words, nr_fields;
	struct field_plan fields[FIELDS_MAX];
};

struct dump {
	FILE *out;
	bool json;
	int error;
	char *at;
	char buffer[BUFFER_BYTES];
	struct event_plan events[EVENTS_MAX]; /* by minor number */
};

static void set_chunk(struct chunk *c, const char *before, const char *text, const char *after)
{
	int length = snprintf(c->text, sizeof(c->text), "%s%s%s", before, text, after);

	c->length = length < (int)sizeof(c->text) ? (unsigned char)length : sizeof(c->text) - 1;
}

static inline char *put_chunk(char *to, const struct chunk *c)
{
	memcpy(to, c->text, sizeof(c->text));
	return to + c->length;
}

static void plan_values(struct dump *d, struct field_plan *plan, const struct catalog_field *field)
{
	const char *quote = d->json ? "\"" : "", *name;
	uint32_t i;

	for (i = 0; i < VALUES_MAX; i++) {
		name = catalog_value_name(field->type, i);
		if (!name)
			continue;
		set_chunk(&plan->values[i], quote, name, quote);
		plan->nr_values = i + 1;
	}
}

static void plan_field(struct dump *d, struct field_plan *plan, const struct catalog_field *field)
{
	plan->word = field->offset / 32;
	plan->shift = field->offset % 32;
	plan->bits = field->bits;
	plan->none = UINT32_MAX;
	if (!d->json && !strcmp(field->unit, "domain"))
		plan->none = HEAP_DOMID_NONE;
	if (!d->json && !strcmp(field->unit, "node"))
		plan->none = HEAP_NODE_NONE;
	set_chunk(&plan->prefix, d->json ? ",\"" : " ", field->name, d->json ? "\":" : "=");
	plan_values(d, plan, field);
}

static void plan_event(struct dump *d, const struct catalog_event *event)
{
	struct event_plan *plan = &d->events[event->number % EVENTS_MAX];

	plan->number = event->number;
	plan->nr_words = event->nr_words;
	set_chunk(&plan->name, d->json ? "\"" : "", event->name, d->json ? "\"" : "");
	for (; plan->nr_fields < event->nr_fields && plan->nr_fields < FIELDS_MAX;
	     plan->nr_fields++)
		plan_field(d, &plan->fields[plan->nr_fields], &event->fields[plan->nr_fields]);
}

struct dump *dump_start(FILE *out, bool json)
{
	struct dump *d = calloc(1, sizeof(*d));
	const struct catalog_event *event;

	if (!d)
		return NULL;
	d->out = out;
	d->json = json;
	d->at = d->buffer;
	for (event = catalog_events; event->name; event++)
		plan_event(d, event);
	return d;
}

static void flush_dump(struct dump *d)
{
	size_t bytes = (size_t)(d->at - d->buffer);

	if (!d->error && fwrite(d->buffer, 1, bytes, d->out) != bytes)
		d->error = errno ? -errno : -EIO;
	d->at = d->buffer;
}

int dump_end(struct dump *d)
{
	int ret;

	flush_dump(d);
	ret = d->error;
	free(d);
	return ret;
}

/* The plan of an event that describes all words of the record, or NULL. */
static const struct event_plan *find_plan(const struct dump *d, const struct trace_item *item)
{
	const struct event_plan *plan = &d->events[item->event % EVENTS_MAX];

	return plan->number == item->event && item->nr_words <= plan->nr_words ? plan : NULL;
}

static inline char *put_field(char *to, const struct field_plan *plan, const uint32_t *words)
{
	uint64_t bits = words[plan->word];
	uint32_t value;

	if (plan->shift + plan->bits > 32)
		bits |= (uint64_t)words[plan->word + 1] << 32;
	value = (uint32_t)(bits >> plan->shift & ((1ull << plan->bits) - 1));
	to = put_chunk(to, &plan->prefix);
	if (value < plan->nr_values && plan->values[value].length)
		return put_chunk(to, &plan->values[value]);
	if (value < 10) {
		*to = (char)('0' + value);
		return to + 1;
	}
	return value == plan->none ? put_text(to, "none") : put_number(to, value);
}

static char *put_fields(char *to, const struct event_plan *plan, const struct trace_item *item,
			unsigned int nr_words)
{
	const struct field_plan *field = plan->fields;
	unsigned int i;

	to = put_chunk(to, &plan->name);
	for (i = 0; i < plan->nr_fields && field->word < nr_words; i++, field++)
		to = put_field(to, field, item->words);
	return to;
}

static char *put_record(char *to, const struct dump *d, const struct trace_item *item)
{
	const struct event_plan *plan = find_plan(d, item);
	unsigned int i;

	if (plan)
		return put_fields(to, plan, item, item->nr_words);
	to = put_hex(put_text(to, "event "), item->event, 7);
	for (i = 0; i < item->nr_words; i++)
		to = put_hex(put_text(to, " "), item->words[i], 8);
	return to;
}

static char *put_item(char *to, const struct dump *d, const struct trace_item *item)
{
	to = put_text(put_right(to, item->offset, 10), " cpu");
	to = put_number(to, item->cpu);
	for (unsigned int i = count_digits(item->cpu); i < 4; i++)
		*to++ = ' ';
	*to++ = ' ';
	to = item->has_tsc ? put_right(to, item->tsc, 16) : put_text(to, "               -");
	*to++ = ' ';
	switch (item->type) {
	case TRACE_RECORD: return put_record(to, d, item);
	case TRACE_WINDOW:
		return put_text(put_number(put_text(to, "window of "), item->window), " bytes");
	case TRACE_LOST:
		to = put_number(put_text(to, "LOST "), item->lost);
		return put_number(put_text(to, " records since "), item->first_tsc);
	case TRACE_ANOMALY: return put_text(put_text(to, "ANOMALY "), item->what);
	case TRACE_WRAP:
	case TRACE_END: break;
	}
	return put_text(to, "padding");
}

static char *put_json_record(char *to, const struct dump *d, const struct trace_item *item)
{
	const struct event_plan *plan = find_plan(d, item);
	unsigned int i;

	to = put_text(to, ",\"event\":");
	if (plan)
		return put_fields(to, plan, item, TRACE_WORDS_MAX);
	to = put_text(put_number(to, item->event), ",\"words\":[");
	for (i = 0; i < item->nr_words; i++)
		to = put_number(i ? put_text(to, ",") : to, item->words[i]);
	return put_text(to, "]");
}

static char *put_json_rest(char *to, const struct dump *d, const struct trace_item *item)
{
	switch (item->type) {
	case TRACE_RECORD: return put_json_record(to, d, item);
	case TRACE_WINDOW: return put_number(put_text(to, ",\"window\":"), item->window);
	case TRACE_LOST:
		to = put_number(put_text(to, ",\"lost\":"), item->lost);
		return put_number(put_text(to, ",\"first_tsc\":"), item->first_tsc);
	case TRACE_ANOMALY:
		return put_text(put_text(put_text(to, ",\"what\":\""), item->what), "\"");
	case TRACE_WRAP:
	case TRACE_END: break;
	}
	return to;
}

static char *put_json_item(char *to, const struct dump *d, const struct trace_item *item)
{
	static const char *const types[] = {
		[TRACE_END] = "end",	  [TRACE_WINDOW] = "window", [TRACE_RECORD] = "record",
		[TRACE_WRAP] = "padding", [TRACE_LOST] = "lost",     [TRACE_ANOMALY] = "anomaly",
	};

	to = put_text(put_text(to, "{\"type\":\""), types[item->type]);
	to = put_number(put_text(to, "\",\"offset\":"), item->offset);
	to = put_number(put_text(to, ",\"size\":"), item->size);
	to = put_number(put_text(to, ",\"cpu\":"), item->cpu);
	if (item->has_tsc)
		to = put_number(put_text(to, ",\"tsc\":"), item->tsc);
	return put_text(put_json_rest(to, d, item), "}");
}

void dump_item(struct dump *d, const struct trace_item *item)
{
	d->at = d->json ? put_json_item(d->at, d, item) : put_item(d->at, d, item);
	*d->at++ = '\n';
	if (d->at > d->buffer + sizeof(d->buffer) - LINE_BYTES)
		flush_dump(d);
}
