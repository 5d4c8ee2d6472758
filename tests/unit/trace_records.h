/* SPDX-License-Identifier: GPL-2.0-only */
/* Records of events.h in trace files made by trace_bytes.h. */
#ifndef CLAIMPERF_TESTS_TRACE_RECORDS_H
#define CLAIMPERF_TESTS_TRACE_RECORDS_H

#include "tests/unit/trace_bytes.h"
#include "tracepoints/catalog.h"

/* As Xen writes it: words of zeros at the end are left out. */
static inline void put_event(struct trace_bytes *t, uint32_t event, uint64_t tsc, const void *record,
			     size_t size)
{
	uint32_t words[HEAP_WORDS_MAX] = {0};
	unsigned int i, nr = (unsigned int)(size / sizeof(words[0]));

	memcpy(words, record, size);
	while (nr && !words[nr - 1])
		nr--;
	put_word(t, event | nr << 28 | 1u << 31);
	put_word(t, (uint32_t)tsc);
	put_word(t, (uint32_t)(tsc >> 32));
	for (i = 0; i < nr; i++)
		put_word(t, words[i]);
	close_window(t);
}

/* PUT(&t, 100, heap_section, .site = HEAP_SITE_FREE, .hold = 7) */
#define PUT(t, tsc, name, ...)                                                                     \
	do {                                                                                       \
		const struct trc_##name record_ = {__VA_ARGS__};                                   \
		put_event(t, TRC_##name, tsc, &record_, sizeof(record_));                          \
	} while (0)

/* A heap_lock section in a window of its own. */
static inline void put_section(struct trace_bytes *t, uint32_t cpu, uint64_t tsc,
			       enum heap_site site, uint32_t wait, uint32_t hold)
{
	open_window(t, cpu);
	PUT(t, tsc, heap_section, .domid = 1, .site = site, .wait = wait, .hold = hold);
}

#endif
