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
	unsigned long pages; /* or a frame, from the first on; or where an id to free may be */
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
	unsigned long free, claimed; /* of the host: what all steps' changes add up to */
	/* of a step: */
	unsigned long free_before[HEAP_MAX_NODES];
	struct spec_domain domain_before; /* whose claims may change */
	bool offlining;
	unsigned int touched;  /* whose pages may change */
	unsigned long skipped; /* operations that made no sense any more */
	char text[300];	       /* what differs */
};

void world_boot(struct world *w, const struct heap_config *config);
/* All counters and claims of both, one by one. */
bool world_agrees(struct world *w);
/* Is each frame as free as it should be? */
bool world_frames_agree(struct world *w, unsigned long first, unsigned long count);
bool world_domain_agrees(struct world *w, unsigned int domain);
/* Around what may change claims of this domain: */
void world_begin_step(struct world *w, unsigned int domain);
/* The host, the domain whose pages may have changed, each node whose figures should have. */
bool world_changes_agree(struct world *w, unsigned int domain);
bool world_same(struct world *w, const char *what, unsigned int index, unsigned long got,
		unsigned long expected);
/* Says how they differ; false. */
__attribute__((format(printf, 2, 3))) bool world_differs(struct world *w, const char *fmt, ...);

/*
 * False when Xen and the specification differ; w->text says how. Compared are the answer, the
 * frames that change hands, the domain, the host, and each node whose figures should change.
 *
 * What should not change is left to world_agrees(), which need not follow each step: a figure that
 * is wrong stays wrong until it comes, as a step changes figures by a difference, wrong or right as
 * they are. Only the claims of a domain get overwritten, by a set, by death, by redeeming all of
 * them: they are compared before a step on the domain, too. So all that comes late is the news, and
 * whoever gets them runs the steps again, with world_agrees() after each.
 */
bool world_step(struct world *w, const struct op *op);
/* The entries that an operation passes. */
const struct heap_claim *op_entries(const struct op *op);

#endif
