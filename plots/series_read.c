// SPDX-License-Identifier: GPL-2.0-only
/* From the figures of the history to series. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plots/series_changes.h"

/* One figure, and the run that it is of. */
struct reading {
	struct history_run run;
	const struct history_figure *figure;
	const char *night; /* or the time, of a run that is of none */
	double day, value;
};

/* What is the same for all metrics, and the readings of one host. */
struct gathering {
	struct nights *nights;
	const struct history_filter *filter;
	const char *metric;
	struct reading *readings;
};

static bool is_role(const struct history_run *run, const char *role)
{
	return run->role && !strcmp(run->role, role);
}

static double figure_value(const struct history_metric *m, const struct history_figure *f)
{
	double value = f->kind == KIND_EXACT	  ? (double)f->least
		       : strcmp(m->name, "value") ? f->median
						  : f->mean;

	return value / (double)f->ops;
}

/* There are many nights, and days are compared sooner than texts. */
static bool same_night(const struct reading *a, const struct reading *b)
{
	return fabs(a->day - b->day) < 0.5 && !strcmp(a->night, b->night);
}

static bool same_place(const struct reading *a, const struct reading *b)
{
	return a->run.nodes == b->run.nodes && a->figure->kind == b->figure->kind &&
	       !strcmp(a->run.target, b->run.target);
}

/* The last one of that night among the host's readings, which are in order of time. */
static const struct reading *find_reference(const struct reading *host, size_t nr,
					    const struct reading *of)
{
	for (size_t i = nr; i--;)
		if (same_night(&host[i], of) && is_role(&host[i].run, "reference") &&
		    host[i].value > 0 && same_place(&host[i], of))
			return &host[i];
	return NULL;
}

static struct point make_point(const struct reading *r, const struct reading *reference)
{
	struct point p = {
		.day = r->day,
		.night = r->night,
		.run = r->run.id,
		.environment = r->run.environment,
		.least = r->figure->least,
		.ops = r->figure->ops,
		.value = r->value,
		.ratio = log(r->value),
	};

	if (!reference)
		return p;
	p.against = reference->value;
	p.ratio -= log(p.against);
	p.reference = reference->run.id;
	if (r->figure->kind == KIND_EXACT)
		p.verdict = judge_exact(reference->figure->least, reference->figure->ops,
					r->figure->least, r->figure->ops, NULL);
	return p;
}

/* Room for one more: it is doubled when the list is as long as a power of two. */
static void *make_room(void *list, size_t nr, size_t size)
{
	return nr & (nr - 1) ? list : reallocarray(list, nr ? 2 * nr : 1, size);
}

static struct series *find_series(struct nights *n, const struct history_metric *m, bool exact,
				  size_t first, const struct history_run *run)
{
	struct series *series;

	for (size_t i = first; i < n->nr; i++) {
		series = &n->series[i];
		if (series->nodes == run->nodes && !strcmp(series->target, run->target) &&
		    !strcmp(series->variant, run->variant))
			return series;
	}
	series = make_room(n->series, n->nr, sizeof(*series));
	if (!series)
		return NULL;
	n->series = series;
	series += n->nr++;
	*series = (struct series){
		.name = strdup(m->case_name),
		.metric = strdup(m->name),
		.unit = strdup(m->unit),
		.per = strdup(m->per),
		.host = run->host,
		.type = run->type,
		.target = run->target,
		.variant = run->variant,
		.nodes = run->nodes,
		.kind = exact ? KIND_EXACT : KIND_NOISY,
	};
	return series;
}

/* A night has one point: the last that was measured. Points with a reference push out those
 * without. */
static int add_point(struct series *s, const struct reading *r, const struct reading *reference)
{
	struct point *points;

	if (reference && !s->relative) {
		s->relative = true;
		s->alone += s->nr;
		s->nr = 0;
	}
	if (s->relative && !reference) {
		s->alone++;
		return 0;
	}
	for (size_t i = s->nr; i--;)
		if (fabs(s->points[i].day - r->day) < 0.5 &&
		    !strcmp(s->points[i].night, r->night)) {
			s->points[i] = make_point(r, reference);
			return 0;
		}
	points = make_room(s->points, s->nr, sizeof(*points));
	if (!points)
		return -ENOMEM;
	s->points = points;
	points[s->nr++] = make_point(r, reference);
	return 0;
}

static int compare_days(const void *a, const void *b)
{
	const struct point *left = a, *right = b;

	return (left->day > right->day) - (left->day < right->day);
}

static void free_series(struct series *s)
{
	free(s->name);
	free(s->metric);
	free(s->unit);
	free(s->per);
	free(s->points);
	free(s->changes);
	free(s->moves);
	free(s->levels);
}

/* A series of which all was left out is none. */
static void drop_empty(struct nights *n, size_t first)
{
	size_t kept = first;

	for (size_t i = first; i < n->nr; i++)
		if (n->series[i].nr)
			n->series[kept++] = n->series[i];
		else
			free_series(&n->series[i]);
	n->nr = kept;
}

