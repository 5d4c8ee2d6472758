/* SPDX-License-Identifier: GPL-2.0-only */
/* Builds trace files in memory, for tests of the reader. */
#ifndef CLAIMPERF_TESTS_TRACE_BYTES_H
#define CLAIMPERF_TESTS_TRACE_BYTES_H

#include <assert.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include "tracepoints/reader.h"

struct trace_bytes {
	uint32_t words[4096];
	unsigned int count;
	unsigned int window; /* index of the size word of the open window */
};

static inline void put_word(struct trace_bytes *t, uint32_t word)
{
	assert(t->count < sizeof(t->words) / sizeof(t->words[0]));
	t->words[t->count++] = word;
}

static inline size_t bytes_of(const struct trace_bytes *t)
{
	return t->count * sizeof(t->words[0]);
}

static inline void open_window(struct trace_bytes *t, uint32_t cpu)
{
	put_word(t, TRACE_EVENT_CPU_CHANGE | 2u << 28);
	put_word(t, cpu);
	t->window = t->count;
	put_word(t, 0);
}

static inline void close_window(struct trace_bytes *t)
{
	t->words[t->window] = (t->count - t->window - 1) * 4;
}

/* A record with a time stamp, unless tsc is 0, and the given number of words. */
static inline void put_record(struct trace_bytes *t, uint32_t event, uint64_t tsc,
			      unsigned int nr_words, ...)
{
	va_list ap;

	put_word(t, event | nr_words << 28 | (tsc ? 1u << 31 : 0));
	if (tsc) {
		put_word(t, (uint32_t)tsc);
		put_word(t, (uint32_t)(tsc >> 32));
	}
	va_start(ap, nr_words);
	while (nr_words--)
		put_word(t, va_arg(ap, uint32_t));
	va_end(ap);
	close_window(t);
}

#endif
