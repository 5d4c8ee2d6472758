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

static int append(struct found out, size_t index)
{
	struct change *all = reallocarray(*out.changes, *out.nr + 1, sizeof(*all));

	if (!all)
		return -ENOMEM;
	*out.changes = all;
	all[(*out.nr)++] = (struct change){.index = index};
	return 0;
}

/* How many points from there on are of one environment; all of them are that have references. */
static size_t comparable(const struct series *s, size_t from)
{
	size_t i = from + 1;

	while (i < s->nr && (s->relative || series_continues(s, i)))
		i++;
	return i - from;
}

static int find_noisy(const struct series *s, const double *values, size_t from, size_t nr,
		      struct found out)
{
	double ns = strcmp(s->unit, "ns") ? 0 : s->points[from].value;
	struct change *changes;
	size_t i, nr_changes;
	int ret = changes_find(values + from, nr, paired_delta(ns, NULL, 0, 0, SEED), SEED,
			       &changes, &nr_changes);

	for (i = 0; i < nr_changes && !ret; i++)
		ret = append(out, from + changes[i].index);
	free(changes);
	return ret;
}

static bool same_reference(const struct point *a, const struct point *b)
{
	return a->against >= b->against && a->against <= b->against;
}

static bool same_level(const struct point *level, const struct point *p)
{
	struct verdict v = judge_exact(level->least, level->ops, p->least, p->ops, NULL);

	return v.size == VERDICT_IDENTICAL || v.size == VERDICT_NOTE;
}

static int find_exact(const struct series *s, size_t from, size_t nr, struct found changes,
		      struct found moves)
{
	const struct point *level = &s->points[from];
	int ret = 0;

	for (size_t i = from + 1; i < from + nr && !ret; i++) {
		const struct point *p = &s->points[i];

		if (!same_reference(&p[-1], p))
			ret = append(moves, i);
		else if (!same_level(level, p))
			ret = append(changes, i);
		else
			continue;
		level = p;
	}
	return ret;
}

static bool is_in(const struct change *changes, size_t nr, size_t point)
{
	for (size_t i = 0; i < nr; i++)
		if (changes[i].index == point)
			return true;
	return false;
}

/* Does anything begin there? Noisy data are not looked at anew when the reference moves. */
static bool begins(const struct series *s, size_t point)
{
	return is_in(s->changes, s->nr_changes, point) ||
	       (s->kind == KIND_EXACT && is_in(s->moves, s->nr_moves, point)) ||
	       (!s->relative && !series_continues(s, point));
}

static int find_levels(struct series *s, const double *values)
{
	size_t from = 0;

	s->levels = calloc(s->nr + 1, sizeof(*s->levels));
	if (!s->levels)
		return -ENOMEM;
	for (size_t i = 1; i <= s->nr; i++) {
		if (i < s->nr && !begins(s, i))
			continue;
		s->levels[s->nr_levels++] =
			(struct level){from, i, stats_mean(values + from, i - from)};
		from = i;
	}
	return 0;
}

static void describe(struct series *s)
{
	for (size_t i = 0; i < s->nr_changes; i++)
		for (size_t k = 1; k < s->nr_levels; k++)
			if (s->levels[k].from == s->changes[i].index) {
				s->changes[i].before = s->levels[k - 1].mean;
				s->changes[i].after = s->levels[k].mean;
			}
}

static int find(struct series *s, const double *values, const double *references)
{
	struct found changes = {&s->changes, &s->nr_changes}, moves = {&s->moves, &s->nr_moves};
	int ret = 0;

	for (size_t i = 0, nr; i < s->nr && !ret; i += nr) {
		nr = comparable(s, i);
		if (s->kind == KIND_EXACT)
			ret = find_exact(s, i, nr, changes, moves);
		else
			ret = find_noisy(s, values, i, nr, changes);
	}
	if (!ret && s->relative && s->kind == KIND_NOISY)
		ret = find_noisy(s, references, 0, s->nr, moves);
	if (!ret)
		ret = find_levels(s, values);
	if (!ret)
		describe(s);
	return ret;
}

int series_find_changes(struct series *s)
{
	double *values = calloc(2 * s->nr + 1, sizeof(*values)), *references = values + s->nr;
	int ret;

	if (!values)
		return -ENOMEM;
	for (size_t i = 0; i < s->nr; i++) {
		values[i] = s->points[i].ratio;
		references[i] = s->relative ? log(s->points[i].against) : 0;
	}
	ret = find(s, values, references);
	free(values);
	return ret;
}
