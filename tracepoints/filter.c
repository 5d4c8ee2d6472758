// SPDX-License-Identifier: GPL-2.0-only
#include "tracepoints/filter.h"

#include <string.h>

#include "tracepoints/raw.h"

static bool keep_record(const struct select *select, const struct raw_record *record,
			struct filter_counts *counts)
{
	if (record->event == TRACE_EVENT_WRAP)
		return !select;
	if (record->event == TRACE_EVENT_LOST) {
		counts->lost += record->words[0];
		return true;
	}
	if (select && !select_matches(select, record->event, record->words, record->nr_words)) {
		counts->dropped++;
		return false;
	}
	counts->kept++;
	return true;
}

size_t filter_window(const struct select *select, void *bytes, size_t size,
		     struct filter_counts *counts)
{
	char *from = bytes, *to = bytes, *end = from + size;
	struct raw_record record;
	size_t length;

	while ((length = raw_take(from, (size_t)(end - from), &record))) {
		if (keep_record(select, &record, counts)) {
			if (to != from)
				memmove(to, from, length);
			to += length;
		}
		from += length;
	}
	counts->nonsense += (uint64_t)(end - from);
	memmove(to, from, (size_t)(end - from));
	return (size_t)(to - (char *)bytes) + (size_t)(end - from);
}
