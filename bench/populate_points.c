// SPDX-License-Identifier: GPL-2.0-only
/*
 * The points of the populate cases. One axis at a time leaves the reference points (a page or 2 MiB, any
 * node or one, HVM, memory to spare, a fresh heap); `full` crosses the axes.
 */
#include <stdio.h>

#include "bench/populate.h"

#define FULL_STAKES 6 /* of a group: what they populate stays */

#define S(stake) (1u << STAKE_##stake)
#define FEW (S(NONE) | S(LEGACY) | S(HOST) | S(NODE))
#define PLAIN (S(NONE) | S(LEGACY) | S(HOST))
#define SETS (S(SET_2) | S(SET_4) | S(SET_8) | S(SET_16))

static const struct populate_row rows[] = {
	{.group = "shape", .where = WHERE_PREFERRED, .stakes = S(NONE) | S(LEGACY) | S(NODE)},
	{.group = "shape", .where = WHERE_EXACT, .stakes = PLAIN, .kind = XEN_PV},
	{.group = "shape", .where = WHERE_EXACT, .stakes = S(NONE), .ops = 1},
	{.group = "shape", .where = WHERE_EXACT, .stakes = S(NONE), .ops = 1024},
	{.group = "room", .where = WHERE_EXACT, .stakes = S(NONE), .room = ROOM_JUST},
	{.group = "room", .where = WHERE_EXACT, .stakes = S(HALF)},
	{.group = "room", .order = 9, .where = WHERE_EXACT, .stakes = S(LEGACY) | S(PART), .ops = 1},
	{.group = "heap-used", .where = WHERE_EXACT, .stakes = S(NONE), .heap = HEAP_IS_USED},
	{.group = "heap-fragmented", .where = WHERE_EXACT, .stakes = S(NONE), .heap = HEAP_IS_FRAGMENTED},
	{.group = "heap-dirty", .where = WHERE_EXACT, .stakes = S(NONE), .heap = HEAP_IS_DIRTY},
	{.profile = PROFILE_STANDARD, .group = "order-2", .order = 2, .stakes = FEW},
	{.profile = PROFILE_STANDARD, .group = "order-2", .order = 2, .where = WHERE_EXACT, .stakes = FEW},
	{.profile = PROFILE_STANDARD, .group = "order-4", .order = 4, .stakes = FEW},
	{.profile = PROFILE_STANDARD, .group = "order-4", .order = 4, .where = WHERE_EXACT, .stakes = FEW},
	{.profile = PROFILE_STANDARD, .group = "order-18", .apart = true, .order = 18, .where = WHERE_EXACT,
	 .stakes = FEW, .node_gib = 4},
	{.profile = PROFILE_STANDARD, .group = "order-18-any", .apart = true, .order = 18, .stakes = S(NONE),
	 .node_gib = 4},
	{.profile = PROFILE_STANDARD, .group = "batch-0", .where = WHERE_EXACT, .stakes = S(LEGACY) | S(HOST),
	 .ops = 1},
	{.profile = PROFILE_STANDARD, .group = "batch-0", .where = WHERE_EXACT, .stakes = PLAIN, .ops = 4},
	{.profile = PROFILE_STANDARD, .group = "batch-0", .where = WHERE_EXACT, .stakes = PLAIN, .ops = 16},
	{.profile = PROFILE_STANDARD, .group = "batch-0-large", .where = WHERE_EXACT, .stakes = PLAIN, .ops = 64},
	{.profile = PROFILE_STANDARD, .group = "batch-0-large", .where = WHERE_EXACT,
	 .stakes = S(LEGACY) | S(HOST), .ops = 1024},
	{.profile = PROFILE_STANDARD, .group = "batch-9", .order = 9, .where = WHERE_EXACT,
	 .stakes = S(NONE) | S(HOST), .ops = 1},
	{.profile = PROFILE_STANDARD, .group = "batch-9-16", .order = 9, .where = WHERE_EXACT, .stakes = PLAIN,
	 .ops = 16, .samples = 6, .node_gib = 1},
	{.profile = PROFILE_STANDARD, .group = "batch-9-64", .apart = true, .order = 9, .where = WHERE_EXACT,
	 .stakes = PLAIN, .ops = 64, .samples = 6, .node_gib = 1},
	{.profile = PROFILE_STANDARD, .group = "preferred", .where = WHERE_PREFERRED,
	 .stakes = S(HOST) | S(SET) | S(ELSEWHERE)},
	{.profile = PROFILE_STANDARD, .group = "preferred", .order = 9, .where = WHERE_PREFERRED, .stakes = FEW},
	{.profile = PROFILE_STANDARD, .group = "pv", .where = WHERE_EXACT, .stakes = S(NODE) | S(SET) | S(TIGHT),
	 .kind = XEN_PV},
	{.profile = PROFILE_STANDARD, .group = "pv", .stakes = S(NONE), .kind = XEN_PV},
	{.profile = PROFILE_STANDARD, .group = "pv", .order = 9, .where = WHERE_EXACT, .stakes = FEW, .kind = XEN_PV},
	{.profile = PROFILE_STANDARD, .group = "sets", .stakes = SETS},
	{.profile = PROFILE_STANDARD, .group = "sets", .where = WHERE_EXACT, .stakes = SETS},
	{.profile = PROFILE_STANDARD, .group = "sets-9", .order = 9, .stakes = SETS, .samples = 8},
	{.profile = PROFILE_STANDARD, .group = "sets-9", .order = 9, .where = WHERE_EXACT, .stakes = SETS,
	 .samples = 8},
	{.profile = PROFILE_STANDARD, .group = "cover", .where = WHERE_EXACT, .stakes = S(HALF_NODE) | S(DOUBLE)},
	{.profile = PROFILE_STANDARD, .group = "cover", .stakes = S(HALF) | S(DOUBLE)},
	{.profile = PROFILE_STANDARD, .group = "cover", .order = 9, .where = WHERE_EXACT,
	 .stakes = S(HALF) | S(HALF_NODE) | S(DOUBLE), .samples = 12},
	{.profile = PROFILE_STANDARD, .group = "just", .where = WHERE_EXACT,
	 .stakes = S(LEGACY) | S(HOST) | S(NODE), .room = ROOM_JUST},
	{.profile = PROFILE_STANDARD, .group = "just", .stakes = S(NONE), .room = ROOM_JUST},
	{.profile = PROFILE_STANDARD, .group = "just", .order = 9, .where = WHERE_EXACT, .stakes = FEW,
	 .samples = 12, .room = ROOM_JUST},
	{.profile = PROFILE_STANDARD, .group = "heap-used", .where = WHERE_EXACT, .stakes = S(LEGACY) | S(HOST),
	 .heap = HEAP_IS_USED},
	{.profile = PROFILE_STANDARD, .group = "heap-used-9", .order = 9, .where = WHERE_EXACT, .stakes = PLAIN,
	 .samples = 8, .heap = HEAP_IS_USED, .node_gib = 1},
	{.profile = PROFILE_STANDARD, .group = "heap-fragmented", .where = WHERE_EXACT,
	 .stakes = S(LEGACY) | S(HOST), .heap = HEAP_IS_FRAGMENTED},
	{.profile = PROFILE_STANDARD, .group = "heap-fragmented-9", .order = 9, .where = WHERE_EXACT,
	 .stakes = PLAIN, .samples = 8, .heap = HEAP_IS_FRAGMENTED, .node_gib = 1},
	{.profile = PROFILE_STANDARD, .group = "heap-dirty", .where = WHERE_EXACT, .stakes = S(LEGACY) | S(HOST),
	 .heap = HEAP_IS_DIRTY},
	{.profile = PROFILE_STANDARD, .group = "heap-dirty-9", .apart = true, .order = 9, .where = WHERE_EXACT,
	 .stakes = PLAIN, .heap = HEAP_IS_DIRTY},
	{.profile = PROFILE_STANDARD, .group = "heap-empty", .order = 9, .where = WHERE_PREFERRED,
	 .stakes = S(NONE), .samples = 8, .heap = HEAP_IS_EMPTY},
	{.profile = PROFILE_STANDARD, .group = "passed", .where = WHERE_PREFERRED,
	 .stakes = S(OTHER) | S(OTHER_NODE)},
	{.profile = PROFILE_STANDARD, .group = "passed", .order = 9, .where = WHERE_PREFERRED,
	 .stakes = S(OTHER) | S(OTHER_NODE), .samples = 8},
	{.profile = PROFILE_STANDARD, .group = "mixed", .order = 2, .where = WHERE_EXACT,
	 .stakes = S(LEGACY) | S(MIXED), .ops = 1},
	{.profile = PROFILE_STANDARD, .group = "mixed", .order = 9, .where = WHERE_EXACT,
	 .stakes = S(MIXED), .ops = 1},
	{.profile = PROFILE_FULL, .group = "batch-9-256", .apart = true, .order = 9, .where = WHERE_EXACT,
	 .stakes = PLAIN, .ops = 256, .samples = 1, .node_gib = 2},
	{.profile = PROFILE_FULL, .group = "batch-9-1024", .apart = true, .order = 9, .where = WHERE_EXACT,
	 .stakes = PLAIN, .ops = 1024, .samples = 1, .node_gib = 8},
};

