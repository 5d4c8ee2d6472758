// SPDX-License-Identifier: GPL-2.0-only
#include "plots/series.h"

#include <math.h>
#include <string.h>
#include <time.h>

#define DAY 86400

double day_of(const char *date)
{
	struct tm tm = {0};
	const char *end = strptime(date, "%Y-%m-%d", &tm);

	if (!end)
		return 0;
	strptime(end, "T%H:%M:%SZ", &tm);
	return (double)timegm(&tm) / DAY;
}

const char *day_text(double day, char text[16])
{
	time_t seconds = (time_t)(floor(day) * DAY);
	struct tm tm;

	gmtime_r(&seconds, &tm);
	strftime(text, 16, "%Y-%m-%d", &tm);
	return text;
}

bool series_judged(const struct series *s)
{
	return s->kind == KIND_EXACT && s->relative && s->nr;
}

enum point_shape series_shape(const struct series *s, size_t i)
{
	const struct verdict *verdict = &s->points[i].verdict;

	if (!series_judged(s) || verdict->size == VERDICT_IDENTICAL ||
	    verdict->size == VERDICT_NOTE)
		return SHAPE_DOT;
	return verdict->delta.num > 0 ? SHAPE_UP : SHAPE_DOWN;
}

const struct change *series_change(const struct series *s, size_t point)
{
	for (size_t i = 0; i < s->nr_changes; i++)
		if (s->changes[i].index == point)
			return &s->changes[i];
	return NULL;
}

bool series_continues(const struct series *s, size_t i)
{
	const struct point *points = s->points;

	if (!i)
		return false;
	return s->relative ? points[i].day - points[i - 1].day < 1.5
			   : !strcmp(points[i].environment, points[i - 1].environment);
}
