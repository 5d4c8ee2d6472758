// SPDX-License-Identifier: GPL-2.0-only
#include "results/plan_input.h"

#include <limits.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_NS 1000000000
#define MAX_MS 3600000
#define MAX_PARTS 4096
#define MAX_MEMORY (UINT64_C(1) << 46) /* 64 TiB */
#define LARGE_ORDER 9

const char *const plan_nodes_names[] = {
	[ON_EACH] = "each",
	[ON_ALL] = "all",
	[ON_ANY] = "any",
	NULL,
};

const char *const plan_claim_names[] = {
	[CLAIM_NONE] = "none",
	[CLAIM_LEGACY] = "legacy",
	[CLAIM_HOST] = "host",
	[CLAIM_NODES] = "nodes",
	NULL,
};

static int read_memory(struct place *place, const json_t *value, const struct key *key,
		       void *object)
{
	uint64_t *bytes = (uint64_t *)((char *)object + key->offset);
	int rc = keys_size(place, value, key, object);

	if (!rc && (*bytes % (PLAN_PAGE << LARGE_ORDER) || *bytes > MAX_MEMORY))
		return keys_fail(place, "not a multiple of 2M up to 64T");
	return rc;
}

#define FIELD(name) offsetof(struct plan_host, name)
static const struct key host_keys[] = {
	{"about", keys_text, FIELD(about), 0, 0, NULL},
	{"cpu", keys_text, FIELD(cpu), 0, 0, NULL},
	{"nodes", keys_number, FIELD(nodes), 1, PLAN_MAX_NODES, NULL},
	{"memory", read_memory, FIELD(memory), 0, 0, NULL},
	{"fragmented", keys_share, FIELD(fragmented), 0, 0, NULL},
	{"outside_ns", keys_number, FIELD(outside_ns), 0, MAX_NS, NULL},
	{"handover_ns", keys_number, FIELD(handover_ns), 0, MAX_NS, NULL},
	{"toolstack_ms", keys_number, FIELD(toolstack_ms), 0, MAX_MS, NULL},
	{0},
};
#undef FIELD

#define FIELD(name) offsetof(struct plan_group, name)
static const struct key group_keys[] = {
	{"name", keys_name, FIELD(name), 0, 0, NULL},
	{"domains", keys_number, FIELD(domains), 1, PLAN_MAX_DOMAINS, NULL},
	{"memory", read_memory, FIELD(memory), 0, 0, NULL},
	{"nodes", keys_word, FIELD(nodes), 0, 0, plan_nodes_names},
	{"claim", keys_word, FIELD(claim), 0, 0, plan_claim_names},
	{"parts", keys_number, FIELD(parts), 1, MAX_PARTS, NULL},
	{"unused", keys_share, FIELD(unused), 0, 0, NULL},
	{"extents", keys_extents, FIELD(mix), 0, LARGE_ORDER, NULL},
	{0},
};
#undef FIELD

static const struct plan_group defaults = {
	.claim = CLAIM_NODES,
	.parts = 1,
	.mix = {{{LARGE_ORDER, 0.98}, {0, 0.02}}, 2},
};

static int check_name(struct place *place, const struct plan_workload *workload)
{
	const struct plan_group *new = &workload->groups[workload->nr_groups];

	for (unsigned int i = 0; i < workload->nr_groups; i++)
		if (!strcmp(workload->groups[i].name, new->name))
			return keys_fail(place, "there is another group '%s'", new->name);
	return 0;
}

static int read_groups(struct place *place, const json_t *value, const struct key *key,
		       void *object)
{
	static const char *const needs[] = {"name", "domains", "memory", NULL};
	struct plan_workload *workload = object;
	const json_t *member;
	int rc = 0;
	size_t i;

	(void)key;
	if (!json_array_size(value) || json_array_size(value) > PLAN_MAX_GROUPS)
		return keys_fail(place, "not an array of 1 to %d groups", PLAN_MAX_GROUPS);
	json_array_foreach(value, i, member)
	{
		struct plan_group *group = &workload->groups[i];

		*group = defaults;
		snprintf(place->path, sizeof(place->path), "groups[%zu]", i);
		rc = keys_object(place, member, group_keys, needs, group);
		if (!rc)
			rc = check_name(place, workload);
		if (!rc && group->claim == CLAIM_NONE && (group->parts > 1 || group->unused > 0))
			rc = keys_fail(place, "it claims nothing: no parts of it, none unused");
		if (rc)
			return rc;
		workload->nr_groups++;
	}
	strcpy(place->path, "groups");
	return 0;
}

static const struct key workload_keys[] = {
	{"about", keys_text, offsetof(struct plan_workload, about), 0, 0, NULL},
	{"seed", keys_number, offsetof(struct plan_workload, seed), 0, INT_MAX, NULL},
	{"builders", keys_number, offsetof(struct plan_workload, builders), 1, SIM_MAX_BUILDERS,
	 NULL},
	{"groups", read_groups, 0, 0, 0, NULL},
	{0},
};

int plan_read_host(const char *file, struct plan_host *out, char error[KEYS_ERROR])
{
	static const char *const needs[] = {"about", "nodes", "memory", NULL};

	*out = (struct plan_host){0};
	return keys_load(file, host_keys, needs, out, error);
}

int plan_read_workload(const char *file, struct plan_workload *out, char error[KEYS_ERROR])
{
	static const char *const needs[] = {"about", "builders", "groups", NULL};

	*out = (struct plan_workload){.seed = 1};
	return keys_load(file, workload_keys, needs, out, error);
}

void plan_free_host(struct plan_host *host)
{
	free(host->about);
	free(host->cpu);
}

void plan_free_workload(struct plan_workload *workload)
{
	free(workload->about);
}

uint64_t plan_extents(const struct plan_group *group, unsigned int i)
{
	uint64_t pages = group->memory / PLAN_PAGE, left = pages, part = 0;

	for (unsigned int j = 0; j <= i; j++) {
		const struct extent_share *e = &group->mix.extents[j];

		part = j + 1 == group->mix.nr_extents ? left : (uint64_t)(e->share * (double)pages);
		part >>= e->order;
		left -= part << e->order;
	}
	return part;
}
