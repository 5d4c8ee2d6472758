// SPDX-License-Identifier: GPL-2.0-only
/* Records as rows: CSV with one column for each field of any event, and JSON lines. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "tracepoints/export.h"

/* Longer than any row. */
#define ROW_SIZE 4096
#define COLUMNS_MAX 64

struct row {
	char text[ROW_SIZE];
	size_t size;
};

__attribute__((format(printf, 2, 3))) static void add(struct row *row, const char *fmt, ...)
{
	va_list ap;
	int size;

	va_start(ap, fmt);
	size = vsnprintf(row->text + row->size, ROW_SIZE - row->size, fmt, ap);
	va_end(ap);
	row->size += (size_t)size;
	if (row->size >= ROW_SIZE)
		row->size = ROW_SIZE - 1;
}

static bool is_none(const struct catalog_field *field, uint32_t value)
{
	return (!strcmp(field->unit, "domain") && value == HEAP_DOMID_NONE) ||
	       (!strcmp(field->unit, "node") && value == HEAP_NODE_NONE);
}

/* Write what fits; the first row that does not is the last that is tried. */
static void put_row(struct export *e, const struct trace_item *item, struct row *row)
{
	if (!sink_has_room(&e->sink, row->size)) {
		e->cut = true;
		e->cut_tsc = item->tsc;
		return;
	}
	sink_put(&e->sink, row->text, row->size);
	e->written += item->type == TRACE_RECORD;
}

/* Bits as numbers: "0 3", with "31+" for the last. */
static void add_nodes(struct row *row, uint32_t nodes)
{
	unsigned int i;

	for (i = 0; nodes; i++, nodes >>= 1)
		if (nodes & 1)
			add(row, "%u%s%s", i, i == 31 ? "+" : "", nodes >> 1 ? " " : "");
}

static void add_csv_value(struct row *row, const struct catalog_field *field, uint32_t value)
{
	const char *text = catalog_value_name(field->type, value);

	if (text)
		add(row, "%s", text);
	else if (!strcmp(field->type, "nodes"))
		add_nodes(row, value);
	else if (!is_none(field, value))
		add(row, "%" PRIu32, value);
}

struct columns {
	const char *names[COLUMNS_MAX];
	unsigned int count;
};

static void add_column(struct columns *c, const char *name)
{
	unsigned int i;

	for (i = 0; i < c->count; i++)
		if (!strcmp(c->names[i], name))
			return;
	if (c->count < COLUMNS_MAX)
		c->names[c->count++] = name;
}

/* Fields of the same name mean the same. */
static void find_columns(const struct export *e, struct columns *c)
{
	const struct catalog_event *event;
	unsigned int i;

	for (event = catalog_events; event->name; event++)
		for (i = 0; filter_has_event(&e->filter, event) && i < event->nr_fields; i++)
			add_column(c, event->fields[i].name);
}

static const struct catalog_field *find_field(const struct catalog_event *event, const char *name)
{
	unsigned int i;

	for (i = 0; event && i < event->nr_fields; i++)
		if (!strcmp(event->fields[i].name, name))
			return &event->fields[i];
	return NULL;
}

static void add_csv_start(struct export *e, struct row *row, const struct trace_item *item)
{
	if (item->has_tsc)
		add(row, "%" PRIu64 ",%" PRIu64, item->tsc, export_get_ns(e, item->tsc));
	else
		add(row, ",");
	add(row, ",%" PRIu32 ",%" PRIu64 ",", item->cpu, item->offset);
}

static void put_csv(struct export *e, const struct columns *c, const struct trace_item *item,
		    const struct catalog_event *event)
{
	struct row row = {.size = 0};
	const struct catalog_field *field;
	unsigned int i;

	add_csv_start(e, &row, item);
	if (event)
		add(&row, "%s", event->name);
	else
		add(&row, "0x%07" PRIx32, item->event);
	for (i = 0; i < c->count; i++) {
		add(&row, ",");
		field = find_field(event, c->names[i]);
		if (field)
			add_csv_value(&row, field, catalog_get(field, item->words));
	}
	add(&row, "\n");
	put_row(e, item, &row);
}

int export_csv(struct export *e)
{
	const struct catalog_event *event;
	struct row head = {.size = 0};
	struct columns c = {.count = 0};
	struct trace_item item;
	unsigned int i;

	find_columns(e, &c);
	add(&head, "tsc,ns,cpu,offset,event");
	for (i = 0; i < c.count; i++)
		add(&head, ",%s", c.names[i]);
	add(&head, "\n");
	sink_put(&e->sink, head.text, head.size);
	while (trace_next(e->reader, &item) != TRACE_END)
		if (export_takes(e, &item, &event) && item.type == TRACE_RECORD && !e->cut)
			put_csv(e, &c, &item, event);
	return 0;
}

static void add_json_nodes(struct row *row, uint32_t nodes)
{
	unsigned int i;

	add(row, "[");
	for (i = 0; nodes; i++, nodes >>= 1)
		if (nodes & 1)
			add(row, "%u%s", i, nodes >> 1 ? "," : "");
	add(row, "]");
}

static void add_json_value(struct row *row, const struct catalog_field *field, uint32_t value)
{
	const char *text = catalog_value_name(field->type, value);

	add(row, ",\"%s\":", field->name);
	if (text)
		add(row, "\"%s\"", text);
	else if (!strcmp(field->type, "nodes"))
		add_json_nodes(row, value);
	else if (is_none(field, value))
		add(row, "null");
	else
		add(row, "%" PRIu32, value);
}

static void add_json_record(struct row *row, const struct trace_item *item,
			    const struct catalog_event *event)
{
	unsigned int i;

	if (event)
		add(row, ",\"event\":\"%s\"", event->name);
	else
		add(row, ",\"event\":\"0x%07" PRIx32 "\",\"words\":[", item->event);
	for (i = 0; event && i < event->nr_fields; i++)
		add_json_value(row, &event->fields[i], catalog_get(&event->fields[i], item->words));
	for (i = 0; !event && i < item->nr_words; i++)
		add(row, "%s%" PRIu32, i ? "," : "", item->words[i]);
	if (!event)
		add(row, "]");
}

static void put_json(struct export *e, const struct trace_item *item,
		     const struct catalog_event *event)
{
	struct row row = {.size = 0};

	add(&row, "{\"cpu\":%" PRIu32 ",\"offset\":%" PRIu64, item->cpu, item->offset);
	if (item->type != TRACE_ANOMALY && item->has_tsc)
		add(&row, ",\"tsc\":%" PRIu64 ",\"ns\":%" PRIu64, item->tsc,
		    export_get_ns(e, item->tsc));
	if (item->type == TRACE_RECORD)
		add_json_record(&row, item, event);
	else if (item->type == TRACE_LOST)
		add(&row, ",\"event\":\"lost\",\"lost\":%" PRIu32 ",\"first_tsc\":%" PRIu64,
		    item->lost, item->first_tsc);
	else
		add(&row, ",\"event\":\"anomaly\",\"what\":\"%s\",\"skipped\":%" PRIu64, item->what,
		    item->size);
	add(&row, "}\n");
	put_row(e, item, &row);
}

int export_jsonl(struct export *e)
{
	const struct catalog_event *event;
	struct trace_item item;

	while (trace_next(e->reader, &item) != TRACE_END)
		if (export_takes(e, &item, &event) && !e->cut)
			put_json(e, &item, event);
	return 0;
}
