/* SPDX-License-Identifier: GPL-2.0-only */
/* Do two targets agree on what costs more? */
#ifndef CLAIMPERF_PLOTS_AGREEMENT_H
#define CLAIMPERF_PLOTS_AGREEMENT_H

#include "results/compare.h"

/* A case that is compared on both targets, and with the same case. */
struct agreement_case {
	const struct comparison_row *lab, *host;
	/* 1 + the number of cases whose difference is less. Only equal differences share a rank. */
	size_t lab_rank, host_rank;
};

struct agreement {
	struct agreement_case *cases; /* in the host's order */
	size_t nr;
	size_t nr_same_sign, nr_same_rank, nr_equal; /* nr_equal: the same difference */
	size_t nr_pairs, nr_same_order; /* of two cases: dearer, cheaper or equal on both */
	struct fraction most_apart;	/* the largest host difference less lab difference, either way */
};

/* lab may be NULL: then no case is. 0 or -ENOMEM. */
int agreement_find(const struct comparison *lab, const struct comparison *host,
		   struct agreement *out);

void agreement_free(struct agreement *agreement);

/* -1, 0 or 1. */
int fraction_order(struct fraction a, struct fraction b);
int fraction_sign(struct fraction f);

/* Have both cases the same order on both targets? */
bool agreement_pair(const struct agreement_case *a, const struct agreement_case *b);

#endif
