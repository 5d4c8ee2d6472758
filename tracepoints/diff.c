// SPDX-License-Identifier: GPL-2.0-only
#include "tracepoints/diff.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <stdio.h>
#include <string.h>

/* What judge_exact() takes. */
#define EXACT_SUM_MAX (UINT64_C(1) << 53)
#define EXACT_COUNT_MAX (UINT64_C(1) << 31)

double diff_mean(const struct metric *m)
{
	return m && m->hist->count ? (double)m->hist->sum / (double)m->hist->count : 0;
}

static int merge_trace(struct diff_side *side, const struct summary *s)
{
	for (unsigned int i = 0; i < s->metrics.nr; i++) {
		const struct metric *from = &s->metrics.metrics[i];
		struct metric *to = metrics_get(&side->metrics, from->id, from->key, from->labels,
						METRIC_LABELS);

		if (!to)
			return -ENOMEM;
		to->pages += from->pages;
		hist_merge(to->hist, from->hist);
	}
	side->lost += s->lost;
	side->anomalies += s->anomalies.count;
	side->window += summary_window(s);
	return 0;
}

static int merge_side(struct diff_side *side)
{
	int ret = 0;

	for (unsigned int i = 0; i < side->nr && !ret; i++)
		ret = merge_trace(side, side->summaries[i]);
	metrics_sort(&side->metrics);
	return ret;
}

static bool same_hist(const struct hist *a, const struct hist *b)
{
	return !memcmp(a, b, sizeof(*a));
}

const char *diff_first_difference(const struct summary *a, const struct summary *b)
{
	unsigned int i;

	for (i = 0; i < a->metrics.nr && i < b->metrics.nr; i++) {
		const struct metric *left = &a->metrics.metrics[i], *right = &b->metrics.metrics[i];

		if (left->id != right->id || left->key != right->key ||
		    !same_hist(left->hist, right->hist))
			return left->name;
	}
	if (a->metrics.nr != b->metrics.nr)
		return (a->metrics.nr > i ? a : b)->metrics.metrics[i].name;
	return a->records != b->records ? "records" : NULL;
}

/* Why a row must not fail anything; NULL when it may. */
static const char *find_reason(const struct diff *d, const struct diff_row *row)
{
	const struct metric *m = row->after ? row->after : row->before;

	if (!row->before || !row->after)
		return row->after ? "only in AFTER" : "only in BEFORE";
	if (d->before->lost || d->after->lost)
		return "records lost";
	if (d->before->anomalies || d->after->anomalies)
		return "damaged trace";
	if (strcmp(m->unit, "cycles"))
		return "no cost";
	if (m->id == METRIC_SPAN)
		return "contains what else ran";
	if (d->kind == DIFF_EXACT && (m->id == METRIC_WAIT || m->id == METRIC_PAGE_ALLOC_WAIT))
		return "artefact of exact mode";
	return NULL;
}

static bool fits_exact(const struct hist *h)
{
	return h->sum <= EXACT_SUM_MAX && h->count <= EXACT_COUNT_MAX;
}

static bool is_worse(const struct verdict *v)
{
	return v->size == VERDICT_MAJOR && v->delta.num > 0;
}

static void judge_exactly(struct diff_row *row)
{
	const struct hist *before = row->before->hist, *after = row->after->hist;

	if (!fits_exact(before) || !fits_exact(after)) {
		row->why = "too much for exact fractions";
		row->judged = false;
		return;
	}
	row->count = judge_exact(before->count, 1, after->count, 1, NULL);
	row->mean = judge_exact(before->sum, before->count, after->sum, after->count, NULL);
	row->regressed = !row->why && (is_worse(&row->count) || is_worse(&row->mean));
}

/* ln(after / before) of a pair's means; NAN when either lacks the metric. */
static double pair_ratio(const struct diff *d, const struct diff_row *row, unsigned int pair)
{
	double before = diff_mean(metrics_find(&d->before->summaries[pair]->metrics, row->before));
	double after = diff_mean(metrics_find(&d->after->summaries[pair]->metrics, row->after));

	return before > 0 && after > 0 ? log(after / before) : NAN;
}

static void estimate_row(const struct diff *d, struct diff_row *row, uint64_t seed)
{
	double ratios[PAIRED_MOST];
	unsigned int nr = 0;

	for (unsigned int pair = 0; pair < d->before->nr; pair++) {
		ratios[nr] = pair_ratio(d, row, pair);
		nr += !isnan(ratios[nr]);
	}
	if (!nr)
		return;
	paired_estimate(ratios, nr, d->delta, seed, &row->paired);
	row->effect = row->paired.effect;
}

static int add_row(struct diff *d, const struct metric *before, const struct metric *after)
{
	struct diff_row *row = &d->rows[d->nr_rows++];

	row->before = before;
	row->after = after;
	row->why = find_reason(d, row);
	row->judged = before && after;
	if (row->judged && diff_mean(before) > 0 && diff_mean(after) > 0)
		row->effect = log(diff_mean(after) / diff_mean(before));
	return 0;
}