static int add_host(struct gathering *g, const struct history_metric *m, bool exact, size_t nr)
{
	size_t first = g->nights->nr;
	int ret = 0;

	for (size_t i = 0; i < nr && !ret; i++) {
		const struct reading *r = &g->readings[i];
		struct series *s;

		/* What costs nothing has no logarithm. */
		if (is_role(&r->run, "reference") || r->value <= 0)
			continue;
		s = find_series(g->nights, m, exact, first, &r->run);
		if (s && exact && r->figure->kind == KIND_NOISY) {
			s->alone++;
			continue;
		}
		ret = s ? add_point(s, r,
				    is_role(&r->run, "tonight") ? find_reference(g->readings, nr, r)
								: NULL)
			: -ENOMEM;
	}
	return ret;
}

static bool is_asked_for(const struct history_filter *filter, const struct history_run *run)
{
	return (!filter->variant || !strcmp(run->variant, filter->variant)) &&
	       (!filter->role || is_role(run, filter->role));
}

/* References of what is chosen need not be of that variant and role. */
static bool is_chosen(const struct history_filter *filter, const struct history_run *run)
{
	return (run->role || !run->night) &&
	       (is_role(run, "reference") || is_asked_for(filter, run));
}

/* Counts that two machines did not agree on are noisy, among exact ones of other nights. */
static bool any_exact(const struct gathering *g, const struct history_figure *figures)
{
	for (size_t i = 0; i < history_count_runs(g->nights->runs); i++) {
		const struct history_run run = history_listed_run(g->nights->runs, i);

		if (figures[i].samples && figures[i].kind == KIND_EXACT &&
		    is_chosen(g->filter, &run))
			return true;
	}
	return false;
}

static struct reading make_reading(const struct history_run *run, const struct history_metric *m,
				   const struct history_figure *figure)
{
	const char *night = run->night ? run->night : run->time;

	return (struct reading){*run, figure, night, day_of(night), figure_value(m, figure)};
}

/* Of the host of the first run, which is behind its last one then. */
static size_t read_host(struct gathering *g, const struct history_metric *m,
			const struct history_figure *figures, size_t *i)
{
	const char *host = history_listed_run(g->nights->runs, *i).host;
	size_t nr = 0;

	for (; *i < history_count_runs(g->nights->runs); (*i)++) {
		const struct history_run run = history_listed_run(g->nights->runs, *i);

		if (strcmp(run.host, host))
			break;
		if (figures[*i].samples && is_chosen(g->filter, &run))
			g->readings[nr++] = make_reading(&run, m, &figures[*i]);
	}
	return nr;
}

/* What the figures of a metric are over time. */
static int make_series(void *data, const struct history_metric *m,
		       const struct history_figure *figures)
{
	struct gathering *g = data;
	struct nights *n = g->nights;
	size_t first = n->nr;
	bool exact;
	int ret = 0;

	if (g->metric && strcmp(g->metric, m->name))
		return 0;
	exact = any_exact(g, figures);
	for (size_t i = 0; i < history_count_runs(g->nights->runs) && !ret;)
		ret = add_host(g, m, exact, read_host(g, m, figures, &i));
	drop_empty(n, first);
	for (size_t i = first; i < n->nr && !ret; i++) {
		qsort(n->series[i].points, n->series[i].nr, sizeof(struct point), compare_days);
		ret = series_find_changes(&n->series[i]);
	}
	return ret;
}

static int add_day(struct days *d, double day)
{
	double *days;
	size_t i;

	for (i = 0; i < d->nr; i++)
		if (d->days[i] >= day)
			break;
	if (i < d->nr && d->days[i] <= day)
		return 0;
	days = reallocarray(d->days, d->nr + 1, sizeof(*days));
	if (!days)
		return -ENOMEM;
	d->days = days;
	memmove(days + i + 1, days + i, (d->nr++ - i) * sizeof(*days));
	days[i] = day;
	return 0;
}

static int add_nights(const struct gathering *g)
{
	int ret = 0;

	for (size_t i = 0; i < history_count_runs(g->nights->runs) && !ret; i++) {
		const struct history_run run = history_listed_run(g->nights->runs, i);

		if (!run.night || !is_asked_for(g->filter, &run))
			continue;
		if (!run.role)
			ret = add_day(&g->nights->apart, day_of(run.night));
		else if (is_role(&run, "tonight"))
			ret = add_day(&g->nights->tonight, day_of(run.night));
	}
	return ret;
}

int nights_read(struct history *h, const struct history_filter *filter, const char *glob,
		const char *metric, struct nights *out)
{
	struct gathering g = {.nights = out, .filter = filter, .metric = metric};
	struct history_filter wider = *filter;
	int ret;

	*out = (struct nights){0};
	wider.variant = wider.role = NULL;
	ret = history_list_runs(h, &wider, &out->runs);
	if (!ret)
		ret = add_nights(&g);
	if (!ret) {
		g.readings = calloc(history_count_runs(out->runs) + 1, sizeof(*g.readings));
		ret = g.readings ? history_each_metric(h, out->runs, glob, make_series, &g)
				 : -ENOMEM;
	}
	free(g.readings);
	return ret;
}

void nights_free(struct nights *n)
{
	for (size_t i = 0; i < n->nr; i++)
		free_series(&n->series[i]);
	free(n->series);
	history_free_runs(n->runs);
	free(n->tonight.days);
	free(n->apart.days);
	*n = (struct nights){0};
}
