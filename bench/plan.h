/* SPDX-License-Identifier: GPL-2.0-only */
/* Which cases there are, and which of them share a machine; told by claimperf-dombench --plan. */
#ifndef BENCH_PLAN_H
#define BENCH_PLAN_H

#include <stddef.h>

/* How many points of each axis a run covers; each has those of the ones before. */
enum bench_profile { PROFILE_QUICK, PROFILE_STANDARD, PROFILE_FULL, PROFILES };
extern const char *const plan_profiles[]; /* their names; NULL ends them */

struct plan_case {
	unsigned int family;
	unsigned int index; /* in the family */
	char group[32];
	unsigned int node_gib; /* memory that each node must have; 0: any will do */
	char name[96];
};

struct plan {
	struct plan_case *cases; /* in the order of the result */
	size_t count;
};

/* text: one case a line. 0, -EINVAL (not such a text) or -ENOMEM. */
int plan_parse(const char *text, struct plan *plan);
void plan_free(struct plan *plan);

/* Memory that each node must have for all cases of a group. */
unsigned int plan_node_gib(const struct plan *plan, const char *group);

/* The groups in order of first appearance; at most max of them, returns how many there are. */
size_t plan_groups(const struct plan *plan, const char **groups, size_t max);

#endif
