// SPDX-License-Identifier: GPL-2.0-only
/* From the figures of the history to series. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plots/series_changes.h"

/* One figure as it was read; strings are copies. */
struct reading {
	char *host, *type, *target, *variant;
	size_t order; /* in which it was read: of time */
	unsigned int nodes;
	bool reference, tonight;
	struct history_figure figure;
	struct point point;
};

/* The figures of one metric, while the history is read. */
struct gathering {
	struct nights *nights;
	const struct history_filter *filter;
	const char *metric;
	struct series like; /* strings of the metric */
	struct reading *readings;
	size_t nr, room;
};

static double figure_value(const struct history_metric *m, const struct history_figure *f)
{
	double value = f->kind == KIND_EXACT	  ? (double)f->least
		       : strcmp(m->name, "value") ? f->median
						  : f->mean;

	return value / (double)f->ops;
}

static bool same_place(const struct reading *a, const struct reading *b)
{
	return a->nodes == b->nodes && a->figure.kind == b->figure.kind &&
	       !strcmp(a->target, b->target);
}

/* The last one of that night among the host's readings, which are in order of time. */
static const struct reading *find_reference(const struct reading *host, size_t nr,
					    const struct reading *of)
{
	for (size_t i = nr; i--;)
		if (host[i].reference && host[i].point.value > 0 && same_place(&host[i], of) &&
		    !strcmp(host[i].point.night, of->point.night))
			return &host[i];
	return NULL;
}

static struct point make_point(const struct reading *r, const struct reading *reference)
{
	struct point p = r->point;

	p.ratio = log(p.value);
	if (!reference)
		return p;
	p.against = reference->point.value;
	p.ratio -= log(p.against);
	memcpy(p.reference, reference->point.run, sizeof(p.reference));
	if (r->figure.kind == KIND_EXACT)
		p.verdict = judge_exact(reference->figure.least, reference->figure.ops,
					r->figure.least, r->figure.ops, NULL);
	return p;
}

/* Counts that two machines did not agree on are noisy, among exact ones of other nights. */
static bool any_exact(const struct gathering *g)
{
	for (size_t i = 0; i < g->nr; i++)
		if (g->readings[i].figure.kind == KIND_EXACT)
			return true;
	return false;
}

