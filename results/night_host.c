// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where a series begins: at the last night that had another reference, or another host. What tells
 * it is the reference's fingerprint, and of exact data what the reference counts.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "results/fingerprint.h"
#include "results/night_document.h"

enum broken { WHOLE, NEW_HOST, NEW_REFERENCE };

static bool is_one_of(const char *path, const char *const *names)
{
	const char *dot = strrchr(path, '.');

	for (; *names; names++)
		if (!strcmp(dot ? dot + 1 : path, *names))
			return true;
	return false;
}

/* What makes a reference another one; and what only follows from that, or from how claimperf is
 * built. */
static enum broken meaning_of(const struct fingerprint_field *field)
{
	static const char *const source[] = {
		"variant",	 "xen", "config_sha256", "patches", "patches_sha256",
		"extra_patches", NULL};
	static const char *const follows[] = {"suite",		"dialect",	"key",
					      "library_sha256", "image_sha256", NULL};

	if (!field->differs || is_one_of(field->path, follows))
		return WHOLE;
	return is_one_of(field->path, source) ? NEW_REFERENCE : NEW_HOST;
}

/* The worst that differs, and in text all that do so. */
static enum broken compare_fields(const struct fingerprint_fields *fields, char *text, size_t size)
{
	enum broken worst = WHOLE, meaning;
	size_t length = 0;

	*text = '\0';
	for (size_t i = 0; i < fields->nr; i++) {
		const struct fingerprint_field *f = &fields->fields[i];

		meaning = meaning_of(f);
		if (meaning == WHOLE)
			continue;
		if (meaning > worst)
			worst = meaning;
		if (length < size)
			length += (size_t)snprintf(text + length, size - length,
						   "%s%s: %.40s -> %.40s", length ? "; " : "",
						   f->path, f->before ? f->before : "-",
						   f->after ? f->after : "-");
	}
	return worst;
}

static int compare_fingerprints(const char *before, const char *now, char *text, size_t size,
				enum broken *out)
{
	struct fingerprint_fields fields;
	json_t *left, *right;
	int ret = -ENOMEM;

	*out = WHOLE;
	if (before == now)
		return 0;
	left = json_loads(before, 0, NULL);
	right = json_loads(now, 0, NULL);
	if (left && right)
		ret = fingerprint_compare(left, right, &fields);
	if (!ret) {
		*out = compare_fields(&fields, text, size);
		fingerprint_free(&fields);
	}
	json_decref(left);
	json_decref(right);
	return ret;
}

/* Exact data of one source on one host are equal. */
static bool counts_moved(const struct night_point *before, const struct night_point *now)
{
	struct fraction moved;

	if (!night_exact(before) || !night_exact(now))
		return false;
	moved = fraction_subtract(now->reference.least, now->reference.ops, before->reference.least,
				  before->reference.ops);
	return moved.num != 0;
}

static void tell(struct judging *j, const struct night_series *series, enum broken broken,
		 const char *text)
{
	if (broken == NEW_REFERENCE)
		document_alert(&j->document, "reference", NULL,
			       "the reference is another one; all series begin tonight: %s", text);
	else if (broken == NEW_HOST)
		document_alert(&j->document, "host-change", NULL, "the host is another one: %s",
			       text);
	else
		document_alert(&j->document, "host-change", series->case_name,
			       "the reference counts otherwise than the night before, and its "
			       "fingerprint does not say why");
}

int night_begin(struct judging *j, const struct night_series *series, size_t *out)
{
	*out = 0;
	for (size_t i = series->nr - 1; i; i--) {
		const struct night_point *before = &series->points[i - 1], *now = before + 1;
		enum broken broken;
		char text[512];
		int ret = compare_fingerprints(before->reference.fingerprint,
					       now->reference.fingerprint, text, sizeof(text),
					       &broken);

		if (ret)
			return ret;
		if (broken == WHOLE && !counts_moved(before, now))
			continue;
		if (i == series->nr - 1)
			tell(j, series, broken, text);
		*out = i;
		break;
	}
	return 0;
}
