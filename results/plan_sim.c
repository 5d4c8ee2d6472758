// SPDX-License-Identifier: GPL-2.0-only
#include "results/plan_sim.h"

#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "results/stats.h"

/* A builder on its way to a lock. */
struct arrival {
	double at;
	unsigned int builder, kind;
};

struct state {
	const struct sim *sim;
	uint64_t random;
	/* A heap: the next one is first, and of those at the same time the lower number. */
	struct arrival queue[SIM_MAX_BUILDERS];
	size_t nr;
	double free_at[SIM_MAX_BUILDERS]; /* of each lock */
	unsigned int had[SIM_MAX_BUILDERS]; /* the last builder that did, of each lock */
	struct turn {
		unsigned int kind, done;
	} turns[SIM_MAX_BUILDERS];  /* of each builder */
	double last;		    /* end of the last section that was served */
	double busy, waited, begin; /* since counting began */
	struct hist *waits;
};

/* Above 0, up to 1. */
static double random_share(uint64_t *state)
{
	return ((double)(random_next(state) >> 11) + 1) / 9007199254740992.0;
}

static double draw(struct state *s, const struct sim_times *times)
{
	switch (times->shape) {
	case SIM_EXPONENTIAL: return -times->mean * log(random_share(&s->random));
	case SIM_MEASURED: return times->mean * times->values[random_below(&s->random, times->nr)];
	default: return times->mean;
	}
}

static unsigned int take_turn(struct state *s, struct turn *turn)
{
	if (turn->done++ == s->sim->kinds[turn->kind].in_a_row) {
		turn->kind = (turn->kind + 1) % s->sim->nr_kinds;
		turn->done = 1;
	}
	return turn->kind;
}

static unsigned int draw_kind(struct state *s, unsigned int builder)
{
	double place;
	unsigned int kind = 0;

	if (s->sim->nr_kinds == 1)
		return 0;
	if (s->sim->kinds[0].in_a_row)
		return take_turn(s, &s->turns[builder]);
	place = random_share(&s->random);
	while (kind + 1 < s->sim->nr_kinds && place > s->sim->kinds[kind].share)
		place -= s->sim->kinds[kind++].share;
	return kind;
}

static bool is_before(const struct arrival *a, const struct arrival *b)
{
	return a->at < b->at || (a->at == b->at && a->builder < b->builder);
}

static void push(struct state *s, struct arrival new)
{
	size_t i = s->nr++;

	for (; i && is_before(&new, &s->queue[(i - 1) / 2]); i = (i - 1) / 2)
		s->queue[i] = s->queue[(i - 1) / 2];
	s->queue[i] = new;
}

static struct arrival pop(struct state *s)
{
	struct arrival first = s->queue[0], last = s->queue[--s->nr];
	size_t i = 0, child;

	for (; (child = 2 * i + 1) < s->nr; i = child) {
		child += child + 1 < s->nr && is_before(&s->queue[child + 1], &s->queue[child]);
		if (!is_before(&s->queue[child], &last))
			break;
		s->queue[i] = s->queue[child];
	}
	s->queue[i] = last;
	return first;
}

/* From outside they come at any rate; a builder comes again when it has thought. */
static void send(struct state *s, unsigned int builder, double from)
{
	unsigned int kind = draw_kind(s, builder);
	double after =
		s->sim->builders ? draw(s, &s->sim->kinds[kind].think) : draw(s, &s->sim->gap);

	push(s, (struct arrival){from + after, builder, kind});
}

/*
 * Whoever releases a lock that another CPU looks at must have its cache line back first, and then
 * the other one fetches it: a lock that is free, and was another CPU's, takes half of that.
 */
static double acquire(struct state *s, const struct arrival *next, double from)
{
	unsigned int *had = &s->had[next->builder % s->sim->locks];
	bool is_own = *had == next->builder;

	*had = next->builder;
	if (from > next->at)
		return draw(s, &s->sim->handover);
	return is_own ? s->sim->acquire
		      : fmax(s->sim->acquire, draw(s, &s->sim->handover) / 2);
}

static void serve(struct state *s)
{
	struct arrival next = pop(s);
	double *free_at = &s->free_at[next.builder % s->sim->locks];
	double from = next.at > *free_at ? next.at : *free_at;
	double start = from + acquire(s, &next, from);

	*free_at = start + draw(s, &s->sim->kinds[next.kind].hold);
	s->last = *free_at > s->last ? *free_at : s->last;
	s->busy += *free_at - from;
	s->waited += start - next.at;
	hist_record(s->waits, (uint64_t)((start - next.at) * SIM_TENTHS));
	send(s, next.builder, s->sim->builders ? *free_at : next.at);
}

static void start_counting(struct state *s)
{
	struct hist empty = {.min = UINT64_MAX};

	*s->waits = empty;
	s->busy = s->waited = 0;
	s->begin = s->last;
}

static void conclude(const struct state *s, struct sim_figures *out)
{
	double span = s->last - s->begin, sections = (double)s->sim->sections;

	*out = (struct sim_figures){
		.throughput = sections / span,
		/* Of several locks, some are held beyond the end of the span. */
		.utilisation = fmin(1, s->busy / span / s->sim->locks),
		.wait = s->waited / sections,
		.wait_p50 = (double)hist_quantile(s->waits, 500) / SIM_TENTHS,
		.wait_p99 = (double)hist_quantile(s->waits, 990) / SIM_TENTHS,
	};
}

int sim_run(const struct sim *sim, struct sim_figures *out)
{
	struct state *s = calloc(1, sizeof(*s));
	unsigned int sources = sim->builders ? sim->builders : 1;
	int rc = -ENOMEM;

	if (!s)
		return rc;
	*s = (struct state){.sim = sim, .random = sim->seed, .waits = hist_new()};
	if (!s->waits)
		goto out;
	for (unsigned int i = 0; i < sources; i++)
		send(s, i, 0);
	for (size_t i = 0; i < sim->sections / 10; i++)
		serve(s);
	start_counting(s);
	for (size_t i = 0; i < sim->sections; i++)
		serve(s);
	conclude(s, out);
	rc = 0;
out:
	free(s->waits);
	free(s);
	return rc;
}