static struct series *find_series(struct gathering *g, bool exact, size_t first,
				  const struct reading *r)
{
	struct nights *n = g->nights;
	struct series *series;

	for (size_t i = first; i < n->nr; i++) {
		series = &n->series[i];
		if (series->nodes == r->nodes && !strcmp(series->target, r->target) &&
		    !strcmp(series->variant, r->variant))
			return series;
	}
	series = reallocarray(n->series, n->nr + 1, sizeof(*series));
	if (!series)
		return NULL;
	n->series = series;
	series += n->nr++;
	*series = (struct series){
		.name = strdup(g->like.name),
		.metric = strdup(g->like.metric),
		.unit = strdup(g->like.unit),
		.per = strdup(g->like.per),
		.host = strdup(r->host),
		.type = r->type ? strdup(r->type) : NULL,
		.target = strdup(r->target),
		.variant = strdup(r->variant),
		.nodes = r->nodes,
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
		if (!strcmp(s->points[i].night, r->point.night)) {
			s->points[i] = make_point(r, reference);
			return 0;
		}
	points = reallocarray(s->points, s->nr + 1, sizeof(*points));
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

static void forget_readings(struct gathering *g)
{
	for (size_t i = 0; i < g->nr; i++) {
		free(g->readings[i].host);
		free(g->readings[i].type);
		free(g->readings[i].target);
		free(g->readings[i].variant);
	}
	free(g->readings);
	free(g->like.name);
	free(g->like.metric);
	free(g->like.unit);
	free(g->like.per);
	g->readings = NULL;
	g->nr = g->room = 0;
	g->like = (struct series){0};
}

static void free_series(struct series *s)
{
	free(s->name);
	free(s->metric);
	free(s->unit);
	free(s->per);
	free(s->host);
	free(s->type);
	free(s->target);
	free(s->variant);
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

static int compare_hosts(const void *a, const void *b)
{
	const struct reading *left = a, *right = b;
	int ret = strcmp(left->host, right->host);

	return ret ? ret : (left->order > right->order) - (left->order < right->order);
}

static size_t count_of_host(const struct reading *readings, size_t nr)
{
	size_t i = 1;

	while (i < nr && !strcmp(readings[i].host, readings->host))
		i++;
	return i;
}

static int add_host(struct gathering *g, bool exact, const struct reading *host, size_t nr)
{
	size_t first = g->nights->nr;
	int ret = 0;

	for (size_t i = 0; i < nr && !ret; i++) {
		const struct reading *r = &host[i];
		struct series *s;

		/* What costs nothing has no logarithm. */
		if (r->reference || r->point.value <= 0)
			continue;
		s = find_series(g, exact, first, r);
		if (s && exact && r->figure.kind == KIND_NOISY) {
			s->alone++;
			continue;
		}
		ret = s ? add_point(s, r, r->tonight ? find_reference(host, nr, r) : NULL)
			: -ENOMEM;
	}
	return ret;
}

/* All figures of a metric are there: what they are over time. */
static int make_series(struct gathering *g)
{
	size_t first = g->nights->nr, nr;
	bool exact = any_exact(g);
	int ret = 0;

	if (g->nr)
		qsort(g->readings, g->nr, sizeof(*g->readings), compare_hosts);
	for (size_t i = 0; i < g->nr && !ret; i += nr) {
		nr = count_of_host(g->readings + i, g->nr - i);
		ret = add_host(g, exact, g->readings + i, nr);
	}
	drop_empty(g->nights, first);
	for (size_t i = first; i < g->nights->nr && !ret; i++) {
		qsort(g->nights->series[i].points, g->nights->series[i].nr, sizeof(struct point),
		      compare_days);
		ret = series_find_changes(&g->nights->series[i]);
	}
	forget_readings(g);
	return ret;
}

static bool same_metric(const struct series *like, const struct history_metric *m)
{
	return like->name && !strcmp(like->name, m->case_name) && !strcmp(like->metric, m->name) &&
	       !strcmp(like->unit, m->unit) && !strcmp(like->per, m->per);
}

static void note_time(struct point *p, const struct history_run *run)
{
	const char *when = run->night ? run->night : run->time;

	p->day = day_of(when);
	snprintf(p->night, sizeof(p->night), "%s", when);
	snprintf(p->run, sizeof(p->run), "%.12s", run->id);
	snprintf(p->environment, sizeof(p->environment), "%s", run->environment);
}

static bool is_role(const struct history_run *run, const char *role)
{
	return run->role && !strcmp(run->role, role);
}

/* References of what is chosen need not be of that variant and role. */
static bool is_chosen(const struct history_filter *filter, const struct history_run *run)
{
	return is_role(run, "reference") ||
	       ((!filter->variant || !strcmp(run->variant, filter->variant)) &&
		(!filter->role || is_role(run, filter->role)));
}

static struct reading *add_reading(struct gathering *g)
{
	struct reading *list;

	if (g->nr == g->room) {
		list = reallocarray(g->readings, g->room * 2 + 64, sizeof(*list));
		if (!list)
			return NULL;
		g->readings = list;
		g->room = g->room * 2 + 64;
	}
	return &g->readings[g->nr++];
}

static int take_figure(void *data, const struct history_run *run, const struct history_metric *m,
		       const struct history_figure *f)
{
	struct gathering *g = data;
	struct reading *r;
	int ret = 0;

	if ((run->night && !run->role) || (g->metric && strcmp(g->metric, m->name)) ||
	    !is_chosen(g->filter, run))
		return 0;
	if (!same_metric(&g->like, m)) {
		ret = make_series(g);
		g->like = (struct series){.name = strdup(m->case_name),
					  .metric = strdup(m->name),
					  .unit = strdup(m->unit),
					  .per = strdup(m->per)};
	}
	r = ret ? NULL : add_reading(g);
	if (!r)
		return -ENOMEM;
	*r = (struct reading){
		.host = strdup(run->host),
		.type = run->type ? strdup(run->type) : NULL,
		.order = g->nr,
		.target = strdup(run->target),
		.variant = strdup(run->variant),
		.nodes = run->nodes,
		.reference = is_role(run, "reference"),
		.tonight = is_role(run, "tonight"),
		.figure = *f,
	};
	note_time(&r->point, run);
	r->point.value = figure_value(m, f);
	r->point.least = f->least;
	r->point.ops = f->ops;
	return 0;
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

static int take_night(void *data, const char *night, const char *role)
{
	struct nights *n = data;

	if (!role)
		return add_day(&n->apart, day_of(night));
	return strcmp(role, "tonight") ? 0 : add_day(&n->tonight, day_of(night));
}

int nights_read(struct history *h, const struct history_filter *filter, const char *glob,
		const char *metric, struct nights *out)
{
	struct gathering g = {.nights = out, .filter = filter, .metric = metric};
	struct history_filter wider = *filter;
	int ret;

	*out = (struct nights){0};
	wider.variant = wider.role = NULL;
	ret = history_each_night(h, filter, take_night, out);
	if (!ret)
		ret = history_each_figure(h, &wider, glob, take_figure, &g);
	if (!ret)
		ret = make_series(&g);
	forget_readings(&g);
	return ret;
}

void nights_free(struct nights *n)
{
	for (size_t i = 0; i < n->nr; i++)
		free_series(&n->series[i]);
	free(n->series);
	free(n->tonight.days);
	free(n->apart.days);
	*n = (struct nights){0};
}
