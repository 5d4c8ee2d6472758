/* SPDX-License-Identifier: GPL-2.0-only */
/* Sections under heap_lock and page_alloc_lock, summed up. */
#ifndef CLAIMPERF_TRACEPOINTS_SECTIONS_H
#define CLAIMPERF_TRACEPOINTS_SECTIONS_H

#include "tracepoints/catalog.h"
#include "tracepoints/metrics.h"
#include "tracepoints/reader.h"
#include "tracepoints/waits.h"

enum section_lock { SECTION_HEAP, SECTION_PAGE_ALLOC, SECTION_LOCKS };

/* Sections of alloc_heap_pages that found nothing did other work: a site of its own. */
#define SECTION_ALLOC_FAILED 31
/* Larger than Xen's MAX_ORDER on any architecture: what is beyond is damage. */
#define SECTION_ORDER_MAX 20
#define SECTION_CELLS_MAX 1024
#define SECTION_LONGEST 32

/* By what was redeemed: a bit each for the claim on the node served, the host claim, others. */
#define SECTION_CLAIM_NODE 1
#define SECTION_CLAIM_HOST 2
#define SECTION_CLAIM_OTHER 4

struct section_cell {
	uint8_t lock, site, order, node, claim;
	uint64_t covers[16]; /* host_cover and node_cover << 2; SECTION_HEAP only */
	struct hist hold, wait;
};

/* A record worth keeping. */
struct section_record {
	uint64_t offset, tsc;
	uint32_t cpu, event;
	uint32_t hold, wait;
	uint8_t site;
	uint32_t words[HEAP_WORDS_MAX];
};

struct section_longest {
	unsigned int nr;
	uint64_t least;					/* shorter holds are not kept */
	struct section_record records[SECTION_LONGEST]; /* longest first; then the earlier one */
};

/* Allocations that were not served by the first node they came to. */
struct section_fallback {
	uint64_t count;
	uint64_t failed;             /* of them found nothing at all */
	uint64_t visited[64];        /* of them were refused by so many nodes */
	uint64_t refused_claims[32]; /* by node; 31 for any from 31 on */
	uint64_t refused_empty[32];
	uint64_t served[128];        /* by node */
	uint64_t refused_orders[SECTION_ORDER_MAX + 1]; /* refusals by claims, by order asked */
};

struct sections {
	unsigned int nr_cells;
	struct section_cell *cells[SECTION_CELLS_MAX];
	uint64_t first_request; /* TSC; UINT64_MAX without sections */
	uint64_t saturated; /* records with a time of all ones */
	struct hist *redeemed[3];
	struct section_fallback fallback;
	struct section_longest longest[SECTION_LOCKS];
	struct waits waits[SECTION_LOCKS];
	/* Index + 1 into cells, by what a record's first word says, and the claim. */
	uint16_t heap_slots[1 << (17 + 3)];
	uint16_t page_alloc_slots[1 << 16];
};

/* by: as sections_group() will be asked. */
struct sections *sections_new(unsigned int by);
void sections_free(struct sections *sections);

/*
 * Returns 0, -EDOM (site or order that cannot be), -E2BIG (too many different sections) or
 * -ENOMEM; the record is then not counted.
 */
int sections_add_heap(struct sections *sections, const struct trace_record *record);
int sections_add_page_alloc(struct sections *sections, const struct trace_record *record);

/* NULL when there is no such site. */
const char *section_site_name(enum section_lock lock, unsigned int site);
const char *section_lock_name(enum section_lock lock);

/* "none", "node", "host", "other", "mixed". */
const char *section_claim_name(unsigned int claim);

/* Pages that the sections took or gave back. */
uint64_t section_pages(const struct section_cell *cell);

/* What --by may name. */
#define SECTION_BY_SITE 1u
#define SECTION_BY_ORDER 2u
#define SECTION_BY_NODE 4u
#define SECTION_BY_CLAIM 8u
/* And what CPUs did between sections under heap_lock. */
#define SECTION_THINK 16u

/*
 * Add the distributions of sections to metrics, grouped as asked, and those of claim checks and
 * redeems. Returns 0 or -ENOMEM.
 */
int sections_group(const struct sections *sections, unsigned int by, struct metrics *metrics);

#endif
