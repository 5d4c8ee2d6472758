/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef TESTS_CONTRACT_TESTS_H
#define TESTS_CONTRACT_TESTS_H

#include "tests/contract/machine.h"

void test_errors(struct machine *m);
void test_sets(struct machine *m);
void test_legacy(struct machine *m);
void test_allocation(struct machine *m);
void test_offlining(struct machine *m);

#endif
