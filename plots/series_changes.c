// SPDX-License-Identifier: GPL-2.0-only
#include "plots/series_changes.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "results/paired.h"
#include "results/stats.h"

/* The permutations of a page are its own: the same history gives the same page. */
#define SEED 1

struct found {
	struct change **changes;
	size_t *nr;
};

static int append(struct found out, const struct change *changes, size_t nr, size_t offset)
{
	struct change *all = reallocarray(*out.changes, *out.nr + nr + 1, sizeof(*all));

	if (!all)
		return -ENOMEM;
	*out.changes = all;
	for (size_t i = 0; i < nr; i++) {
		all[*out.nr] = changes[i];
		all[(*out.nr)++].index += offset;
	}
	return 0;
}

/* Each night that is not as the one before; means are of the nights between. */
static int find_exact(const double *values, size_t nr, size_t offset, struct found out)
{
	size_t first = *out.nr;
	int ret = 0;

	for (size_t i = 1; i < nr && !ret; i++)
		if (fabs(values[i] - values[i - 1]) >= SERIES_EXACT_DELTA)
			ret = append(out, &(struct change){.index = i}, 1, offset);
	for (size_t i = first; i < *out.nr; i++) {
		struct change *c = *out.changes + i;
		size_t at = c->index - offset;
		size_t from = i > first ? c[-1].index - offset : 0;
		size_t to = i + 1 < *out.nr ? c[1].index - offset : nr;

		c->before = stats_mean(values + from, at - from);
		c->after = stats_mean(values + at, to - at);
	}
	return ret;
}

static int find(const struct series *s, const double *values, size_t nr, size_t offset,
		struct found out)
{
	double value = s->points[offset].value, delta;
	struct change *changes;
	size_t nr_changes;
	int ret;

	if (s->kind == KIND_EXACT)
		return find_exact(values, nr, offset, out);
	delta = paired_delta(strcmp(s->unit, "ns") ? 0 : value, NULL, 0, 0, SEED);
	ret = changes_find(values, nr, delta, SEED, &changes, &nr_changes);
	if (!ret)
		ret = append(out, changes, nr_changes, offset);
	free(changes);
	return ret;
}

/* How many points from there on are of one environment; all of them are relative to references. */
static size_t comparable(const struct series *s, size_t from)
{
	size_t i = from + 1;

	while (i < s->nr && (s->relative || series_continues(s, i)))
		i++;
	return i - from;
}

int series_find_changes(struct series *s)
{
	double *values = calloc(s->nr + 1, sizeof(*values));
	int ret = values ? 0 : -ENOMEM;
	size_t i, nr;

	for (i = 0; i < s->nr && !ret; i++)
		values[i] = s->points[i].ratio;
	for (i = 0; i < s->nr && !ret; i += nr) {
		nr = comparable(s, i);
		ret = find(s, values + i, nr, i, (struct found){&s->changes, &s->nr_changes});
	}
	for (i = 0; i < s->nr && !ret && s->relative; i++)
		values[i] = log(s->points[i].against);
	if (!ret && s->relative)
		ret = find(s, values, s->nr, 0, (struct found){&s->moves, &s->nr_moves});
	free(values);
	return ret;
}
