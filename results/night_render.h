/* SPDX-License-Identifier: GPL-2.0-only */
/* The document of a night, as people and other programs want it. */
#ifndef CLAIMPERF_RESULTS_NIGHT_RENDER_H
#define CLAIMPERF_RESULTS_NIGHT_RENDER_H

#include <stdio.h>

#include <jansson.h>

void render_markdown(const json_t *document, FILE *out);
void render_junit(const json_t *document, FILE *out);

/* A key's string, "" where there is none. */
static inline const char *field_text(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "";
}

static inline double field_number(const json_t *object, const char *key)
{
	return json_number_value(json_object_get(object, key));
}

#endif
