/* SPDX-License-Identifier: GPL-2.0-only */
/* A trial is one heap in a process of its own, and a sequence of operations on it. */
#ifndef TESTS_MODEL_TRIAL_H
#define TESTS_MODEL_TRIAL_H

#include <stddef.h>

#include "tests/model/world.h"

struct trial {
	struct heap_config config;
	struct op *ops; /* shared between processes */
	size_t count;
	bool failed;
	size_t done;	/* operations that went well */
	size_t skipped; /* of those, because they made no sense */
	char text[300];
};

/* In shared memory, with room for count operations. */
struct trial *must_create_trial(const struct heap_config *config, size_t count);
/* Make up count operations, run them; on a failure, the first that is wrong is the one not done. */
void trial_generate(struct trial *t, uint64_t seed, size_t count);
/* Run those that are there, quietly. */
void trial_replay(struct trial *t);
/* As few operations as possible that still fail. */
void trial_shrink(struct trial *t);
/* As a C program. */
void trial_print(const struct trial *t);

#endif