static int by_id_and_key(const struct metric *a, const struct metric *b)
{
	if (a->id != b->id)
		return (a->id > b->id) - (a->id < b->id);
	return (a->key > b->key) - (a->key < b->key);
}

/* Both lists are sorted. */
static int join_rows(struct diff *d)
{
	const struct metrics *b = &d->before->metrics, *a = &d->after->metrics;
	unsigned int i = 0, j = 0;

	d->rows = calloc(b->nr + a->nr + 1, sizeof(*d->rows));
	if (!d->rows)
		return -ENOMEM;
	while (i < b->nr || j < a->nr) {
		int order = i == b->nr	 ? 1
			    : j == a->nr ? -1
					 : by_id_and_key(&b->metrics[i], &a->metrics[j]);

		add_row(d, order <= 0 ? &b->metrics[i] : NULL, order >= 0 ? &a->metrics[j] : NULL);
		i += order <= 0;
		j += order >= 0;
	}
	return 0;
}

/* The gated row with the most cycles in BEFORE that is not primary yet; NULL when all are. */
static struct diff_row *next_primary(struct diff *d)
{
	struct diff_row *most = NULL;

	for (unsigned int i = 0; i < d->nr_rows; i++) {
		struct diff_row *row = &d->rows[i];

		if (row->judged && !row->why && !row->primary && row->paired.nr &&
		    (!most || row->before->hist->sum > most->before->hist->sum))
			most = row;
	}
	return most;
}

static void judge_pairs(struct diff *d, uint64_t seed)
{
	struct diff_row *rows[PAIRED_PRIMARY];
	struct paired paired[PAIRED_PRIMARY];
	unsigned int nr;

	for (unsigned int i = 0; i < d->nr_rows; i++)
		if (d->rows[i].judged)
			estimate_row(d, &d->rows[i], seed);
	for (nr = 0; nr < PAIRED_PRIMARY && (rows[nr] = next_primary(d)); nr++) {
		rows[nr]->primary = true;
		paired[nr] = rows[nr]->paired;
	}
	paired_judge(paired, nr);
	for (unsigned int i = 0; i < nr; i++) {
		rows[i]->paired = paired[i];
		rows[i]->regressed = paired[i].verdict == VERDICT_REGRESSED;
	}
	for (unsigned int i = 0; i < d->nr_rows; i++)
		if (d->rows[i].judged && !d->rows[i].why && !d->rows[i].primary)
			d->rows[i].why = "not among the primary metrics";
}

int diff_traces(struct diff_side *before, struct diff_side *after,
		const struct diff_options *o, struct diff *out)
{
	int ret = merge_side(before);

	*out = (struct diff){.before = before, .after = after, .delta = o->delta};
	out->kind = o->exact ? DIFF_EXACT : before->nr > 1 ? DIFF_PAIRED : DIFF_SINGLE;
	if (!ret)
		ret = merge_side(after);
	if (!ret)
		ret = join_rows(out);
	if (ret) {
		diff_free(out);
		return ret;
	}
	for (unsigned int i = 0; i < out->nr_rows && o->exact; i++)
		if (out->rows[i].judged)
			judge_exactly(&out->rows[i]);
	if (out->kind == DIFF_PAIRED)
		judge_pairs(out, o->seed);
	for (unsigned int i = 0; i < out->nr_rows; i++)
		out->regressed += out->rows[i].regressed;
	return 0;
}

void diff_free(struct diff *d)
{
	metrics_free(&d->before->metrics);
	metrics_free(&d->after->metrics);
	free(d->rows);
}

static const char *direction(const struct verdict *v)
{
	return !v->delta.num ? "" : v->delta.num > 0 ? " up" : " down";
}

static const char *exact_verdict(const struct diff_row *row, char text[DIFF_VERDICT_TEXT])
{
	const struct verdict *mean = &row->mean, *count = &row->count;
	char delta[FRACTION_TEXT_SIZE] = "";
	int length;

	if (mean->delta.num)
		fraction_format_short(mean->delta, true, delta);
	length = snprintf(text, DIFF_VERDICT_TEXT, "%s%s%s%s", verdict_name(mean->size),
			  direction(mean), *delta ? " " : "", delta);
	if (count->delta.num)
		snprintf(text + length, DIFF_VERDICT_TEXT - (size_t)length, ", count %s%s",
			 verdict_name(count->size), direction(count));
	return text;
}

const char *diff_verdict(const struct diff *d, const struct diff_row *row,
			 char text[DIFF_VERDICT_TEXT])
{
	if (!row->judged)
		return "-";
	if (d->kind == DIFF_EXACT)
		return exact_verdict(row, text);
	return d->kind == DIFF_PAIRED && row->primary ? verdict_name(row->paired.verdict)
						      : "INCONCLUSIVE";
}
