/* SPDX-License-Identifier: GPL-2.0-only */
/* A scenario as its file describes it; docs/scenarios.md says what the keys mean. */
#ifndef BENCH_SCENARIO_SPEC_H
#define BENCH_SCENARIO_SPEC_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/json_keys.h"

#define SPEC_MAX_GROUPS 16
#define SPEC_MAX_DOMAINS 1024 /* of all groups */
#define SPEC_MAX_BUILDERS 48
/* Memory of a domain is a multiple of this on each node, so that every mix of extents can fill it.
 */
#define SPEC_PAGES_ORDER 9

/* Where a domain of a group is, if not on the node of that number. */
#define SPEC_EACH_NODE (-1)
#define SPEC_ALL_NODES (-2)

#define SPEC_FOREVER UINT32_MAX
#define SPEC_NO_LIMIT (-1.0)

enum spec_role { ROLE_GUEST, ROLE_HOLDER, ROLE_THIEF };
enum spec_claim { MODE_NONE, MODE_LEGACY, MODE_HOST, MODE_NODES, MODE_NODES_ELSE_HOST, MODE_BEST };
enum spec_ahead { AHEAD_NOTHING, AHEAD_CLAIM, AHEAD_BUILD };
enum spec_arrivals { ARRIVALS_FIXED, ARRIVALS_EXPONENTIAL };

/* Their words in files and results; NULL ends them. */
extern const char *const spec_roles[], *const spec_claims[];

/* Shares; SPEC_NO_LIMIT: none. */
struct spec_limits {
	double off_node; /* of the pages of what was built */
	double refused;	 /* of the builds */
	double taken;	 /* of what a thief went for */
};

struct spec_group {
	char name[KEYS_NAME];
	unsigned int role, claim, ahead, arrivals; /* of the enums */
	unsigned int domains;
	double memory; /* of what is free on their nodes, all of them together */
	int nodes;
	bool elsewhere;		  /* takes pages of other nodes when its own have none left */
	struct extent_shares mix; /* of the domain's memory */
	unsigned int start_ms, every_ms;
	unsigned int builds, again_ms; /* of each domain */
	unsigned int lives_ms;
	unsigned int tries, backoff_ms;
	struct spec_limits limits;
};

struct spec {
	char name[KEYS_NAME]; /* of the file, without folder and suffix */
	char *about;
	unsigned int seed;
	unsigned int builders; /* 0: one for each domain */
	struct spec_group groups[SPEC_MAX_GROUPS];
	unsigned int nr_groups;
};

/* 0, or -EINVAL and a message that names file, line and key. spec_free() after both. */
int spec_load(const char *path, struct spec *spec, char error[KEYS_ERROR]);
void spec_free(struct spec *spec);

#endif
