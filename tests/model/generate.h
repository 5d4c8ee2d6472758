/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef TESTS_MODEL_GENERATE_H
#define TESTS_MODEL_GENERATE_H

#include "tests/model/world.h"

/* The next operation: random, with amounts around those where answers change. */
void generate_op(const struct world *w, uint64_t *random, unsigned int id, struct op *op);

#endif
