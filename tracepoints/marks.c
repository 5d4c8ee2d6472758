// SPDX-License-Identifier: GPL-2.0-only
/* Slices become marks of begin and end, in lanes where they nest. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tracepoints/tracks.h"

#define DEPTH_MAX 64

struct lane {
	uint32_t open[DEPTH_MAX]; /* slices, the outermost first */
	unsigned int depth;
};

/* By track, then the outer one first: of two that took the same time, its record came later. */
static int by_begin(const void *left, const void *right)
{
	const struct slice *a = left, *b = right;

	if (a->track != b->track)
		return a->track < b->track ? -1 : 1;
	if (a->begin != b->begin)
		return a->begin < b->begin ? -1 : 1;
	if (a->end != b->end)
		return a->end > b->end ? -1 : 1;
	return (a->offset < b->offset) - (a->offset > b->offset);
}

static int by_time(const void *left, const void *right)
{
	const struct mark *a = left, *b = right;

	if (a->tsc != b->tsc)
		return a->tsc < b->tsc ? -1 : 1;
	return (a->order > b->order) - (a->order < b->order);
}

static int by_key(const void *left, const void *right)
{
	const track_key *a = left, *b = right;

	return (*a > *b) - (*a < *b);
}

static void put_mark(struct tracks *t, enum mark_type type, uint32_t slice)
{
	const struct slice *s = &t->slices[slice];
	struct mark *m = &t->marks[t->nr_marks];

	*m = (struct mark){.tsc = type == MARK_END ? s->end : s->begin,
			   .order = t->nr_marks,
			   .track = s->track,
			   .type = type,
			   .slice = slice};
	t->nr_marks++;
}

/* End what ended by then. */
static void end_until(struct tracks *t, struct lane *lane, uint64_t tsc)
{
	while (lane->depth && t->slices[lane->open[lane->depth - 1]].end <= tsc)
		put_mark(t, MARK_END, lane->open[--lane->depth]);
}

static bool fits(const struct tracks *t, const struct lane *lane, const struct slice *s)
{
	if (!lane->depth)
		return true;
	return lane->depth < DEPTH_MAX && t->slices[lane->open[lane->depth - 1]].end >= s->end;
}

static void place(struct tracks *t, struct lane *lanes, uint32_t slice)
{
	struct slice *s = &t->slices[slice];
	unsigned int i;

	for (i = 0; i < TRACK_LANES; i++) {
		end_until(t, &lanes[i], s->begin);
		if (!fits(t, &lanes[i], s))
			continue;
		s->track = TRACK_KEY(TRACK_KIND(s->track), TRACK_NUMBER(s->track), i);
		put_mark(t, s->instant ? MARK_INSTANT : MARK_BEGIN, slice);
		if (!s->instant)
			lanes[i].open[lanes[i].depth++] = slice;
		return;
	}
	t->crowded++;
}

static void place_all(struct tracks *t, struct lane *lanes)
{
	track_key track = 0;
	unsigned int lane;
	uint32_t i;

	for (i = 0; i <= t->nr_slices; i++) {
		if (i == t->nr_slices || t->slices[i].track != track)
			for (lane = 0; lane < TRACK_LANES; lane++)
				end_until(t, &lanes[lane], UINT64_MAX);
		if (i == t->nr_slices)
			break;
		track = t->slices[i].track;
		place(t, lanes, i);
	}
}

static int find_keys(struct tracks *t)
{
	uint32_t i, count = 0;

	t->keys = malloc((t->nr_marks + 1u) * sizeof(*t->keys));
	if (!t->keys)
		return -ENOMEM;
	for (i = 0; i < t->nr_marks; i++)
		t->keys[i] = t->marks[i].track;
	qsort(t->keys, t->nr_marks, sizeof(*t->keys), by_key);
	for (i = 0; i < t->nr_marks; i++)
		if (!i || t->keys[i] != t->keys[i - 1])
			t->keys[count++] = t->keys[i];
	t->nr_keys = count;
	return 0;
}

int tracks_order(struct tracks *t)
{
	struct lane *lanes = calloc(TRACK_LANES, sizeof(*lanes));
	size_t most = t->nr_marks + 2 * (size_t)t->nr_slices + 1;
	struct mark *marks = realloc(t->marks, most * sizeof(*marks));

	if (marks)
		t->marks = marks;
	if (!lanes || !marks) {
		free(lanes);
		return -ENOMEM;
	}
	if (t->nr_slices)
		qsort(t->slices, t->nr_slices, sizeof(*t->slices), by_begin);
	place_all(t, lanes);
	free(lanes);
	qsort(t->marks, t->nr_marks, sizeof(*t->marks), by_time);
	return find_keys(t);
}

unsigned int tracks_find(const struct tracks *t, track_key key)
{
	const track_key *found = bsearch(&key, t->keys, t->nr_keys, sizeof(key), by_key);

	return (unsigned int)(found - t->keys);
}

void tracks_free(struct tracks *t)
{
	free(t->slices);
	free(t->marks);
	free(t->keys);
}
