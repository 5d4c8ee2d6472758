// SPDX-License-Identifier: GPL-2.0-only
/* Changes that are known, from night to night. */
#include <stdlib.h>
#include <string.h>

#include "results/night_document.h"

static const char *text_of(const json_t *change, const char *key)
{
	return json_string_value(json_object_get(change, key));
}

static bool is_of(const json_t *change, const struct night_series *series, const char *of)
{
	return !strcmp(text_of(change, "case"), series->case_name) &&
	       !strcmp(text_of(change, "unit"), series->unit) && !strcmp(text_of(change, "of"), of);
}

static bool goes_up(const json_t *change)
{
	return json_number_value(json_object_get(change, "after")) >
	       json_number_value(json_object_get(change, "before"));
}

json_t *change_find(const struct document *d, const struct change_found *found, long reach)
{
	json_t *change;
	size_t i;

	json_array_foreach(d->changes, i,
			   change) if (is_of(change, found->series, found->of) &&
				       goes_up(change) == (found->after > found->before) &&
				       labs(night_days(text_of(change, "since"), found->since)) <=
					       reach) return change;
	return NULL;
}

const json_t *change_last(const struct document *d, const struct night_series *series,
			  const char *of)
{
	const json_t *change, *last = NULL;
	size_t i;

	json_array_foreach(d->changes, i, change) if (is_of(change, series, of) &&
						      strcmp(text_of(change, "state"), "refuted") &&
						      (!last || strcmp(text_of(change, "since"),
								       text_of(last, "since")) > 0))
		last = change;
	return last;
}

void change_add(struct document *d, const struct change_found *found, const char *night,
		const char *state)
{
	document_add(d, d->changes,
		     json_pack("{s:s, s:s, s:s, s:s, s:s, s:f, s:f, s:s, s:s}", "case",
			       found->series->case_name, "unit", found->series->unit, "of",
			       found->of, "since", found->since, "found", night, "before",
			       found->before, "after", found->after, "text", found->text, "state",
			       state));
}
