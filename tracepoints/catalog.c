// SPDX-License-Identifier: GPL-2.0-only
#include "tracepoints/catalog.h"

#include <string.h>

#define VALUE(number, constant, name, doc) {number, #constant, #name, doc},
#define LIST_VALUES(name, values, doc) \
	static const struct catalog_value values_of_##name[] = {values(VALUE){0, NULL, NULL, NULL}};
HEAP_LISTS(LIST_VALUES)

#define FIELD(name, bits, type, unit, doc) \
	{#name, #type, unit, doc, 0, bits + 0 * sizeof(char[(bits) <= 32 ? 1 : -1])},
#define EVENT_FIELDS(subclass, minor, name, doc) \
	static struct catalog_field fields_of_##name[] = {HEAP_FIELDS_##name(FIELD)};
HEAP_EVENTS(EVENT_FIELDS)

#define LIST(name, values, doc) {#name, doc, values_of_##name},
const struct catalog_list catalog_lists[] = {HEAP_LISTS(LIST){NULL, NULL, NULL}};

#define EVENT(subclass, minor, name, doc) \
	{TRC_##name, #name, doc, sizeof(struct trc_##name) / sizeof(uint32_t), \
	 sizeof(fields_of_##name) / sizeof(fields_of_##name[0]), fields_of_##name},
const struct catalog_event catalog_events[] = {HEAP_EVENTS(EVENT){0, NULL, NULL, 0, 0, NULL}};

static void place_fields(struct catalog_field *fields, size_t count)
{
	for (size_t i = 1; i < count; i++)
		fields[i].offset = fields[i - 1].offset + fields[i - 1].bits;
}

#define PLACE_FIELDS(subclass, minor, name, doc) \
	place_fields(fields_of_##name, sizeof(fields_of_##name) / sizeof(fields_of_##name[0]));

/* Sums that the preprocessor cannot form. */
__attribute__((constructor)) static void place_all_fields(void)
{
	HEAP_EVENTS(PLACE_FIELDS)
}

const struct catalog_event *catalog_find(uint32_t number)
{
	const struct catalog_event *event;

	for (event = catalog_events; event->name; event++)
		if (event->number == number)
			return event;
	return NULL;
}

const char *catalog_value_name(const char *type, uint32_t value)
{
	const struct catalog_list *list;
	const struct catalog_value *v;

	for (list = catalog_lists; list->name; list++) {
		if (strcmp(list->name, type))
			continue;
		for (v = list->values; v->name; v++)
			if (v->number == value)
				return v->name;
	}
	return NULL;
}
