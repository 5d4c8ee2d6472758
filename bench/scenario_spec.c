// SPDX-License-Identifier: GPL-2.0-only
#include "bench/scenario_spec.h"

#include <errno.h>
#include <jansson.h>
#include <limits.h>
#include <math.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/scenario_locate.h"
#include "lib/parse.h"

#define MAX_BYTES (1 << 20)
#define MAX_MS 3600000
#define MAX_BUILDS 1000
#define MAX_TRIES 1000
#define MAX_NODE 63
#define SHARES_EXACT 1e-9

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

/* Where we are in a file, for messages. */
struct place {
	const char *file, *text;
	char path[80];
	char *error;
};

/* How a key's value is read. Words, numbers and shares say by themselves what they may be. */
struct key {
	const char *name;
	int (*read)(struct place *place, const json_t *value, const struct key *key, void *object);
	size_t offset; /* of where it goes in the object */
	unsigned int min, max;
	const char *const *words;
};

__attribute__((format(printf, 2, 3))) static int fail(struct place *place, const char *fmt, ...)
{
	char why[200];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(why, sizeof(why), fmt, ap);
	va_end(ap);
	snprintf(place->error, SPEC_ERROR, "%.150s:%u: %s%s%s", place->file,
		 json_locate(place->text, place->path), place->path, *place->path ? ": " : "", why);
	return -EINVAL;
}

static int read_number(struct place *place, const json_t *value, const struct key *key,
		       void *object)
{
	json_int_t number = json_integer_value(value);

	if (!json_is_integer(value) || number < key->min || number > key->max)
		return fail(place, "not a number from %u to %u", key->min, key->max);
	*(unsigned int *)((char *)object + key->offset) = (unsigned int)number;
	return 0;
}

static int read_share(struct place *place, const json_t *value, const struct key *key, void *object)
{
	double share = json_number_value(value);

	if (!json_is_number(value) || share < 0 || share > 1)
		return fail(place, "not a share from 0 to 1");
	*(double *)((char *)object + key->offset) = share;
	return 0;
}

static int read_part(struct place *place, const json_t *value, const struct key *key, void *object)
{
	if (json_is_number(value) && json_number_value(value) <= 0)
		return fail(place, "not a share above 0");
	return read_share(place, value, key, object);
}

static int read_flag(struct place *place, const json_t *value, const struct key *key, void *object)
{
	if (!json_is_boolean(value))
		return fail(place, "neither true nor false");
	*(bool *)((char *)object + key->offset) = json_is_true(value);
	return 0;
}

static int read_word(struct place *place, const json_t *value, const struct key *key, void *object)
{
	const char *text = json_string_value(value);
	char all[100] = "";

	for (unsigned int i = 0; key->words[i]; i++) {
		if (text && !strcmp(text, key->words[i])) {
			*(unsigned int *)((char *)object + key->offset) = i;
			return 0;
		}
		snprintf(all + strlen(all), sizeof(all) - strlen(all), "%s%s", i ? ", " : "",
			 key->words[i]);
	}
	return fail(place, "none of: %s", all);
}

static int read_name(struct place *place, const json_t *value, const struct key *key, void *object)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789-";
	const char *text = json_string_value(value);

	if (!text || !*text || strlen(text) >= SPEC_NAME || text[strspn(text, letters)])
		return fail(place, "not a name of at most %d lower-case letters, digits and -",
			    SPEC_NAME - 1);
	strcpy((char *)object + key->offset, text);
	return 0;
}

static int read_about(struct place *place, const json_t *value, const struct key *key, void *object)
{
	if (!json_is_string(value) || !*json_string_value(value))
		return fail(place, "not a text");
	*(char **)((char *)object + key->offset) = strdup(json_string_value(value));
	return 0;
}

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
		return fail(place, "neither \"each\", \"all\" nor a node from 0 to %d", MAX_NODE);
	return 0;
}

static int compare_extents(const void *a, const void *b)
{
	const struct spec_extent *x = a, *y = b;

	return (x->order < y->order) - (x->order > y->order);
}

