// SPDX-License-Identifier: GPL-2.0-only
#include "bench/scenario_spec.h"

#include <jansson.h>
#include <limits.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_MS 3600000
#define MAX_BUILDS 1000
#define MAX_TRIES 1000
#define MAX_NODE 63

const char *const spec_roles[] = {
	[ROLE_GUEST] = "guest",
	[ROLE_HOLDER] = "holder",
	[ROLE_THIEF] = "thief",
	NULL,
};

const char *const spec_claims[] = {
	[MODE_NONE] = "none",
	[MODE_LEGACY] = "legacy",
	[MODE_HOST] = "host",
	[MODE_NODES] = "nodes",
	[MODE_NODES_ELSE_HOST] = "nodes-else-host",
	[MODE_BEST] = "best",
	NULL,
};

static const char *const aheads[] = {
	[AHEAD_NOTHING] = "nothing",
	[AHEAD_CLAIM] = "claim",
	[AHEAD_BUILD] = "build",
	NULL,
};

static const char *const arrivals[] = {
	[ARRIVALS_FIXED] = "fixed",
	[ARRIVALS_EXPONENTIAL] = "exponential",
	NULL,
};

static int read_nodes(struct place *place, const json_t *value, const struct key *key, void *object)
{
	int *nodes = (int *)((char *)object + key->offset);
	const char *text = json_string_value(value);

	if (json_is_integer(value) && json_integer_value(value) >= 0 &&
	    json_integer_value(value) <= MAX_NODE)
		*nodes = (int)json_integer_value(value);
	else if (text && !strcmp(text, "each"))
		*nodes = SPEC_EACH_NODE;
	else if (text && !strcmp(text, "all"))
		*nodes = SPEC_ALL_NODES;
	else
		return keys_fail(place, "neither \"each\", \"all\" nor a node from 0 to %d",
				 MAX_NODE);
	return 0;
}

static const struct key limit_keys[] = {
	{"off_node", keys_share, offsetof(struct spec_limits, off_node), 0, 0, NULL},
	{"refused", keys_share, offsetof(struct spec_limits, refused), 0, 0, NULL},
	{"taken", keys_share, offsetof(struct spec_limits, taken), 0, 0, NULL},
	{0},
};

static int read_limits(struct place *place, const json_t *value, const struct key *key,
		       void *object)
{
	return keys_object(place, value, limit_keys, (const char *const[]){NULL},
			   (char *)object + key->offset);
}

#define FIELD(name) offsetof(struct spec_group, name)
static const struct key group_keys[] = {
	{"name", keys_name, FIELD(name), 0, 0, NULL},
	{"role", keys_word, FIELD(role), 0, 0, spec_roles},
	{"domains", keys_number, FIELD(domains), 1, SPEC_MAX_DOMAINS, NULL},
	{"memory", keys_part, FIELD(memory), 0, 0, NULL},
	{"nodes", read_nodes, FIELD(nodes), 0, 0, NULL},
	{"claim", keys_word, FIELD(claim), 0, 0, spec_claims},
	{"elsewhere", keys_flag, FIELD(elsewhere), 0, 0, NULL},
	{"extents", keys_extents, FIELD(mix), 0, SPEC_PAGES_ORDER, NULL},
	{"ahead", keys_word, FIELD(ahead), 0, 0, aheads},
	{"start_ms", keys_number, FIELD(start_ms), 0, MAX_MS, NULL},
	{"every_ms", keys_number, FIELD(every_ms), 0, MAX_MS, NULL},
	{"arrivals", keys_word, FIELD(arrivals), 0, 0, arrivals},
	{"builds", keys_number, FIELD(builds), 0, MAX_BUILDS, NULL},
	{"again_ms", keys_number, FIELD(again_ms), 1, MAX_MS, NULL},
	{"lives_ms", keys_number, FIELD(lives_ms), 0, MAX_MS, NULL},
	{"tries", keys_number, FIELD(tries), 1, MAX_TRIES, NULL},
	{"backoff_ms", keys_number, FIELD(backoff_ms), 0, MAX_MS, NULL},
	{"limits", read_limits, FIELD(limits), 0, 0, NULL},
	{0},
};
#undef FIELD
static const char *const group_needs[] = {"name", "domains", "memory", NULL};

