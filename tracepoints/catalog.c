// SPDX-License-Identifier: GPL-2.0-only
#include "tracepoints/catalog.h"

#include <string.h>

#define VALUE(number, constant, name, doc) {number, #constant, #name, doc},
#define LIST_VALUES(name, values, doc) \
	static const struct catalog_value values_of_##name[] = {values(VALUE){0, NULL, NULL, NULL}};
HEAP_LISTS(LIST_VALUES)

#define WORD(name, type, unit, doc) {#name, #type, unit, doc},
#define EVENT_WORDS(minor, name, doc) \
	static const struct catalog_word words_of_##name[] = {HEAP_WORDS_##name(WORD)}; \
	_Static_assert(sizeof(struct trc_##name) <= HEAP_WORDS_MAX * sizeof(uint32_t), \
		       #name " has too many words");
HEAP_EVENTS(EVENT_WORDS)

#define LIST(name, values, doc) {#name, doc, values_of_##name},
const struct catalog_list catalog_lists[] = {HEAP_LISTS(LIST){NULL, NULL, NULL}};

#define EVENT(minor, name, doc) \
	{TRC_##name, #name, doc, sizeof(words_of_##name) / sizeof(words_of_##name[0]), \
	 words_of_##name},
const struct catalog_event catalog_events[] = {HEAP_EVENTS(EVENT){0, NULL, NULL, 0, NULL}};

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
