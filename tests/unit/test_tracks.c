// SPDX-License-Identifier: GPL-2.0-only
/* Slices become marks that nest, whatever they are. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tracepoints/tracks.h"

#define CPU_TRACK(lane) TRACK_KEY(TRACK_CPU, 3, lane)

static struct tracks make_tracks(const struct slice *slices, uint32_t count)
{
	struct tracks t = {.nr_slices = count};

	t.slices = malloc((count + 1) * sizeof(*slices));
	assert_non_null(t.slices);
	memcpy(t.slices, slices, count * sizeof(*slices));
	assert_int_equal(tracks_order(&t), 0);
	return t;
}

static void expect_mark(const struct tracks *t, uint32_t at, enum mark_type type, uint64_t tsc,
			uint64_t offset, unsigned int lane)
{
	const struct mark *m = &t->marks[at];

	assert_int_equal(m->type, type);
	assert_int_equal(m->tsc, tsc);
	assert_int_equal(t->slices[m->slice].offset, offset);
	assert_int_equal(m->track, CPU_TRACK(lane));
}

static void nests_what_begins_or_ends_together(void **state)
{
	/* A call around a section that begins with it, one that ends with it, and an empty one. */
	static const struct slice slices[] = {
		{.begin = 10, .end = 20, .offset = 1, .track = CPU_TRACK(0)},
		{.begin = 30, .end = 40, .offset = 2, .track = CPU_TRACK(0)},
		{.begin = 20, .end = 20, .offset = 3, .track = CPU_TRACK(0)},
		{.begin = 10, .end = 40, .offset = 4, .track = CPU_TRACK(0)},
		{.begin = 10, .end = 40, .offset = 5, .track = CPU_TRACK(0)},
	};
	struct tracks t = make_tracks(slices, 5);

	(void)state;
	assert_int_equal(t.nr_marks, 10);
	assert_int_equal(t.nr_keys, 1);
	expect_mark(&t, 0, MARK_BEGIN, 10, 5, 0);
	expect_mark(&t, 1, MARK_BEGIN, 10, 4, 0);
	expect_mark(&t, 2, MARK_BEGIN, 10, 1, 0);
	expect_mark(&t, 3, MARK_END, 20, 1, 0);
	expect_mark(&t, 4, MARK_BEGIN, 20, 3, 0);
	expect_mark(&t, 5, MARK_END, 20, 3, 0);
	expect_mark(&t, 6, MARK_BEGIN, 30, 2, 0);
	expect_mark(&t, 7, MARK_END, 40, 2, 0);
	expect_mark(&t, 8, MARK_END, 40, 4, 0);
	expect_mark(&t, 9, MARK_END, 40, 5, 0);
	tracks_free(&t);
}

static void gives_lanes_to_what_crosses(void **state)
{
	static const struct slice slices[] = {
		{.begin = 10, .end = 20, .offset = 1, .track = CPU_TRACK(0)},
		{.begin = 15, .end = 30, .offset = 2, .track = CPU_TRACK(0)},
		{.begin = 25, .end = 35, .offset = 3, .track = CPU_TRACK(0)},
	};
	struct tracks t = make_tracks(slices, 3);

	(void)state;
	assert_int_equal(t.nr_keys, 2);
	expect_mark(&t, 0, MARK_BEGIN, 10, 1, 0);
	expect_mark(&t, 1, MARK_BEGIN, 15, 2, 1);
	expect_mark(&t, 2, MARK_END, 20, 1, 0);
	expect_mark(&t, 3, MARK_BEGIN, 25, 3, 0);
	expect_mark(&t, 4, MARK_END, 30, 2, 1);
	expect_mark(&t, 5, MARK_END, 35, 3, 0);
	tracks_free(&t);
}

#define RANDOM_SLICES 60

/* Each end is of the slice that began last and did not end, on its track. */
static void check_nesting(const struct tracks *t)
{
	static uint32_t open[4096][RANDOM_SLICES];
	unsigned int depth[4096] = {0}, key;
	uint32_t i;

	for (i = 0; i < t->nr_marks; i++) {
		const struct mark *m = &t->marks[i];

		assert_true(!i || m->tsc >= t->marks[i - 1].tsc);
		key = tracks_find(t, m->track);
		assert_true(key < t->nr_keys && t->keys[key] == m->track);
		if (m->type == MARK_BEGIN)
			open[key][depth[key]++] = m->slice;
		if (m->type == MARK_END)
			assert_int_equal(open[key][--depth[key]], m->slice);
	}
	for (key = 0; key < t->nr_keys; key++)
		assert_int_equal(depth[key], 0);
}

static void nests_anything(void **state)
{
	struct slice slices[RANDOM_SLICES];
	unsigned int round, i;
	struct tracks t;

	(void)state;
	srandom(42);
	for (round = 0; round < 2000; round++) {
		for (i = 0; i < RANDOM_SLICES; i++) {
			uint64_t begin = (uint64_t)random() % 100;

			slices[i] =
				(struct slice){.begin = begin,
					       .end = begin + (uint64_t)random() % 30,
					       .offset = i,
					       .track = TRACK_KEY(random() % 3, random() % 2, 0)};
			slices[i].instant = slices[i].end == begin && random() % 2;
		}
		t = make_tracks(slices, RANDOM_SLICES);
		check_nesting(&t);
		tracks_free(&t);
	}
}

static void says_what_found_no_lane(void **state)
{
	struct slice slices[TRACK_LANES + 3];
	struct tracks t;
	uint64_t i;

	(void)state;
	for (i = 0; i < TRACK_LANES + 3; i++)
		slices[i] = (struct slice){
			.begin = i, .end = 100 + i, .offset = i, .track = CPU_TRACK(0)};
	t = make_tracks(slices, TRACK_LANES + 3);
	assert_int_equal(t.crowded, 3);
	assert_int_equal(t.nr_marks, 2 * TRACK_LANES);
	check_nesting(&t);
	tracks_free(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nests_what_begins_or_ends_together),
		cmocka_unit_test(gives_lanes_to_what_crosses),
		cmocka_unit_test(nests_anything),
		cmocka_unit_test(says_what_found_no_lane),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
