// SPDX-License-Identifier: GPL-2.0-only
/* Times: changes of the series ln(tonight / reference), and of ln(reference), which is the host's.
 */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "results/changes.h"
#include "results/night_document.h"
#include "results/paired_print.h"

#define SEED 1
#define TOGETHER 2 /* days between a change of the host and what it does to the series */

static double log_reference(const struct night_point *point)
{
	return log(point->reference.mean);
}

static double percent(double ratio)
{
	return expm1(ratio) * 100;
}

/* Nothing is searched again before the last change that is settled. */
static size_t begin_at(const struct judging *j, const struct night_series *series, const char *of,
		       size_t from)
{
	const json_t *last = change_last(&j->document, series, of);
	const char *since = last ? json_string_value(json_object_get(last, "since")) : "";

	while (from < series->nr - 1 && strcmp(series->points[from].date, since) < 0)
		from++;
	return from;
}

/* The last change of a value over the nights from a point on: 1 when there is one. */
static int find_change(const struct night_series *series, size_t from, double delta,
		       double (*value)(const struct night_point *point), struct change_found *out)
{
	size_t nr = series->nr - from, nr_changes;
	double *values = calloc(nr, sizeof(*values));
	struct change *changes = NULL;
	int ret = -ENOMEM;

	for (size_t i = 0; values && i < nr; i++)
		values[i] = value(&series->points[from + i]);
	if (values)
		ret = changes_find(values, nr, delta, SEED, &changes, &nr_changes);
	if (!ret && nr_changes) {
		const struct change *last = &changes[nr_changes - 1];

		*out = (struct change_found){
			.series = series,
			.since = series->points[from + last->index].date,
			.before = last->before,
			.after = last->after,
		};
		ret = 1;
	}
	free(changes);
	free(values);
	return ret;
}

static const struct study_row *row_of(const struct verdicts *verdicts, const char *case_name)
{
	for (size_t i = 0; verdicts && i < verdicts->study->nr_metrics; i++)
		if (!strcmp(verdicts->rows[i].metric->name, case_name))
			return &verdicts->rows[i];
	return NULL;
}

static double delta_of(const struct judging *j, const struct night_series *series)
{
	const struct study_row *row = row_of(j->sources->times, series->case_name);
	const struct night_point *point = &series->points[series->nr - 1];

	if (row && row->paired.nr)
		return row->paired.delta;
	return paired_delta(strcmp(series->unit, "ns") ? 0 : point->reference.mean, NULL, 0, 0, 0);
}

/* A paired run of tonight's against what it was: the reference, times the level before the change.
 */
static int measure_again(const struct judging *j, const struct change_found *found,
			 struct paired *out)
{
	struct study *study = j->sources->again_times;
	struct study_metric *metric = NULL;
	struct verdicts verdicts;
	int ret;

	*out = (struct paired){.verdict = VERDICT_INCONCLUSIVE};
	for (size_t i = 0; i < study->nr_metrics; i++)
		if (!strcmp(study->metrics[i].name, found->series->case_name))
			metric = &study->metrics[i];
	if (!metric)
		return 0;
	for (size_t i = 0; i < study_pairs(study, STUDY_BEFORE); i++)
		for (size_t round = 0; round < metric->boots[STUDY_BEFORE][i].nr; round++)
			metric->boots[STUDY_BEFORE][i].rounds[round] *= exp(found->before);
	ret = study_judge(study, &verdicts);
	if (ret)
		return ret;
	*out = row_of(&verdicts, found->series->case_name)->paired;
	verdicts_free(&verdicts);
	return 0;
}

/* What the pairs say is nearer to the truth than the nights, of which few are after the change. */
static void describe_again(struct change_found *found, const struct paired *again)
{
	char flagged[PAIRED_FLAGGED_TEXT];
	size_t length = strlen(found->text);

	snprintf(found->text + length, sizeof(found->text) - length,
		 "; once more %+.2f %% [%+.2f, %+.2f]%s", percent(again->effect),
		 percent(again->at95.low), percent(again->at95.high),
		 paired_flagged_text(again, flagged));
}

