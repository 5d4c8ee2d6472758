// SPDX-License-Identifier: GPL-2.0-only
#include "results/fingerprint.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Is name one of the dot-separated components of path? */
static bool has_component(const char *path, const char *name)
{
	size_t length = strlen(name), part;

	for (;; path += part + 1) {
		part = strcspn(path, ".");
		if (part == length && !strncmp(path, name, length))
			return true;
		if (!path[part])
			return false;
	}
}

/*
 * The hypervisor's identity is what a comparison is about. Its compiler and
 * configuration are not: they move every count without any change of source.
 */
static bool may_differ(const char *path)
{
	if (has_component(path, "compiler") || has_component(path, "config_sha256"))
		return false;
	return has_component(path, "hypervisor") || has_component(path, "dialect") ||
	       has_component(path, "image_sha256");
}

static char *leaf_text(const json_t *value)
{
	if (json_is_string(value))
		return strdup(json_string_value(value));
	return json_dumps(value, JSON_ENCODE_ANY | JSON_SORT_KEYS);
}

static struct fingerprint_field *add_field(struct fingerprint_fields *list, const char *path)
{
	struct fingerprint_field *fields;
	size_t i;

	for (i = 0; i < list->nr; i++)
		if (!strcmp(list->fields[i].path, path))
			return &list->fields[i];
	fields = reallocarray(list->fields, list->nr + 1, sizeof(*fields));
	if (!fields)
		return NULL;
	list->fields = fields;
	fields[list->nr] = (struct fingerprint_field){.path = strdup(path)};
	if (!fields[list->nr].path)
		return NULL;
	return &fields[list->nr++];
}

static int flatten(struct fingerprint_fields *list, const char *prefix, const json_t *object,
		   bool after)
{
	const char *key;
	json_t *value;

	json_object_foreach((json_t *)object, key, value) {
		struct fingerprint_field *field;
		char **side, *path;
		int ret;

		if (asprintf(&path, "%s%s%s", prefix, *prefix ? "." : "", key) < 0)
			return -ENOMEM;
		if (json_is_object(value)) {
			ret = flatten(list, path, value, after);
			free(path);
			if (ret)
				return ret;
			continue;
		}
		field = add_field(list, path);
		free(path);
		if (!field)
			return -ENOMEM;
		side = after ? &field->after : &field->before;
		*side = leaf_text(value);
		if (!*side)
			return -ENOMEM;
	}
	return 0;
}

static int compare_paths(const void *a, const void *b)
{
	const struct fingerprint_field *left = a, *right = b;

	return strcmp(left->path, right->path);
}

int fingerprint_compare(const json_t *before, const json_t *after, struct fingerprint_fields *out)
{
	struct fingerprint_field *field;
	int ret;
	size_t i;

	*out = (struct fingerprint_fields){.before_known = before, .after_known = after};
	ret = flatten(out, "", before, false);
	if (!ret)
		ret = flatten(out, "", after, true);
	if (ret) {
		fingerprint_free(out);
		return ret;
	}
	if (out->nr)
		qsort(out->fields, out->nr, sizeof(*out->fields), compare_paths);
	for (i = 0; i < out->nr; i++) {
		field = &out->fields[i];
		field->differs = before && after &&
				  (!field->before || !field->after || strcmp(field->before, field->after));
		field->may_differ = may_differ(field->path);
	}
	return 0;
}

void fingerprint_free(struct fingerprint_fields *fields)
{
	size_t i;

	for (i = 0; i < fields->nr; i++) {
		free(fields->fields[i].path);
		free(fields->fields[i].before);
		free(fields->fields[i].after);
	}
	free(fields->fields);
	*fields = (struct fingerprint_fields){0};
}

const struct fingerprint_field *fingerprint_find(const struct fingerprint_fields *fields,
						 const char *name)
{
	size_t i, length = strlen(name), path;

	for (i = 0; i < fields->nr; i++) {
		path = strlen(fields->fields[i].path);
		if (path < length || strcmp(fields->fields[i].path + path - length, name))
			continue;
		if (path == length || fields->fields[i].path[path - length - 1] == '.')
			return &fields->fields[i];
	}
	return NULL;
}
