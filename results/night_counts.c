// SPDX-License-Identifier: GPL-2.0-only
/*
 * Exact data: integers, and no statistics. The level is what the case cost when the series began,
 * or last changed by more than a NOTE; many small steps are found when they add up to that.
 */
#include <stdio.h>
#include <string.h>

#include "results/night_document.h"

static struct verdict judge_step(const struct night_side *before, const struct night_side *after)
{
	return judge_exact(before->least, before->ops, after->least, after->ops, NULL);
}

static double cost(const struct night_side *side)
{
	return (double)side->least / (double)side->ops;
}

static bool is_refuted(const struct judging *j, const struct change_found *found)
{
	const json_t *known = change_find(&j->document, found, 0);

	return known && !strcmp(json_string_value(json_object_get(known, "state")), "refuted");
}

static void describe(struct change_found *found, const struct verdict *v)
{
	char delta[FRACTION_TEXT_SIZE];

	snprintf(found->text, sizeof(found->text), "%s instructions per %s (%+.3f %%), %s",
		 fraction_format_short(v->delta, true, delta), found->series->per, v->percent,
		 verdict_name(v->size));
}

/* The last change; what was refuted did not move the level. */
static bool find_change(const struct judging *j, const struct night_series *series, size_t from,
			struct change_found *out)
{
	const struct night_side *level = &series->points[from].tonight;
	bool found = false;

	for (size_t i = from + 1; i < series->nr; i++) {
		const struct night_side *now = &series->points[i].tonight;
		struct verdict v = judge_step(level, now);
		struct change_found change = {series,	   "tonight", series->points[i].date,
					      cost(level), cost(now), ""};

		if (!night_exact(&series->points[i]) || v.size < VERDICT_MINOR ||
		    is_refuted(j, &change))
			continue;
		describe(&change, &v);
		*out = change;
		level = now;
		found = true;
	}
	return found;
}

static bool repeats(const struct result *again, const struct night_series *series,
		    const struct night_side *side)
{
	const struct result_case *test = result_find(again, series->case_name);

	return test && !test->skipped && test->kind == KIND_EXACT &&
	       !fraction_subtract(test->min_sample, test->ops, side->least, side->ops).num;
}

/* Measured once more, the bytes of both sides have to be the same. */
static void settle(struct judging *j, const struct change_found *found,
		   const struct night_point *point)
{
	const struct night_sources *s = j->sources;
	const char *night = s->filter.night;

	if (!s->again_reference || !result_find(s->again_tonight, found->series->case_name)) {
		change_add(&j->document, found, night, "suspected");
		document_add(&j->document,
			     json_object_get(json_object_get(j->document.root, "again"), "counts"),
			     json_string(found->series->case_name));
	} else if (repeats(s->again_reference, found->series, &point->reference) &&
		   repeats(s->again_tonight, found->series, &point->tonight)) {
		change_add(&j->document, found, night, "confirmed");
		tell_change(j, found);
	} else {
		change_add(&j->document, found, night, "refuted");
		document_alert(&j->document, "inexact", found->series->case_name,
			       "measured once more, it counts something else");
	}
}

static void add_row(struct judging *j, const struct night_series *series, size_t from,
		    const struct night_point *point)
{
	struct verdict v = judge_step(&point->reference, &point->tonight);
	char delta[FRACTION_TEXT_SIZE];

	document_add(&j->document, j->document.rows,
		     json_pack("{s:s, s:s, s:s, s:s, s:I, s:f, s:f, s:s, s:f, s:s}", "case",
			       series->case_name, "unit", series->unit, "per", series->per, "kind",
			       "exact", "nights", (json_int_t)(series->nr - from), "reference",
			       cost(&point->reference), "tonight", cost(&point->tonight), "delta",
			       fraction_format(v.delta, true, delta), "percent", v.percent,
			       "verdict", verdict_name(v.size)));
}

int judge_counts(struct judging *j, const struct night_series *series)
{
	const struct night_point *point = &series->points[series->nr - 1];
	struct change_found found;
	size_t from;
	int ret = night_begin(j, series, &from);

	if (ret)
		return ret;
	if (!night_exact(point)) {
		if (from < series->nr - 1 && night_exact(point - 1))
			document_alert(&j->document, "inexact", series->case_name,
				       "two machines count different instructions; no verdict");
		return 0;
	}
	while (!night_exact(&series->points[from]))
		from++;
	add_row(j, series, from, point);
	if (find_change(j, series, from, &found) && !change_find(&j->document, &found, 0))
		settle(j, &found, point);
	return 0;
}
