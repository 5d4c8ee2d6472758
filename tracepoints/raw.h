/* SPDX-License-Identifier: GPL-2.0-only */
/* Records as they lie in Xen's buffers and, apart from windows, in its files; see reader.h. */
#ifndef CLAIMPERF_TRACEPOINTS_RAW_H
#define CLAIMPERF_TRACEPOINTS_RAW_H

#include <endian.h>
#include <stdint.h>
#include <string.h>

#include "tracepoints/reader.h"

struct raw_record {
	uint32_t event;
	unsigned int nr_words;
	uint32_t words[TRACE_WORDS_MAX]; /* zeros from nr_words on */
	uint64_t tsc;			 /* 0 without a time stamp */
};

static inline uint32_t raw_word(const char *bytes, unsigned int index)
{
	uint32_t word;

	memcpy(&word, bytes + 4 * index, sizeof(word));
	return le32toh(word);
}

/* The first record of that many bytes: its size, or 0 when they do not start with a whole one. */
static inline size_t raw_take(const char *bytes, size_t size, struct raw_record *record)
{
	uint32_t header = size < 4 ? 0 : raw_word(bytes, 0);
	unsigned int skip = header >> 31 ? 3 : 1, nr_words = header >> 28 & 7u;
	size_t length = 4 * (size_t)(skip + nr_words);

	*record = (struct raw_record){.event = header & 0x0fffffffu, .nr_words = nr_words};
	if (!record->event || length > size)
		return 0;
	if (skip == 3)
		record->tsc = raw_word(bytes, 1) | (uint64_t)raw_word(bytes, 2) << 32;
	for (unsigned int i = 0; i < nr_words; i++)
		record->words[i] = raw_word(bytes, skip + i);
	return length;
}

#endif
