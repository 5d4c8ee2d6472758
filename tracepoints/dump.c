// SPDX-License-Identifier: GPL-2.0-only
#include <inttypes.h>
#include <string.h>

#include "tracepoints/catalog.h"
#include "tracepoints/print.h"

static const char *const item_names[] = {
	[TRACE_WINDOW] = "window", [TRACE_RECORD] = "record",	[TRACE_WRAP] = "padding",
	[TRACE_LOST] = "lost",	   [TRACE_ANOMALY] = "anomaly",
};

/* The event that describes all words of the item, or NULL. */
static const struct catalog_event *event_of(const struct trace_item *item)
{
	const struct catalog_event *event =
		item->type == TRACE_RECORD ? catalog_find(item->event) : NULL;

	return event && item->nr_words <= event->nr_words ? event : NULL;
}

static const char *none_or_value(const struct catalog_field *field, uint32_t value)
{
	if (!strcmp(field->unit, "domain") && value == HEAP_DOMID_NONE)
		return "none";
	if (!strcmp(field->unit, "node") && value == HEAP_NODE_NONE)
		return "none";
	return catalog_value_name(field->type, value);
}

static void print_words(FILE *out, const struct trace_item *item)
{
	const struct catalog_event *event = event_of(item);
	unsigned int i;

	if (event)
		fprintf(out, "%s", event->name);
	else
		fprintf(out, "event 0x%07" PRIx32, item->event);
	for (i = 0; event && i < event->nr_fields; i++) {
		uint32_t value = catalog_get(&event->fields[i], item->words);
		const char *text = none_or_value(&event->fields[i], value);

		if (text)
			fprintf(out, " %s=%s", event->fields[i].name, text);
		else
			fprintf(out, " %s=%" PRIu32, event->fields[i].name, value);
	}
	for (i = 0; !event && i < item->nr_words; i++)
		fprintf(out, " 0x%08" PRIx32, item->words[i]);
}

void print_item(FILE *out, const struct trace_item *item)
{
	fprintf(out, "%10" PRIu64 " cpu%-4" PRIu32 " ", item->offset, item->cpu);
	if (item->has_tsc)
		fprintf(out, "%16" PRIu64 " ", item->tsc);
	else
		fprintf(out, "%16s ", "-");
	switch (item->type) {
	case TRACE_RECORD:
		print_words(out, item);
		break;
	case TRACE_WINDOW:
		fprintf(out, "window of %" PRIu64 " bytes", item->window);
		break;
	case TRACE_LOST:
		fprintf(out, "LOST %" PRIu32 " records since %" PRIu64, item->lost,
			item->first_tsc);
		break;
	case TRACE_ANOMALY:
		fprintf(out, "ANOMALY %s", item->what);
		break;
	case TRACE_WRAP:
	case TRACE_END:
		fprintf(out, "%s", "padding");
		break;
	}
	fputc('\n', out);
}

static void print_words_json(FILE *out, const struct trace_item *item)
{
	const struct catalog_event *event = event_of(item);
	const char *text;
	unsigned int i;
	uint32_t value;

	if (!event) {
		fprintf(out, ",\"event\":%" PRIu32 ",\"words\":[", item->event);
		for (i = 0; i < item->nr_words; i++)
			fprintf(out, "%s%" PRIu32, i ? "," : "", item->words[i]);
		fputc(']', out);
		return;
	}
	fprintf(out, ",\"event\":\"%s\"", event->name);
	for (i = 0; i < event->nr_fields; i++) {
		value = catalog_get(&event->fields[i], item->words);
		text = catalog_value_name(event->fields[i].type, value);
		if (text)
			fprintf(out, ",\"%s\":\"%s\"", event->fields[i].name, text);
		else
			fprintf(out, ",\"%s\":%" PRIu32, event->fields[i].name, value);
	}
}

void print_item_json(FILE *out, const struct trace_item *item)
{
	fprintf(out,
		"{\"type\":\"%s\",\"offset\":%" PRIu64 ",\"size\":%" PRIu64 ",\"cpu\":%" PRIu32,
		item_names[item->type], item->offset, item->size, item->cpu);
	if (item->has_tsc)
		fprintf(out, ",\"tsc\":%" PRIu64, item->tsc);
	if (item->type == TRACE_RECORD)
		print_words_json(out, item);
	else if (item->type == TRACE_WINDOW)
		fprintf(out, ",\"window\":%" PRIu64, item->window);
	else if (item->type == TRACE_LOST)
		fprintf(out, ",\"lost\":%" PRIu32 ",\"first_tsc\":%" PRIu64, item->lost,
			item->first_tsc);
	else if (item->type == TRACE_ANOMALY)
		fprintf(out, ",\"what\":\"%s\"", item->what);
	fputs("}\n", out);
}