static int add_row(struct bench_list *list, const struct populate_row *row)
{
	int rc = 0;

	for (enum bench_stake stake = 0; !rc && stake < STAKES; stake++)
		if (row->stakes & 1u << stake)
			rc = populate_add(list, row, stake);
	return rc;
}

/* Only a call for one node can be left with nothing but the claim on that node. */
static bool makes_sense(enum bench_stake stake, const struct populate_row *row)
{
	bool one = row->where == WHERE_EXACT;

	if (stake == STAKE_PART || stake == STAKE_MIXED) /* of one extent, and that of some pages */
		return false;
	if (stake == STAKE_OTHER_NODE)
		return row->where == WHERE_PREFERRED && row->room == ROOM_PLENTY;
	if (row->room == ROOM_JUST && (stake == STAKE_OTHER || stake == STAKE_TIGHT || stake == STAKE_TIGHT_NODE))
		return false;
	return one || (stake != STAKE_TIGHT_NODE && stake != STAKE_HALF_NODE);
}

static int list_usual(struct bench_list *list, enum bench_stake stake)
{
	/* The tight ones share a group. */
	struct populate_row row = {.group = stake_name(stake == STAKE_TIGHT_NODE ? STAKE_TIGHT : stake)};
	int rc = 0;

	for (row.where = WHERE_ANY; !rc && row.where <= WHERE_EXACT; row.where += WHERE_EXACT) {
		if (!makes_sense(stake, &row))
			continue;
		row.order = 0;
		rc = populate_add(list, &row, stake);
		row.order = 9;
		if (!rc)
			rc = populate_add(list, &row, stake);
	}
	return rc;
}

