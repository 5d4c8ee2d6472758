// SPDX-License-Identifier: GPL-2.0-only
#include "lib/json_keys.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/json_locate.h"
#include "lib/parse.h"

#define MAX_BYTES (1 << 20)
#define SHARES_EXACT 1e-9

int keys_fail(struct place *place, const char *fmt, ...)
{
	char why[200];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(why, sizeof(why), fmt, ap);
	va_end(ap);
	snprintf(place->error, KEYS_ERROR, "%.150s:%u: %s%s%s", place->file,
		 json_locate(place->text, place->path), place->path, *place->path ? ": " : "", why);
	return -EINVAL;
}

int keys_number(struct place *place, const json_t *value, const struct key *key, void *object)
{
	json_int_t number = json_integer_value(value);

	if (!json_is_integer(value) || number < key->min || number > key->max)
		return keys_fail(place, "not a number from %u to %u", key->min, key->max);
	*(unsigned int *)((char *)object + key->offset) = (unsigned int)number;
	return 0;
}

int keys_share(struct place *place, const json_t *value, const struct key *key, void *object)
{
	double share = json_number_value(value);

	if (!json_is_number(value) || share < 0 || share > 1)
		return keys_fail(place, "not a share from 0 to 1");
	*(double *)((char *)object + key->offset) = share;
	return 0;
}

int keys_part(struct place *place, const json_t *value, const struct key *key, void *object)
{
	if (json_is_number(value) && json_number_value(value) <= 0)
		return keys_fail(place, "not a share above 0");
	return keys_share(place, value, key, object);
}

int keys_flag(struct place *place, const json_t *value, const struct key *key, void *object)
{
	if (!json_is_boolean(value))
		return keys_fail(place, "neither true nor false");
	*(bool *)((char *)object + key->offset) = json_is_true(value);
	return 0;
}

int keys_word(struct place *place, const json_t *value, const struct key *key, void *object)
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
	return keys_fail(place, "none of: %s", all);
}

int keys_name(struct place *place, const json_t *value, const struct key *key, void *object)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789-";
	const char *text = json_string_value(value);

	if (!text || !*text || strlen(text) >= KEYS_NAME || text[strspn(text, letters)])
		return keys_fail(place, "not a name of at most %d lower-case letters, digits and -",
				 KEYS_NAME - 1);
	strcpy((char *)object + key->offset, text);
	return 0;
}

int keys_text(struct place *place, const json_t *value, const struct key *key, void *object)
{
	if (!json_is_string(value) || !*json_string_value(value))
		return keys_fail(place, "not a text");
	*(char **)((char *)object + key->offset) = strdup(json_string_value(value));
	return 0;
}

int keys_size(struct place *place, const json_t *value, const struct key *key, void *object)
{
	const char *text = json_string_value(value);
	uint64_t bytes;

	if (!text || parse_size(text, &bytes) || !bytes)
		return keys_fail(place, "not a size as \"4G\"");
	*(uint64_t *)((char *)object + key->offset) = bytes;
	return 0;
}

static int compare_extents(const void *a, const void *b)
{
	const struct extent_share *x = a, *y = b;

	return (x->order < y->order) - (x->order > y->order);
}

int keys_extents(struct place *place, const json_t *value, const struct key *key, void *object)
{
	struct extent_shares *shares = (void *)((char *)object + key->offset);
	const char *order;
	const json_t *share;
	double sum = 0;

	shares->nr_extents = 0;
	json_object_foreach((json_t *)value, order, share)
	{
		uint64_t number;

		if ((order[0] == '0' && order[1]) || parse_u64(order, 0, KEYS_MAX_ORDER, &number))
			return keys_fail(place, "'%.20s' is not an order from 0 to %d", order,
					 KEYS_MAX_ORDER);
		if (shares->nr_extents == KEYS_MAX_EXTENTS)
			return keys_fail(place, "more than %d orders", KEYS_MAX_EXTENTS);
		sum += json_number_value(share);
		shares->extents[shares->nr_extents++] =
			(struct extent_share){(unsigned int)number, json_number_value(share)};
		if (!(json_number_value(share) > 0))
			return keys_fail(place, "order %s has no share of the memory", order);
	}
	if (!shares->nr_extents || fabs(sum - 1) > SHARES_EXACT)
		return keys_fail(place, "not orders and their shares of the memory, together 1");
	qsort(shares->extents, shares->nr_extents, sizeof(*shares->extents), compare_extents);
	if (shares->extents[shares->nr_extents - 1].order > key->max)
		return keys_fail(place, "no order up to %u, which takes what larger ones leave",
				 key->max);
	return 0;
}

/* Each key of the object, which has no others, and all that it needs; path says where that is. */
int keys_object(struct place *place, const json_t *value, const struct key *keys,
		const char *const *needs, void *object)
{
	size_t length = strlen(place->path);
	const char *name;
	const json_t *member;
	int rc = 0;

	if (!json_is_object(value))
		return keys_fail(place, "not an object");
	json_object_foreach((json_t *)value, name, member)
	{
		const struct key *key = keys;

		snprintf(place->path + length, sizeof(place->path) - length, "%s%.30s",
			 length ? "." : "", name);
		while (key->name && strcmp(key->name, name))
			key++;
		rc = key->name ? key->read(place, member, key, object)
			       : keys_fail(place, "there is no such key");
		if (rc)
			return rc;
	}
	place->path[length] = '\0';
	for (; *needs; needs++)
		if (!json_object_get(value, *needs))
			return keys_fail(place, "'%s' is missing", *needs);
	return 0;
}

static int read_text(const char *path, char **text, char error[KEYS_ERROR])
{
	FILE *in = fopen(path, "re");
	size_t size = 0;

	*text = calloc(1, MAX_BYTES + 1);
	if (in && *text)
		size = fread(*text, 1, MAX_BYTES + 1, in);
	if (!in || !*text || ferror(in))
		snprintf(error, KEYS_ERROR, "%.300s: %s", path, strerror(errno));
	else if (size > MAX_BYTES || strlen(*text) != size)
		snprintf(error, KEYS_ERROR, "%.300s: too long, or no text", path);
	else
		*error = '\0';
	if (in)
		fclose(in);
	return *error ? -EINVAL : 0;
}

int keys_load(const char *file, const struct key *keys, const char *const *needs, void *object,
	      char error[KEYS_ERROR])
{
	struct place place = {.file = file, .error = error};
	json_error_t wrong;
	json_t *root;
	char *text;
	int rc = read_text(file, &text, error);

	if (rc)
		goto out;
	root = json_loads(text, JSON_REJECT_DUPLICATES, &wrong);
	if (root) {
		place.text = text;
		rc = keys_object(&place, root, keys, needs, object);
	} else {
		snprintf(error, KEYS_ERROR, "%.150s:%d: %s", file, wrong.line, wrong.text);
		rc = -EINVAL;
	}
	json_decref(root);
out:
	free(text);
	return rc;
}
