/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a test is made of: steps, each a sentence about what holds. A step that fails is printed
 * as a comment above the result of its test; the test goes on.
 */
#ifndef TESTS_CONTRACT_TAP_H
#define TESTS_CONTRACT_TAP_H

#include <setjmp.h>

#include "tests/contract/machine.h"

__attribute__((format(printf, 2, 3))) void ok(bool condition, const char *name, ...);
__attribute__((format(printf, 3, 4))) void equal(int64_t got, int64_t wanted, const char *name,
						 ...);

/* What a domain should hold. */
struct holding {
	uint64_t host;
	uint64_t node[MAX_NODES];
};

/*
 * The only claims are those of one domain, and they are these: by getdomaininfo, by physinfo, and
 * node by node by how much the prober may claim there and no more.
 */
void check_holding(struct machine *m, uint32_t domid, const struct holding *wanted,
		   const char *name);
#define HOLDS(m, domid, name, ...) check_holding(m, domid, &(struct holding){__VA_ARGS__}, name)
#define HOLDS_NOTHING(m, domid, name) check_holding(m, domid, &(struct holding){0}, name)

/* End the test that runs, as failed; without one, the program, for lack of what it needs. */
__attribute__((format(printf, 1, 2), noreturn)) void abandon(const char *why, ...);

/* For the runner: the steps between are those of one test. */
extern bool print_steps;
extern sigjmp_buf abandoned;
void begin_steps(void);
unsigned int end_steps(void); /* returns how many failed */

#endif
