/* SPDX-License-Identifier: GPL-2.0-only */
/* The events of events.h as tables, for programs that walk over them. */
#ifndef CLAIMPERF_TRACEPOINTS_CATALOG_H
#define CLAIMPERF_TRACEPOINTS_CATALOG_H

#include <stddef.h>
#include <stdint.h>

/* Class of memory records, as in Xen's public/trace.h. */
#define TRC_MEM 0x0010f000u

#include "tracepoints/events.h"

/* Xen's DOMID_INVALID and NUMA_NO_NODE: "none" in the words domid and node. */
#define DOMID_NONE 32756u
#define NODE_NONE 255u

struct catalog_value {
	uint32_t number;
	const char *constant; /* its name in C */
	const char *name;
	const char *doc;
};

/* Named values that a word may have; ends with name NULL. */
struct catalog_list {
	const char *name;
	const char *doc;
	const struct catalog_value *values;
};

struct catalog_word {
	const char *name;
	const char *type; /* "u32", or the name of a list */
	const char *unit; /* "" when type is a list */
	const char *doc;
};

struct catalog_event {
	uint32_t number; /* class included */
	const char *name;
	const char *doc;
	unsigned int nr_words;
	const struct catalog_word *words;
};

/* Both end with an entry whose name is NULL. */
extern const struct catalog_event catalog_events[];
extern const struct catalog_list catalog_lists[];

/* NULL when the event is none of ours. */
const struct catalog_event *catalog_find(uint32_t number);

/* The name of a value of a list; NULL when type is no list, or the value not in it. */
const char *catalog_value_name(const char *type, uint32_t value);

#endif
