/* SPDX-License-Identifier: GPL-2.0-only */
/* The lives of claims: installed, redeemed by which allocations, released. */
#ifndef CLAIMPERF_TRACEPOINTS_CLAIMS_H
#define CLAIMPERF_TRACEPOINTS_CLAIMS_H

#include <stdio.h>

#include "tracepoints/pages.h"
#include "tracepoints/reader.h"

/* Lives kept; those of later claims are only counted. */
#define CLAIM_LIVES_MAX 100000

/* Allocations of one kind that redeemed a part of a claim. */
struct claim_use {
	uint32_t site, order, node;
	uint64_t count, pages;
};

enum claim_end { CLAIM_OPEN, CLAIM_USED_UP, CLAIM_REPLACED, CLAIM_CANCELLED, CLAIM_DIED };

struct claim_life {
	uint32_t domid;
	uint32_t node;	    /* HEAP_NODE_NONE: host */
	bool somewhere;	    /* on some node, the trace does not say which */
	bool known;	    /* its installation was recorded */
	uint64_t begin_tsc; /* its installation, or else the first that was seen of it */
	uint64_t installed; /* pages, when known */
	uint64_t redeemed, released;
	uint64_t off_node; /* of the redeemed, pages on other nodes than the claim's */
	uint64_t left;	   /* at the end of the trace, when known */
	/* Pages that are missing in the records of it, or (negative) that came without one; 0 when
	 * it adds up. */
	int64_t unexplained;
	enum claim_end end;
	uint64_t end_tsc;
	struct claim_use *uses;
	unsigned int nr_uses;
};

/* A domain that held claims. */
struct claim_domain {
	uint32_t domid;
	uint64_t allocated[HOLDING_NODES]; /* pages, by node */
	/* While reading: 1 + index of the life that goes on, 0 for none; the last for that on an
	 * unknown node. */
	uint32_t current[HOLDING_NODES + 1];
};

struct claims {
	struct claim_life *lives; /* by domain, then start */
	uint32_t nr_lives;
	uint64_t not_kept; /* changes of claims beyond CLAIM_LIVES_MAX */
	struct claim_domain *domains[HOLDING_DOMAINS]; /* NULL: nothing of it */
	struct pages *pages;
	uint64_t states; /* node_state records; how many disagree is in pages */
	uint64_t lost, anomalies;
};

/* Read the trace to its end. Returns 0 or -ENOMEM; release with claims_free(). */
int claims_read(struct trace_reader *reader, struct claims **out);

void claims_free(struct claims *claims);

/* Lives that do not add up. */
uint64_t claims_count_unexplained(const struct claims *claims);

const char *claim_end_name(enum claim_end end);

/* All of it as text for people, and as one JSON object (docs/trace.md). */
void claims_print(FILE *out, const char *file, const struct claims *claims);
void claims_print_json(FILE *out, const char *file, const struct claims *claims);

#endif
