// SPDX-License-Identifier: GPL-2.0-only
#include "results/night_series.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define DAY 86400

static time_t noon(const char *date)
{
	struct tm tm = {.tm_hour = 12};

	strptime(date, "%Y-%m-%d", &tm);
	return timegm(&tm);
}

long night_days(const char *from, const char *to)
{
	return (long)((noon(to) - noon(from)) / DAY);
}

void night_after(const char *date, long days, char out[NIGHT_DATE])
{
	time_t then = noon(date) + days * DAY;
	struct tm tm;

	strftime(out, NIGHT_DATE, "%Y-%m-%d", gmtime_r(&then, &tm));
}

bool night_exact(const struct night_point *point)
{
	return point->reference.kind == KIND_EXACT && point->tonight.kind == KIND_EXACT;
}

double night_ratio(const struct night_point *point)
{
	return log(point->tonight.mean / point->reference.mean);
}

struct reading {
	struct nights *out;
	const char *last; /* nights after it are none yet */
	bool reference;
};

static const char *intern(struct nights *nights, const char *text)
{
	char **list;

	for (size_t i = nights->nr_fingerprints; i--;)
		if (!strcmp(nights->fingerprints[i], text))
			return nights->fingerprints[i];
	list = reallocarray(nights->fingerprints, nights->nr_fingerprints + 1, sizeof(*list));
	if (!list)
		return NULL;
	nights->fingerprints = list;
	list[nights->nr_fingerprints] = strdup(text);
	return list[nights->nr_fingerprints++];
}

static struct night_series *find_series(struct nights *nights, const struct history_metric *metric)
{
	struct night_series *list, *s;

	for (size_t i = nights->nr; i--;) {
		s = &nights->series[i];
		if (!strcmp(s->case_name, metric->case_name) && !strcmp(s->unit, metric->unit) &&
		    !strcmp(s->per, metric->per))
			return s;
	}
	list = reallocarray(nights->series, nights->nr + 1, sizeof(*list));
	if (!list)
		return NULL;
	nights->series = list;
	s = &list[nights->nr++];
	*s = (struct night_series){strdup(metric->case_name), strdup(metric->unit),
				   strdup(metric->per), NULL, 0};
	return s->case_name && s->unit && s->per ? s : NULL;
}

static struct night_point *find_point(struct night_series *s, const char *date)
{
	struct night_point *points;

	for (size_t i = s->nr; i--;)
		if (!strcmp(s->points[i].date, date))
			return &s->points[i];
	points = reallocarray(s->points, s->nr + 1, sizeof(*points));
	if (!points)
		return NULL;
	s->points = points;
	points[s->nr] = (struct night_point){0};
	strncpy(points[s->nr].date, date, NIGHT_DATE - 1);
	return &points[s->nr++];
}

static int add_figure(void *data, const struct history_run *run,
		      const struct history_metric *metric, const struct history_figure *figure)
{
	struct reading *r = data;
	struct night_series *series;
	struct night_point *point;
	const char *fingerprint;

	if (!run->night || strcmp(run->night, r->last) > 0 || strcmp(metric->name, "value"))
		return 0;
	series = find_series(r->out, metric);
	point = series ? find_point(series, run->night) : NULL;
	fingerprint = intern(r->out, run->fingerprint);
	if (!point || !fingerprint)
		return -ENOMEM;
	*(r->reference ? &point->reference : &point->tonight) =
		(struct night_side){true,
				    figure->kind,
				    figure->least,
				    figure->ops,
				    figure->mean / (double)figure->ops,
				    fingerprint};
	return 0;
}

static int note_night(void *data, const struct history_run *run)
{
	struct reading *r = data;

	if (!run->night)
		return 0;
	if (!strcmp(run->night, r->last))
		r->out->measured = true;
	else if (strcmp(run->night, r->last) < 0 && strcmp(run->night, r->out->before) > 0)
		strncpy(r->out->before, run->night, NIGHT_DATE - 1);
	return 0;
}

static int compare_dates(const void *a, const void *b)
{
	const struct night_point *left = a, *right = b;

	return strcmp(left->date, right->date);
}

/* One side alone says nothing. */
static void keep_whole(struct night_series *s)
{
	size_t kept = 0;

	for (size_t i = 0; i < s->nr; i++)
		if (s->points[i].reference.known && s->points[i].tonight.known)
			s->points[kept++] = s->points[i];
	s->nr = kept;
	if (kept)
		qsort(s->points, kept, sizeof(*s->points), compare_dates);
}

int nights_read(struct history *h, const struct history_filter *filter, struct nights *out)
{
	struct history_filter any = *filter;
	struct reading r = {.out = out, .last = filter->night};
	int ret;

	*out = (struct nights){0};
	any.night = NULL;
	any.fingerprints = true;
	ret = history_each_run(h, &any, note_night, &r);
	for (size_t i = 0; !ret && i < 2; i++) {
		r.reference = !i;
		any.role = history_roles[i];
		ret = history_each_figure(h, &any, NULL, add_figure, &r);
	}
	for (size_t i = 0; i < out->nr; i++)
		keep_whole(&out->series[i]);
	return ret;
}

void nights_free(struct nights *nights)
{
	for (size_t i = 0; i < nights->nr; i++) {
		free(nights->series[i].case_name);
		free(nights->series[i].unit);
		free(nights->series[i].per);
		free(nights->series[i].points);
	}
	for (size_t i = 0; i < nights->nr_fingerprints; i++)
		free(nights->fingerprints[i]);
	free(nights->series);
	free(nights->fingerprints);
	*nights = (struct nights){0};
}
