// SPDX-License-Identifier: GPL-2.0-only
#include "results/changes.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "results/energy.h"
#include "results/stats.h"

static const struct energy_test nightly = {CHANGES_SEGMENT, 49999, 4};

struct search {
	const double *series;
	size_t nr;
	uint64_t seed;
	size_t *cuts; /* sorted */
	size_t nr_cuts;
};

static void add_cut(struct search *s, size_t cut)
{
	size_t at = s->nr_cuts++;

	for (; at && s->cuts[at - 1] > cut; at--)
		s->cuts[at] = s->cuts[at - 1];
	s->cuts[at] = cut;
}

/* The changes between two nights, at most a window apart: the strongest, then those on its sides.
 */
static void split(struct search *s, size_t from, size_t to)
{
	size_t cut;

	if (!energy_changes(s->series + from, to - from, &nightly, s->seed + from, &cut))
		return;
	add_cut(s, from + cut);
	split(s, from, from + cut);
	split(s, from + cut, to);
}

/* Windows overlap by half, and none reaches over a change that is known. The last ends tonight. */
static void search_windows(struct search *s)
{
	size_t from = 0, to, known;

	do {
		to = from + CHANGES_WINDOW < s->nr ? from + CHANGES_WINDOW : s->nr;
		known = s->nr_cuts;
		split(s, from, to);
		if (s->nr_cuts > known)
			from = s->cuts[s->nr_cuts - 1];
		else if (to < s->nr && s->nr - from < CHANGES_WINDOW * 3 / 2)
			from = s->nr - CHANGES_WINDOW;
		else
			from += CHANGES_WINDOW / 2;
	} while (to < s->nr);
}

static struct change describe(const struct search *s, size_t i)
{
	size_t from = i ? s->cuts[i - 1] : 0, at = s->cuts[i];
	size_t to = i + 1 < s->nr_cuts ? s->cuts[i + 1] : s->nr;

	return (struct change){at, stats_mean(s->series + from, at - from),
			       stats_mean(s->series + at, to - at)};
}

/* The smallest change goes while it is under delta: its neighbours are of longer segments then. */
static void drop_small(struct search *s, double delta)
{
	while (s->nr_cuts) {
		double least = INFINITY;
		size_t which = 0;

		for (size_t i = 0; i < s->nr_cuts; i++) {
			struct change change = describe(s, i);

			if (fabs(change.after - change.before) < least) {
				least = fabs(change.after - change.before);
				which = i;
			}
		}
		if (least >= delta)
			return;
		s->nr_cuts--;
		memmove(s->cuts + which, s->cuts + which + 1,
			(s->nr_cuts - which) * sizeof(*s->cuts));
	}
}

int changes_find(const double *series, size_t nr, double delta, uint64_t seed, struct change **out,
		 size_t *nr_out)
{
	struct search s = {.series = series, .nr = nr, .seed = seed};

	*out = NULL;
	*nr_out = 0;
	s.cuts = calloc(nr / CHANGES_SEGMENT + 1, sizeof(*s.cuts));
	if (!s.cuts)
		return -ENOMEM;
	search_windows(&s);
	drop_small(&s, delta);
	if (s.nr_cuts)
		*out = calloc(s.nr_cuts, sizeof(**out));
	if (*out)
		*nr_out = s.nr_cuts;
	for (size_t i = 0; i < *nr_out; i++)
		(*out)[i] = describe(&s, i);
	free(s.cuts);
	return s.nr_cuts && !*out ? -ENOMEM : 0;
}
