/* SPDX-License-Identifier: GPL-2.0-only */
/* What must hold once all workers have stopped. */
#ifndef TESTS_STRESS_END_H
#define TESTS_STRESS_END_H

#include "tests/stress/stress.h"

struct end;

/* To be called before the workers start: remembers what is free. Skips without claim sets. */
struct end *open_end(void);
void must_fill_stock(struct end *end, struct world *world);
unsigned int end_nodes(const struct end *end);

/*
 * With the domains that are left: their claims add up, and fit into what is free. Without them:
 * nothing is claimed, all memory is back, all of each node can be claimed. And Xen did not
 * complain. Prints what does not hold.
 */
bool check_end(struct end *end, struct world *world);

#endif