static int read_extents(struct place *place, const json_t *value, const struct key *key,
			void *object)
{
	struct spec_group *group = object;
	const char *order;
	const json_t *share;
	double sum = 0;

	(void)key;
	group->nr_extents = 0;
	json_object_foreach((json_t *)value, order, share)
	{
		uint64_t number;

		if ((order[0] == '0' && order[1]) || parse_u64(order, 0, SPEC_MAX_ORDER, &number))
			return fail(place, "'%.20s' is not an order from 0 to %d", order,
				    SPEC_MAX_ORDER);
		if (group->nr_extents == SPEC_MAX_EXTENTS)
			return fail(place, "more than %d orders", SPEC_MAX_EXTENTS);
		sum += json_number_value(share);
		group->extents[group->nr_extents++] =
			(struct spec_extent){(unsigned int)number, json_number_value(share)};
		if (!(json_number_value(share) > 0))
			return fail(place, "order %s has no share of the memory", order);
	}
	if (!group->nr_extents || fabs(sum - 1) > SHARES_EXACT)
		return fail(place, "not orders and their shares of the memory, together 1");
	qsort(group->extents, group->nr_extents, sizeof(*group->extents), compare_extents);
	if (group->extents[group->nr_extents - 1].order > SPEC_PAGES_ORDER)
		return fail(place, "no order up to %d, which takes what larger ones leave",
			    SPEC_PAGES_ORDER);
	return 0;
}

/* Each key of the object, which has no others, and all that it needs; path says where that is. */
static int read_object(struct place *place, const json_t *value, const struct key *keys,
		       const char *const *needs, void *object)
{
	size_t length = strlen(place->path);
	const char *name;
	const json_t *member;
	int rc = 0;

	if (!json_is_object(value))
		return fail(place, "not an object");
	json_object_foreach((json_t *)value, name, member)
	{
		const struct key *key = keys;

		snprintf(place->path + length, sizeof(place->path) - length, "%s%.30s",
			 length ? "." : "", name);
		while (key->name && strcmp(key->name, name))
			key++;
		rc = key->name ? key->read(place, member, key, object)
			       : fail(place, "there is no such key");
		if (rc)
			return rc;
	}
	place->path[length] = '\0';
	for (; *needs; needs++)
		if (!json_object_get(value, *needs))
			return fail(place, "'%s' is missing", *needs);
	return 0;
}

static const struct key limit_keys[] = {
	{"off_node", read_share, offsetof(struct spec_limits, off_node), 0, 0, NULL},
	{"refused", read_share, offsetof(struct spec_limits, refused), 0, 0, NULL},
	{"taken", read_share, offsetof(struct spec_limits, taken), 0, 0, NULL},
	{0},
};

static int read_limits(struct place *place, const json_t *value, const struct key *key,
		       void *object)
{
	return read_object(place, value, limit_keys, (const char *const[]){NULL},
			   (char *)object + key->offset);
}

#define FIELD(name) offsetof(struct spec_group, name)
static const struct key group_keys[] = {
	{"name", read_name, FIELD(name), 0, 0, NULL},
	{"role", read_word, FIELD(role), 0, 0, spec_roles},
	{"domains", read_number, FIELD(domains), 1, SPEC_MAX_DOMAINS, NULL},
	{"memory", read_part, FIELD(memory), 0, 0, NULL},
	{"nodes", read_nodes, FIELD(nodes), 0, 0, NULL},
	{"claim", read_word, FIELD(claim), 0, 0, spec_claims},
	{"elsewhere", read_flag, FIELD(elsewhere), 0, 0, NULL},
	{"extents", read_extents, 0, 0, 0, NULL},
	{"ahead", read_word, FIELD(ahead), 0, 0, aheads},
	{"start_ms", read_number, FIELD(start_ms), 0, MAX_MS, NULL},
	{"every_ms", read_number, FIELD(every_ms), 0, MAX_MS, NULL},
	{"arrivals", read_word, FIELD(arrivals), 0, 0, arrivals},
	{"builds", read_number, FIELD(builds), 0, MAX_BUILDS, NULL},
	{"again_ms", read_number, FIELD(again_ms), 1, MAX_MS, NULL},
	{"lives_ms", read_number, FIELD(lives_ms), 0, MAX_MS, NULL},
	{"tries", read_number, FIELD(tries), 1, MAX_TRIES, NULL},
	{"backoff_ms", read_number, FIELD(backoff_ms), 0, MAX_MS, NULL},
	{"limits", read_limits, FIELD(limits), 0, 0, NULL},
	{0},
};
#undef FIELD
static const char *const group_needs[] = {"name", "domains", "memory", NULL};

