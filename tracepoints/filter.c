// SPDX-License-Identifier: GPL-2.0-only
#include "tracepoints/filter.h"

#include <endian.h>
#include <string.h>

#include "tracepoints/reader.h"

#define EVENT(header) ((header) & 0x0fffffffu)
#define NR_WORDS(header) ((header) >> 28 & 7u)
#define TSC_WORDS(header) ((header) >> 31 ? 2u : 0u)

static uint32_t word_at(const char *bytes)
{
	uint32_t word;

	memcpy(&word, bytes, sizeof(word));
	return le32toh(word);
}

static bool keep_record(const struct select *select, uint32_t header, const char *record,
			struct filter_counts *counts)
{
	unsigned int nr_words = NR_WORDS(header), skip = 1 + TSC_WORDS(header);
	uint32_t words[TRACE_WORDS_MAX];

	for (unsigned int i = 0; i < nr_words; i++)
		words[i] = word_at(record + 4 * (skip + i));
	if (EVENT(header) == TRACE_EVENT_WRAP)
		return !select;
	if (EVENT(header) == TRACE_EVENT_LOST) {
		counts->lost += nr_words ? words[0] : 0;
		return true;
	}
	if (select && !select_matches(select, EVENT(header), words, nr_words)) {
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

	while (end - from >= 4) {
		uint32_t header = word_at(from);
		size_t length = 4 * (1 + TSC_WORDS(header) + NR_WORDS(header));

		if (!EVENT(header) || length > (size_t)(end - from))
			break;
		if (keep_record(select, header, from, counts)) {
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
