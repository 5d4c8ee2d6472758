// SPDX-License-Identifier: GPL-2.0-only
#include "plots/study_page.h"

#include <math.h>
#include <string.h>

#include "plots/html.h"

const char *effect_text(double effect, char text[32])
{
	snprintf(text, 32, "%+.2f %%", expm1(effect) * 100);
	return text;
}

static size_t count(const struct verdicts *v, enum verdict_size size)
{
	size_t i, n = 0;

	for (i = 0; i < v->study->nr_metrics; i++)
		n += v->rows[i].paired.verdict == size;
	return n;
}

/* The metric that changed most, of those that did. */
static const struct study_row *find_most(const struct verdicts *v)
{
	const struct study_row *most = NULL;
	size_t i;

	for (i = 0; i < v->study->nr_metrics; i++) {
		const struct study_row *row = &v->rows[i];

		if ((row->paired.verdict == VERDICT_REGRESSED ||
		     row->paired.verdict == VERDICT_IMPROVED) &&
		    (!most || fabs(row->paired.effect) > fabs(most->paired.effect)))
			most = row;
	}
	return most;
}

void study_put_effect(FILE *out, const struct paired *p)
{
	char text[32];

	html_number(out, effect_text(p->effect, text));
	if (!isfinite(p->at95.low))
		return;
	fputs(" [", out);
	html_number(out, effect_text(p->at95.low, text));
	fputs(", ", out);
	html_number(out, effect_text(p->at95.high, text));
	fputs("]", out);
}

static void put_counts(FILE *out, const struct verdicts *v)
{
	const struct study_row *most = find_most(v);

	fprintf(out,
		"<p><b>What changed?</b> Of %zu metrics %zu REGRESSED, %zu IMPROVED, %zu are "
		"EQUIVALENT, "
		"%zu INCONCLUSIVE.</p>\n",
		v->study->nr_metrics, count(v, VERDICT_REGRESSED), count(v, VERDICT_IMPROVED),
		count(v, VERDICT_EQUIVALENT), count(v, VERDICT_INCONCLUSIVE));
	if (!most)
		return;
	fputs("<p><b>How much, and where?</b> Most in ", out);
	html_name(out, most->metric->name);
	fputs(": ", out);
	study_put_effect(out, &most->paired);
	fputs(".</p>\n", out);
}

/* What the same host shows where nothing differs. */
static void put_aa(FILE *out, const struct verdicts *v)
{
	size_t i, nr = 0, differ = 0, equivalent = 0;
	const json_t *why;

	for (i = 0; i < v->study->nr_metrics; i++) {
		const struct study_row *row = &v->rows[i];

		if (!row->metric->primary || !row->aa.nr)
			continue;
		nr++;
		equivalent += row->aa.verdict == VERDICT_EQUIVALENT;
		differ +=
			row->aa.verdict == VERDICT_REGRESSED || row->aa.verdict == VERDICT_IMPROVED;
	}
	json_array_foreach(v->study->failed, i, why)
	{
		fputs("<p class=\"warning\">⚠ Failed boot: ", out);
		html_text(out, json_string_value(why));
		fputs("</p>\n", out);
	}
	if (!nr)
		fputs("<p class=\"warning\">⚠ No A/A: nobody knows what this host shows where "
		      "nothing "
		      "differs.</p>\n",
		      out);
	else if (equivalent == nr)
		fprintf(out,
			"<p><b>Is it real?</b> A/A, the same source in %zu pairs of boots, is "
			"EQUIVALENT "
			"in all metrics.</p>\n",
			study_pairs(v->study, STUDY_AA_BEFORE));
	else
		fprintf(out,
			"<p class=\"warning\">⚠ <b>Is it real?</b> A/A, the same source in %zu "
			"pairs of "
			"boots, is EQUIVALENT in %zu of %zu metrics and differs in %zu: the host "
			"is not to "
			"be trusted in the others. δ is what it shows where nothing differs.</p>\n",
			study_pairs(v->study, STUDY_AA_BEFORE), equivalent, nr, differ);
}