static const struct spec_group defaults = {
	.claim = MODE_BEST,
	.nodes = SPEC_EACH_NODE,
	.elsewhere = true,
	.mix = {{{9, 0.98}, {0, 0.02}}, 2},
	.builds = 1,
	.lives_ms = SPEC_FOREVER,
	.tries = 1,
	.backoff_ms = 10,
	.limits = {SPEC_NO_LIMIT, SPEC_NO_LIMIT, SPEC_NO_LIMIT},
};

/* What keys can only say together. */
static int check_group(struct place *place, const struct spec_group *g)
{
	if (g->builds > 1 && !g->again_ms)
		return keys_fail(place, "builds: again_ms must say how long after each other");
	if (!g->builds && g->ahead != AHEAD_BUILD)
		return keys_fail(
			place,
			"builds: without any, what is there to do but \"ahead\": \"build\"?");
	if (g->ahead == AHEAD_CLAIM && g->claim == MODE_NONE)
		return keys_fail(place, "ahead: it claims nothing");
	if (g->role == ROLE_THIEF && (g->claim != MODE_NONE || g->ahead != AHEAD_NOTHING))
		return keys_fail(place, "a thief claims nothing and comes after the others");
	if (g->role == ROLE_HOLDER && (g->claim == MODE_NONE || g->ahead == AHEAD_BUILD))
		return keys_fail(place, "a holder claims, and is never built");
	if (g->role != ROLE_GUEST && (g->builds != 1 || g->tries != 1))
		return keys_fail(place, "builds and tries are for guests");
	if (g->role != ROLE_THIEF && g->limits.taken != SPEC_NO_LIMIT)
		return keys_fail(place, "limits: taken is for thieves");
	return 0;
}

static int read_groups(struct place *place, const json_t *value, const struct key *key,
		       void *object)
{
	struct spec *spec = object;
	unsigned int domains = 0;
	const json_t *member;
	size_t i;
	int rc;

	(void)key;
	if (!json_is_array(value) || !json_array_size(value) ||
	    json_array_size(value) > SPEC_MAX_GROUPS)
		return keys_fail(place, "not an array of 1 to %d groups", SPEC_MAX_GROUPS);
	json_array_foreach(value, i, member)
	{
		struct spec_group *group = &spec->groups[spec->nr_groups];

		*group = defaults;
		snprintf(place->path, sizeof(place->path), "groups[%zu]", i);
		if (!strcmp("thief", json_string_value(json_object_get(member, "role")) ?: ""))
			group->claim = MODE_NONE;
		rc = keys_object(place, member, group_keys, group_needs, group);
		if (!rc)
			rc = check_group(place, group);
		for (unsigned int other = 0; !rc && other < spec->nr_groups; other++)
			if (!strcmp(spec->groups[other].name, group->name))
				rc = keys_fail(place, "there is another group '%s'", group->name);
		if (rc)
			return rc;
		spec->nr_groups++;
		domains += group->domains;
	}
	strcpy(place->path, "groups");
	return domains > SPEC_MAX_DOMAINS
		       ? keys_fail(place, "%u domains are more than %d", domains, SPEC_MAX_DOMAINS)
		       : 0;
}

static const struct key spec_keys[] = {
	{"about", keys_text, offsetof(struct spec, about), 0, 0, NULL},
	{"seed", keys_number, offsetof(struct spec, seed), 0, INT_MAX, NULL},
	{"builders", keys_number, offsetof(struct spec, builders), 1, SPEC_MAX_BUILDERS, NULL},
	{"groups", read_groups, 0, 0, 0, NULL},
	{0},
};
static const char *const spec_needs[] = {"about", "groups", NULL};

static void set_name(struct spec *spec, const char *path)
{
	const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
	const char *dot = strrchr(name, '.');

	snprintf(spec->name, sizeof(spec->name), "%.*s",
		 dot && dot > name ? (int)(dot - name) : (int)strlen(name), name);
}

int spec_load(const char *path, struct spec *spec, char error[KEYS_ERROR])
{
	*spec = (struct spec){.seed = 1};
	set_name(spec, path);
	return keys_load(path, spec_keys, spec_needs, spec, error);
}

void spec_free(struct spec *spec)
{
	free(spec->about);
	spec->about = NULL;
}