static int cross(struct bench_list *list, struct populate_row *row)
{
	unsigned int in_group = 0, number = 0;
	char group[32];
	int rc = 0;

	for (enum bench_stake stake = 0; !rc && stake < STAKES; stake++) {
		if (!makes_sense(stake, row))
			continue;
		if (in_group++ % FULL_STAKES == 0)
			number++;
		snprintf(group, sizeof(group), "full-%u-%s-%s%s%s-%u", row->order, bench_where_name(row->where),
			 row->kind == XEN_PV ? "pv" : "hvm", row->room == ROOM_JUST ? "-just" : "",
			 row->heap ? bench_heap_name(row->heap) : "", number);
		row->group = group;
		rc = populate_add(list, row, stake);
	}
	return rc;
}

static int list_full(struct bench_list *list)
{
	static const unsigned int orders[] = {0, 2, 4, 9};
	int rc = 0;

	for (size_t i = 0; i < sizeof(orders) / sizeof(*orders); i++)
		for (enum bench_where where = WHERE_ANY; where <= WHERE_EXACT; where++)
			for (unsigned int axes = 0; !rc && axes < 2 * 2; axes++) {
				struct populate_row row = {.profile = PROFILE_FULL, .order = orders[i], .where = where};

				row.kind = axes & 1 ? XEN_PV : XEN_HVM;
				row.room = axes & 2 ? ROOM_JUST : ROOM_PLENTY;
				rc = cross(list, &row);
			}
	return rc;
}

int populate_list(struct bench_list *list)
{
	int rc = 0;

	for (enum bench_stake stake = 0; !rc && stake <= STAKE_TIGHT_NODE; stake++)
		rc = list_usual(list, stake);
	for (size_t i = 0; !rc && i < sizeof(rows) / sizeof(*rows); i++)
		rc = add_row(list, &rows[i]);
	return rc ? rc : list_full(list);
}

