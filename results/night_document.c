// SPDX-License-Identifier: GPL-2.0-only
#include "results/night_document.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/msg.h"

/* What an alert makes of the night. */
static const struct kind {
	const char *name;
	int exit;
} kinds[] = {
	{"regression", EXIT_REGRESSION},
	{"lost", EXIT_REGRESSION},
	{"quarantine", EXIT_USAGE},
	{"disk", EXIT_USAGE},
	{"failed", EXIT_USAGE},
	{"history", EXIT_USAGE},
	{"damaged", 0},
	{"missing", 0},
	{"host-change", 0},
	{"reference", 0},
	{"inexact", 0},
	{"improvement", 0},
};

static const struct kind *find_kind(const char *name)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (!strcmp(kinds[i].name, name))
			return &kinds[i];
	return NULL;
}

bool night_kind_fails(const char *name)
{
	const struct kind *kind = find_kind(name);

	return kind && kind->exit == EXIT_USAGE;
}

/* What is settled stays known; what is suspected is looked for again. */
static void carry_changes(struct document *d, const json_t *previous)
{
	const char *name, *unit, *of, *since, *state;
	json_t *change;
	size_t i;

	json_array_foreach(json_object_get(previous, "changes"), i,
			   change) if (!json_unpack(change, "{s:s, s:s, s:s, s:s, s:s}", "case",
						    &name, "unit", &unit, "of", &of, "since",
						    &since, "state", &state) &&
				       strcmp(state, "suspected"))
		document_add(d, d->changes, json_incref(change));
}

static void tell_damaged(struct document *d, const json_t *damaged)
{
	const json_t *path;
	size_t i;

	json_array_foreach(damaged, i, path) document_alert(
		d, "damaged", NULL, "%s: cannot be read; the document before it is used",
		json_string_value(path));
}

int document_begin(struct document *d, const struct history_filter *filter, const json_t *previous,
		   const json_t *damaged)
{
	*d = (struct document){0};
	d->root = json_pack(
		"{s:i, s:s, s:s?, s:s?, s:i, s:s?, s:s, s:i, s:[], s:[], s:[], s:{s:[], s:[]}}",
		"nightly", NIGHT_VERSION, "night", filter->night, "host", filter->host, "target",
		filter->target, "nodes", (int)filter->nodes, "judged",
		json_string_value(json_object_get(previous, "judged")), "status", "fine", "exit", 0,
		"alerts", "rows", "changes", "again", "counts", "times");
	d->alerts = json_object_get(d->root, "alerts");
	d->rows = json_object_get(d->root, "rows");
	d->changes = json_object_get(d->root, "changes");
	if (!d->root)
		return -ENOMEM;
	carry_changes(d, previous);
	tell_damaged(d, damaged);
	return 0;
}

/* A night without verdicts cannot have a regression. */
static int exit_of(const json_t *alerts)
{
	const json_t *alert;
	size_t i;
	int worst = 0;

	json_array_foreach(alerts, i, alert)
	{
		int code = find_kind(json_string_value(json_object_get(alert, "kind")))->exit;

		if (code > worst)
			worst = code;
	}
	return worst;
}

int document_end(struct document *d)
{
	static const char *const names[] = {"fine", "regression", "environment"};
	int code = exit_of(d->alerts);

	if (json_object_set_new(d->root, "exit", json_integer(code)) ||
	    json_object_set_new(d->root, "status", json_string(names[code])))
		d->failed = true;
	return d->failed ? -ENOMEM : 0;
}

void document_add(struct document *d, json_t *array, json_t *value)
{
	if (json_array_append_new(array, value))
		d->failed = true;
}

/* Of what is no UTF-8, such as the end of a log, the rest. */
static json_t *text_json(char *text)
{
	json_t *json = json_string(text);

	for (char *c = text; !json && c && *c; c++)
		if (*c & 0x80)
			*c = '?';
	return json ? json : json_string(text);
}

void document_alert(struct document *d, const char *kind, const char *case_name, const char *fmt,
		    ...)
{
	json_t *alert, *other;
	va_list ap;
	char *text;
	size_t i;

	va_start(ap, fmt);
	if (vasprintf(&text, fmt, ap) < 0)
		text = NULL;
	va_end(ap);
	alert = json_pack("{s:s, s:s?, s:o}", "kind", kind, "case", case_name, "text",
			  text_json(text));
	free(text);
	json_array_foreach(d->alerts, i, other)
	{
		if (!alert || !json_equal(alert, other))
			continue;
		json_decref(alert);
		return;
	}
	document_add(d, d->alerts, alert);
}

json_t *night_failed(const struct history_filter *filter, const json_t *previous,
		     const json_t *damaged, const char *kind, const char *text)
{
	struct document d;

	if (document_begin(&d, filter, previous, damaged))
		return NULL;
	document_alert(&d, kind, NULL, "%s", text);
	if (!document_end(&d))
		return d.root;
	json_decref(d.root);
	return NULL;
}
