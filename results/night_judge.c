// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "results/night_document.h"

void tell_change(struct judging *j, const struct change_found *found)
{
	document_alert(&j->document, found->after > found->before ? "regression" : "improvement",
		       found->series->case_name, "since %s %s; measured once more, and there",
		       found->since, found->text);
}

/* A document says that a night was judged, by a history that is not this one. */
static void tell_history(struct judging *j)
{
	const json_t *judged = json_object_get(j->document.root, "judged");
	const struct history_filter *filter = &j->sources->filter;

	if (json_is_string(judged) && !*j->nights.before)
		document_alert(
			&j->document, "history", NULL,
			"%s has none of the nights before of host %s, the last of which was %s: "
			"nothing to judge tonight by",
			j->sources->store, filter->host, json_string_value(judged));
	if (json_object_set_new(j->document.root, "judged", json_string(filter->night)))
		j->document.failed = true;
}

/* Nights without any run, between the last that has one and this one. */
static void tell_missing(struct judging *j)
{
	const char *night = j->sources->filter.night;
	char first[NIGHT_DATE], last[NIGHT_DATE];
	long missing;

	if (!*j->nights.before)
		return;
	missing = night_days(j->nights.before, night) - 1;
	night_after(j->nights.before, 1, first);
	night_after(night, -1, last);
	if (missing == 1)
		document_alert(&j->document, "missing", NULL,
			       "the night of %s is not in the history", first);
	else if (missing > 1)
		document_alert(&j->document, "missing", NULL,
			       "the %ld nights from %s to %s are not in the history", missing,
			       first, last);
}

static bool measured_on(const struct night_series *series, const char *date)
{
	for (size_t i = series->nr; i--;)
		if (!strcmp(series->points[i].date, date))
			return true;
	return false;
}

static bool is_exact(const struct night_series *series)
{
	return !strcmp(series->unit, "instructions");
}

/* The last night before this one with verdicts on counts, or on times. */
static const char *last_judged(const struct judging *j, bool exact)
{
	const char *last = "";

	for (size_t i = 0; i < j->nights.nr; i++) {
		const struct night_series *s = &j->nights.series[i];

		for (size_t k = is_exact(s) == exact ? s->nr : 0; k--;) {
			if (!strcmp(s->points[k].date, j->sources->filter.night))
				continue;
			if (strcmp(s->points[k].date, last) > 0)
				last = s->points[k].date;
			break;
		}
	}
	return last;
}

static int judge_series(struct judging *j, bool exact)
{
	const char *night = j->sources->filter.night, *last = last_judged(j, exact);
	int ret = 0;

	for (size_t i = 0; i < j->nights.nr && !ret; i++) {
		const struct night_series *s = &j->nights.series[i];

		if (is_exact(s) != exact)
			continue;
		if (measured_on(s, night))
			ret = exact ? judge_counts(j, s) : judge_times(j, s);
		else if (*last && measured_on(s, last))
			document_alert(&j->document, "lost", s->case_name,
				       "measured on %s, and not tonight (%s)", last, s->unit);
	}
	return ret;
}

/*
 * A host that shows a difference where there is none, or cannot tell, judges no times. What it
 * counts is the same on any.
 */
static bool quarantine(struct judging *j)
{
	json_t *reasons = j->sources->times ? night_gate(j->sources->times) : json_array(), *reason;
	size_t i;

	if (!reasons)
		j->document.failed = true;
	json_array_foreach(reasons, i, reason)
		document_alert(&j->document, "quarantine", NULL, "%s", json_string_value(reason));
	json_decref(reasons);
	return i > 0;
}

int night_judge(const struct night_sources *sources, json_t **out, char error[RESULT_ERROR_SIZE])
{
	struct judging j = {.sources = sources};
	int ret = nights_read(sources->history, &sources->filter, &j.nights);

	*out = NULL;
	if (!ret)
		ret = document_begin(&j.document, &sources->filter, sources->previous,
				     sources->damaged);
	if (!ret && !j.nights.measured) {
		snprintf(error, RESULT_ERROR_SIZE, "%s: the history has no run of this night",
			 sources->filter.night);
		ret = -ENOENT;
	}
	if (!ret) {
		tell_history(&j);
		tell_missing(&j);
		ret = judge_series(&j, true);
		if (!ret && !quarantine(&j))
			ret = judge_series(&j, false);
	}
	if (!ret)
		ret = document_end(&j.document);
	nights_free(&j.nights);
	if (ret)
		json_decref(j.document.root);
	else
		*out = j.document.root;
	return ret;
}
