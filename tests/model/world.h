/* SPDX-License-Identifier: GPL-2.0-only */
/* Xen's allocator and the specification: an operation on both, then all is compared. */
#ifndef TESTS_MODEL_WORLD_H
#define TESTS_MODEL_WORLD_H

#include "tests/model/spec.h"

#define SET_ENTRIES 6
#define MAX_ORDER_USED 6
#define MAX_ALLOCATIONS 4096
#define NO_DOMAIN SPEC_DOMAINS

enum op_kind {
	OP_CREATE,
	OP_KILL,
	OP_DESTROY, /* frees what the domain still has */
	OP_MAX_PAGES,
	OP_SET,
	OP_LEGACY,
	OP_ALLOC,
	OP_FREE,
	OP_OFFLINE,
	OP_ONLINE,
	OP_KINDS
};

/* Needs nothing of what went before: an operation that makes no sense any more is skipped. */
struct op {
	enum op_kind kind;
	unsigned int domain;
	unsigned int order, flags;
	int node;
	unsigned int id;     /* of an allocation, unless 0 */
	unsigned long pages; /* or a frame, counted from the first */
	unsigned int nr;     /* entries of a set; those behind the last repeat from the first */
	bool no_array;
	uint32_t pad;
	struct heap_claim set[SET_ENTRIES];
};

enum frame_state { FRAME_OF_XEN, FRAME_FREE, FRAME_USED, FRAME_LEAVING, FRAME_OFFLINE };

struct allocation {
	unsigned int id, order, domain; /* NO_DOMAIN: nobody owns it */
	unsigned long frame;
	bool counted;
};

struct world {
	struct heap_config config;
	struct spec spec;
	struct heap_domain *domain[SPEC_DOMAINS];
	unsigned char *frames; /* enum frame_state */
	struct allocation allocations[MAX_ALLOCATIONS];
	unsigned int allocation_count;
	unsigned long short_host, short_node[HEAP_MAX_NODES];
	char text[300]; /* what differs */
};

void world_boot(struct world *w, const struct heap_config *config);
/* Counters and claims of both, one by one. Only offlining may leave more claimed than is free. */
bool world_agrees(struct world *w, bool offlining);
bool world_same(struct world *w, const char *what, unsigned int index, unsigned long got,
		unsigned long expected);
/* Says how they differ; false. */
__attribute__((format(printf, 2, 3))) bool world_differs(struct world *w, const char *fmt, ...);

/* False when Xen and the specification differ; w->text says how. */
bool world_step(struct world *w, const struct op *op);
/* The entries that an operation passes. */
const struct heap_claim *op_entries(const struct op *op);

#endif
