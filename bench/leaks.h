/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What each pass of a case takes from the host, and whether it comes back: free pages of each node,
 * claims, domains. On a machine that is thrown away domains stay until the end, for destroying them
 * would move what comes after. So passes are kept, and given back the last one first.
 */
#ifndef BENCH_LEAKS_H
#define BENCH_LEAKS_H

#include <stddef.h>

#include "bench/bench.h"

#define LEAKS_WHAT_SIZE 200

struct leaks_pass;

struct leaks {
	struct xen *xen;
	struct leaks_pass *passes;
	size_t count;
};

/* A pass of the case, which must outlive it, begins; free memory stands still. */
int leaks_begin(struct leaks *l, const struct bench_case *c);

/* It is over: cancels its claims, and takes its domains from xen. */
int leaks_end(struct leaks *l);

/*
 * Destroy the domains of the last pass and forget it: 0, or -1 and what did not come back. *c is
 * its case, NULL when there is no pass.
 */
int leaks_return(struct leaks *l, const struct bench_case **c, char what[LEAKS_WHAT_SIZE]);

/* Forget all passes. */
void leaks_free(struct leaks *l);

#endif
