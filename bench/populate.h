/* SPDX-License-Identifier: GPL-2.0-only */
/* What the populate cases are about (case_populate.c), and which of them there are (populate_points.c). */
#ifndef BENCH_POPULATE_H
#define BENCH_POPULATE_H

#include "bench/stake.h"

/* A case for each of those stakes, in one group, or in one for each stake. */
struct populate_row {
	enum bench_profile profile;
	const char *group;
	bool apart;
	uint32_t stakes;
	unsigned int order;
	unsigned int ops, samples; /* 0: what the order has */
	enum bench_where where;
	enum xen_kind kind;
	enum bench_room room;
	enum bench_heap heap;
	unsigned int node_gib;
};

/* The case of that row with that stake, if the list has none of its name; 0 or -ENOMEM. */
int populate_add(struct bench_list *list, const struct populate_row *row, enum bench_stake stake);

int populate_list(struct bench_list *list);

#endif
