// SPDX-License-Identifier: GPL-2.0-only
#include "bench/branch.h"

#define NAME(id, name, what) [BRANCH_##id] = name,
#define WHAT(id, name, what) [BRANCH_##id] = what,

static const char *const names[BRANCHES] = {[BRANCH_NONE] = "none", BENCH_BRANCHES(NAME)};
static const char *const whats[BRANCHES] = {[BRANCH_NONE] = "no record", BENCH_BRANCHES(WHAT)};

const char *branch_name(enum bench_branch branch)
{
	return names[branch];
}

const char *branch_what(enum bench_branch branch)
{
	return whats[branch];
}