/* Verdicts that are others without the pairs that are far off. */
static void put_resting(FILE *out, const struct verdicts *v)
{
	size_t nr = 0;

	for (size_t i = 0; i < v->study->nr_metrics; i++)
		nr += v->rows[i].paired.flagged &&
		      v->rows[i].paired.without != v->rows[i].paired.verdict;
	if (nr)
		fprintf(out,
			"<p class=\"warning\">⚑ %zu verdict%s on pairs that are outliers: "
			"without them it would be another.</p>\n",
			nr, nr == 1 ? " rests" : "s rest");
}

static void put_summary(struct study_report *s)
{
	const struct topology *t = &s->report.topologies[0];
	FILE *out = s->report.out;

	fputs("<header><h1>", out);
	html_text(out, identity(t, "hypervisor.variant", false));
	fputs(" → ", out);
	html_text(out, identity(t, "hypervisor.variant", true));
	fprintf(out,
		"</h1>\n<p class=\"sub\">%zu pairs of boots, seed %llu. All of it is noisy data, "
		"judged by "
		"pairs.</p>\n<nav><a href=\"#metrics\">Metrics</a> <a href=\"#reading\">How to "
		"read</a> "
		"<a href=\"#identity\">Identity</a></nav></header>\n"
		"<section id=\"summary\"><h2>Summary</h2>\n",
		study_pairs(s->study, STUDY_BEFORE), (unsigned long long)s->study->seed);
	put_counts(out, &s->verdicts);
	put_aa(out, &s->verdicts);
	put_resting(out, &s->verdicts);
	fputs("</section>\n", out);
}

static const char reading[] =
	"<section id=\"reading\"><h2>How to read this</h2>\n<dl>\n"
	"<dt>▲ REGRESSED, ▼ IMPROVED</dt><dd>The 95 % interval excludes 0, the effect is at least "
	"δ, and q "
	"at most 0.05.</dd>\n"
	"<dt>≈ EQUIVALENT</dt><dd>The 90 % interval lies within ±δ.</dd>\n"
	"<dt>? INCONCLUSIVE</dt><dd>Neither. “Could have seen” is the effect that so many pairs "
	"show in 4 "
	"of 5 studies.</dd>\n"
	"<dt>δ</dt><dd>What counts as a difference: 1 %, 2 ns, or what A/A shows where there is "
	"none, "
	"whichever is the largest.</dd>\n"
	"<dt>A/A</dt><dd>The same source on both sides, in other layouts.</dd>\n"
	"<dt>q</dt><dd>p by exact sign flips, for as many metrics as are judged together.</dd>\n"
	"<dt>⚑</dt><dd>An outlier: a pair further than 14.83 median absolute deviations from the "
	"median. It counts as all do, and the verdict is told that would be without it.</dd>\n"
	"<dt>Pairs</dt><dd>A pair is two boots, one of each side, in random order. What is "
	"measured a "
	"thousand times in one boot is still one boot.</dd>\n</dl></section>\n";

void study_put_page(struct study_report *s)
{
	put_summary(s);
	study_put_metrics(s);
	fputs(reading, s->report.out);
	section_identity(&s->report);
}

void study_print_summary(const struct study_report *s, FILE *out)
{
	const struct verdicts *v = &s->verdicts;

	fprintf(out, "%zu pairs: %zu REGRESSED, %zu IMPROVED, %zu EQUIVALENT, %zu INCONCLUSIVE%s\n",
		study_pairs(s->study, STUDY_BEFORE), count(v, VERDICT_REGRESSED),
		count(v, VERDICT_IMPROVED), count(v, VERDICT_EQUIVALENT),
		count(v, VERDICT_INCONCLUSIVE), *s->study->aa_order ? "" : "; no A/A");
}
