// SPDX-License-Identifier: GPL-2.0-only
#include "tests/contract/tests.h"

/* Both kinds of a test follow each other. */
#define ONE(id, nodes, function, rule) {id, nodes, HVM, test_##function, rule},
#define BOTH(id, nodes, function, rule)                                                            \
	ONE(id, nodes, function, rule) {id "/pv", nodes, PV, test_##function, rule},
#define TEST(id, nodes, kinds, function, rule) kinds(id, nodes, function, rule)

const struct test tests[] = {
#include "tests/contract/registry.h"
};

const unsigned int nr_tests = sizeof(tests) / sizeof(tests[0]);
