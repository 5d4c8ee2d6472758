/* SPDX-License-Identifier: GPL-2.0-only */
/* What must hold once all workers have stopped. */
#ifndef TESTS_STRESS_END_H
#define TESTS_STRESS_END_H

#include "tests/stress/stress.h"

struct end;

struct end *open_end(void); /* skips without claim sets */

/*
 * Fill the world's stock of domains, twice, and remember what is free in between: Xen does not give
 * back all of the memory in which it keeps what it knows about so many domains.
 */
void must_begin_with_stock(struct end *end, struct world *world);
unsigned int end_nodes(const struct end *end);

/*
 * With the domains that are left: their claims add up, and fit into what is free. Without them:
 * nothing is claimed, all of each node can be claimed. And Xen did not complain. Prints what does
 * not hold. "all_back": after ten seconds at most, free memory was what it was before.
 */
bool check_end(struct end *end, struct world *world, bool *all_back);

#endif
