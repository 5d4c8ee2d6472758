/* SPDX-License-Identifier: GPL-2.0-only */
/* The events of events.h as tables, for programs that walk over them. */
#ifndef CLAIMPERF_TRACEPOINTS_CATALOG_H
#define CLAIMPERF_TRACEPOINTS_CATALOG_H

#include <stddef.h>
#include <stdint.h>

/* Class of memory records, as in Xen's public/trace.h. */
#define TRC_MEM 0x0010f000u

#include "tracepoints/events.h"

struct catalog_value {
	uint32_t number;
	const char *constant; /* its name in C */
	const char *name;
	const char *doc;
};

/* Named values that a field may have; ends with name NULL. */
struct catalog_list {
	const char *name;
	const char *doc;
	const struct catalog_value *values;
};

struct catalog_field {
	const char *name;
	const char *type; /* "number", "nodes" (a set of nodes), or the name of a list */
	const char *unit; /* "" unless type is number */
	const char *doc;
	unsigned int offset; /* in bits, from the least significant of the first word */
	unsigned int bits;   /* at most 32 */
};

struct catalog_event {
	uint32_t number; /* class and subclass included */
	const char *name;
	const char *doc;
	unsigned int nr_words; /* at most; zeros at the end may be missing in a record */
	unsigned int nr_fields;
	const struct catalog_field *fields;
};

/* Both end with an entry whose name is NULL. */
extern const struct catalog_event catalog_events[];
extern const struct catalog_list catalog_lists[];

/* NULL when the event is none of ours. */
const struct catalog_event *catalog_find(uint32_t number);

/* The name of a value of a list; NULL when type is no list, or the value not in it. */
const char *catalog_value_name(const char *type, uint32_t value);

/* The value of a field; words are HEAP_WORDS_MAX, zeros where the record has none. */
static inline uint32_t catalog_get(const struct catalog_field *field, const uint32_t *words)
{
	const uint32_t *word = words + field->offset / 32;
	unsigned int shift = field->offset % 32;
	uint64_t value = word[0];

	if (shift + field->bits > 32)
		value |= (uint64_t)word[1] << 32;
	return (uint32_t)(value >> shift & ((1ull << field->bits) - 1));
}

#endif
