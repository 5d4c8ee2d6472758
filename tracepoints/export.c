// SPDX-License-Identifier: GPL-2.0-only
/* What all formats of an export share. */
#include "tracepoints/export.h"

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

bool export_takes(struct export *e, const struct trace_item *item,
		  const struct catalog_event **event)
{
	*event = NULL;
	if (item->type != TRACE_RECORD && item->type != TRACE_LOST && item->type != TRACE_ANOMALY)
		return false;
	if (item->type == TRACE_RECORD)
		*event = export_find_event(item);
	if (!filter_passes(&e->filter, item, *event))
		return false;
	e->records += item->type == TRACE_RECORD;
	e->lost += item->type == TRACE_LOST ? item->lost : 0;
	e->anomalies += item->type == TRACE_ANOMALY;
	return true;
}
