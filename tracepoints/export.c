// SPDX-License-Identifier: GPL-2.0-only
/* What all formats of an export share. */
#include "tracepoints/export.h"

#include <string.h>

void export_get_words(const struct trace_item *item, uint32_t words[HEAP_WORDS_MAX])
{
	memset(words, 0, HEAP_WORDS_MAX * sizeof(*words));
	memcpy(words, item->words, item->nr_words * sizeof(*words));
}

const struct catalog_event *export_find_event(const struct trace_item *item)
{
	const struct catalog_event *event =
		item->type == TRACE_RECORD ? catalog_find(item->event) : NULL;

	return event && item->nr_words <= event->nr_words ? event : NULL;
}

uint64_t export_get_ns(const struct export *e, uint64_t tsc)
{
	return (uint64_t)((unsigned __int128)tsc * 1000000000u / e->hz);
}

bool export_takes(struct export *e, const struct trace_item *item, const struct catalog_event **event,
		  uint32_t words[HEAP_WORDS_MAX])
{
	*event = NULL;
	if (item->type != TRACE_RECORD && item->type != TRACE_LOST && item->type != TRACE_ANOMALY)
		return false;
	if (item->type == TRACE_RECORD) {
		*event = export_find_event(item);
		export_get_words(item, words);
	}
	if (!filter_passes(&e->filter, item, *event, words))
		return false;
	e->records += item->type == TRACE_RECORD;
	e->lost += item->type == TRACE_LOST ? item->lost : 0;
	e->anomalies += item->type == TRACE_ANOMALY;
	return true;
}