static int settle(struct judging *j, struct change_found *found)
{
	enum verdict_size expected =
		found->after > found->before ? VERDICT_REGRESSED : VERDICT_IMPROVED;
	struct paired again = {.verdict = VERDICT_INCONCLUSIVE};
	const char *state = "suspected", *night = j->sources->filter.night;
	int ret = 0;

	if (j->sources->again_times)
		ret = measure_again(j, found, &again);
	if (ret)
		return ret;
	if (again.verdict != VERDICT_INCONCLUSIVE) {
		state = again.verdict == expected ? "confirmed" : "refuted";
		describe_again(found, &again);
	}
	if (again.verdict == expected)
		tell_change(j, found);
	change_add(&j->document, found, night, state);
	if (!j->sources->again_times)
		document_add(&j->document,
			     json_object_get(json_object_get(j->document.root, "again"), "times"),
			     json_string(found->series->case_name));
	return 0;
}

/* Did the reference itself change? *date: when that was last, "" if it never did. */
static int judge_host(struct judging *j, const struct night_series *series, size_t from,
		      double delta, const char **date)
{
	const json_t *known = change_last(&j->document, series, "reference");
	struct change_found found;
	int ret;

	*date = known ? json_string_value(json_object_get(known, "since")) : "";
	ret = find_change(series, begin_at(j, series, "reference", from), delta, log_reference,
			  &found);
	if (ret <= 0)
		return ret;
	found.of = "reference";
	*date = found.since;
	snprintf(found.text, sizeof(found.text), "the reference itself %+.2f %%",
		 percent(found.after - found.before));
	if (change_find(&j->document, &found, CHANGES_SEGMENT))
		return 0;
	change_add(&j->document, &found, j->sources->filter.night, "host");
	document_alert(&j->document, "host-change", series->case_name,
		       "the reference itself takes %+.2f %% since %s: the host changed",
		       percent(found.after - found.before), found.since);
	return 0;
}

static int judge_change(struct judging *j, const struct night_series *series, size_t from,
			double delta, const char *host_changed)
{
	struct change_found found;
	int ret = find_change(series, begin_at(j, series, "tonight", from), delta, night_ratio,
			      &found);

	if (ret <= 0)
		return ret;
	found.of = "tonight";
	snprintf(found.text, sizeof(found.text),
		 "%+.2f %%: against the reference %+.2f %% before, %+.2f %% since",
		 percent(found.after - found.before), percent(found.before), percent(found.after));
	if (change_find(&j->document, &found, CHANGES_SEGMENT))
		return 0;
	if (!*host_changed || labs(night_days(host_changed, found.since)) > TOGETHER)
		return settle(j, &found);
	change_add(&j->document, &found, j->sources->filter.night, "host");
	document_alert(&j->document, "host-change", series->case_name,
		       "%s %s, when the host changed: no verdict on it", found.since, found.text);
	return 0;
}

static void add_row(struct judging *j, const struct night_series *series, size_t from)
{
	const struct night_point *point = &series->points[series->nr - 1];
	const struct study_row *row = row_of(j->sources->times, series->case_name);
	char flagged[PAIRED_FLAGGED_TEXT] = "";

	if (row)
		paired_flagged_text(&row->paired, flagged);
	document_add(&j->document, j->document.rows,
		     json_pack("{s:s, s:s, s:s, s:s, s:I, s:f, s:f, s:f, s:s, s:s*}", "case",
			       series->case_name, "unit", series->unit, "per", series->per, "kind",
			       "noisy", "nights", (json_int_t)(series->nr - from), "reference",
			       point->reference.mean, "tonight", point->tonight.mean, "percent",
			       percent(night_ratio(point)), "verdict",
			       verdict_name(row ? row->paired.verdict : VERDICT_INCONCLUSIVE),
			       "flagged", *flagged ? flagged + 2 : NULL));
}

int judge_times(struct judging *j, const struct night_series *series)
{
	double delta = delta_of(j, series);
	const char *host_changed;
	size_t from;
	int ret = night_begin(j, series, &from);

	if (!ret)
		ret = judge_host(j, series, from, delta, &host_changed);
	if (!ret)
		ret = judge_change(j, series, from, delta, host_changed);
	if (!ret)
		add_row(j, series, from);
	return ret;
}
