/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Change points of a series: one value a night, ln(tonight / reference), so that a host that
 * changed is none. E-divisive, see energy.h: window 50, segments of 5 at least, p <= 1e-4.
 *
 * p is at most 1e-4 when at most 4 of 49,999 permutations reach what was seen; the search ends at
 * the fifth, after about as many permutations as that takes by chance. The window that is looked
 * at starts at the last change before it and has at most 50 nights. A change under delta is none.
 *
 * At most one night in 10,000 ends with a change that is none. docs/method.md has what is measured,
 * and how many nights a change takes to be found.
 */
#ifndef CLAIMPERF_RESULTS_CHANGES_H
#define CLAIMPERF_RESULTS_CHANGES_H

#include <stddef.h>
#include <stdint.h>

#define CHANGES_WINDOW 50
#define CHANGES_SEGMENT 5

struct change {
	size_t index; /* the first night after it */
	double before, after; /* means of the nights up to the neighbouring changes */
};

/*
 * Write the changes of nr nights, in their order; *out is an array to be freed, NULL without any.
 * Absent nights are left out by the caller. 0 or -ENOMEM.
 */
int changes_find(const double *series, size_t nr, double delta, uint64_t seed, struct change **out,
		 size_t *nr_out);

#endif