static const struct spec_group defaults = {
	.claim = MODE_BEST,
	.nodes = SPEC_EACH_NODE,
	.elsewhere = true,
	.extents = {{9, 0.98}, {0, 0.02}},
	.nr_extents = 2,
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
		return fail(place, "builds: again_ms must say how long after each other");
	if (!g->builds && g->ahead != AHEAD_BUILD)
		return fail(place,
			    "builds: without any, what is there to do but \"ahead\": \"build\"?");
	if (g->ahead == AHEAD_CLAIM && g->claim == MODE_NONE)
		return fail(place, "ahead: it claims nothing");
	if (g->role == ROLE_THIEF && (g->claim != MODE_NONE || g->ahead != AHEAD_NOTHING))
		return fail(place, "a thief claims nothing and comes after the others");
	if (g->role == ROLE_HOLDER && (g->claim == MODE_NONE || g->ahead == AHEAD_BUILD))
		return fail(place, "a holder claims, and is never built");
	if (g->role != ROLE_GUEST && (g->builds != 1 || g->tries != 1))
		return fail(place, "builds and tries are for guests");
	if (g->role != ROLE_THIEF && g->limits.taken != SPEC_NO_LIMIT)
		return fail(place, "limits: taken is for thieves");
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
		return fail(place, "not an array of 1 to %d groups", SPEC_MAX_GROUPS);
	json_array_foreach(value, i, member)
	{
		struct spec_group *group = &spec->groups[spec->nr_groups];

		*group = defaults;
		snprintf(place->path, sizeof(place->path), "groups[%zu]", i);
		if (!strcmp("thief", json_string_value(json_object_get(member, "role")) ?: ""))
			group->claim = MODE_NONE;
		rc = read_object(place, member, group_keys, group_needs, group);
		if (!rc)
			rc = check_group(place, group);
		for (unsigned int other = 0; !rc && other < spec->nr_groups; other++)
			if (!strcmp(spec->groups[other].name, group->name))
				rc = fail(place, "there is another group '%s'", group->name);
		if (rc)
			return rc;
		spec->nr_groups++;
		domains += group->domains;
	}
	strcpy(place->path, "groups");
	return domains > SPEC_MAX_DOMAINS
		       ? fail(place, "%u domains are more than %d", domains, SPEC_MAX_DOMAINS)
		       : 0;
}

static const struct key spec_keys[] = {
	{"about", read_about, offsetof(struct spec, about), 0, 0, NULL},
	{"seed", read_number, offsetof(struct spec, seed), 0, INT_MAX, NULL},
	{"builders", read_number, offsetof(struct spec, builders), 1, SPEC_MAX_BUILDERS, NULL},
	{"groups", read_groups, 0, 0, 0, NULL},
	{0},
};
static const char *const spec_needs[] = {"about", "groups", NULL};

static int read_text(const char *path, char **text, char error[SPEC_ERROR])
{
	FILE *in = fopen(path, "re");
	size_t size = 0;

	*text = calloc(1, MAX_BYTES + 1);
	if (in && *text)
		size = fread(*text, 1, MAX_BYTES + 1, in);
	if (!in || !*text || ferror(in))
		snprintf(error, SPEC_ERROR, "%.300s: %s", path, strerror(errno));
	else if (size > MAX_BYTES || strlen(*text) != size)
		snprintf(error, SPEC_ERROR, "%.300s: too long, or no text", path);
	else
		*error = '\0';
	if (in)
		fclose(in);
	return *error ? -EINVAL : 0;
}

static void set_name(struct spec *spec, const char *path)
{
	const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
	const char *dot = strrchr(name, '.');

	snprintf(spec->name, sizeof(spec->name), "%.*s",
		 dot && dot > name ? (int)(dot - name) : (int)strlen(name), name);
}

int spec_load(const char *path, struct spec *spec, char error[SPEC_ERROR])
{
	struct place place = {.file = path, .error = error};
	json_error_t wrong;
	json_t *root;
	char *text;
	int rc;

	*spec = (struct spec){.seed = 1};
	set_name(spec, path);
	rc = read_text(path, &text, error);
	if (rc)
		goto out;
	root = json_loads(text, JSON_REJECT_DUPLICATES, &wrong);
	if (root) {
		place.text = text;
		rc = read_object(&place, root, spec_keys, spec_needs, spec);
	} else {
		snprintf(error, SPEC_ERROR, "%.150s:%d: %s", path, wrong.line, wrong.text);
		rc = -EINVAL;
	}
	json_decref(root);
out:
	free(text);
	return rc;
}

void spec_free(struct spec *spec)
{
	free(spec->about);
	spec->about = NULL;
}
