/* SPDX-License-Identifier: GPL-2.0-only */
/* The registry: what there is to test, and each test's function. */
#ifndef TESTS_CONTRACT_TESTS_H
#define TESTS_CONTRACT_TESTS_H

#include "tests/contract/machine.h"

struct test {
	const char *id;
	unsigned int nodes; /* needed */
	enum kind kind;
	void (*run)(struct machine *m);
	const char *rule;
};

extern const struct test tests[];
extern const unsigned int nr_tests;

#define TEST(id, nodes, kinds, function, rule) void test_##function(struct machine *m);
#include "tests/contract/registry.h"
#undef TEST

#endif
