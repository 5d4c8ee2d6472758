// SPDX-License-Identifier: GPL-2.0-only
#include "results/plan_schedule.h"

#include <math.h>

/* Of a domain: less is the rounding of what is done at the same time. */
#define DONE 1e-9

struct work {
	unsigned int group;
	double left, begin; /* left: of 1 */
};

struct site {
	struct work at[SIM_MAX_BUILDERS];
	unsigned int nr;
	double now;
};

/* Whoever goes on does so with what fewer, or more, builders leave of the lock. */
static void advance(struct site *s, schedule_ns ns, void *ctx)
{
	double group_ns[PLAN_MAX_GROUPS] = {0}, step = INFINITY;

	for (unsigned int i = 0; i < s->nr; i++) {
		double *one = &group_ns[s->at[i].group];

		if (*one <= 0)
			*one = ns(ctx, s->at[i].group, s->nr);
		step = fmin(step, s->at[i].left * *one);
	}
	for (unsigned int i = 0; i < s->nr; i++) {
		double one = group_ns[s->at[i].group];

		s->at[i].left -= one > 0 ? step / one : 1;
	}
	s->now += step;
}

static void finish(struct site *s, unsigned int built[PLAN_MAX_GROUPS], struct schedule *out)
{
	unsigned int kept = 0;

	for (unsigned int i = 0; i < s->nr; i++) {
		const struct work *work = &s->at[i];

		if (work->left > DONE) {
			s->at[kept++] = *work;
			continue;
		}
		out->domain_ns[work->group] += s->now - work->begin;
		built[work->group]++;
	}
	s->nr = kept;
}

void schedule_run(const struct plan_sequence *domains, unsigned int builders, schedule_ns ns,
		  void *ctx, struct schedule *out)
{
	unsigned int built[PLAN_MAX_GROUPS] = {0};
	struct site s = {.nr = 0};
	size_t next = 0;

	*out = (struct schedule){0};
	while (next < domains->nr || s.nr) {
		while (next < domains->nr && s.nr < builders)
			s.at[s.nr++] = (struct work){domains->groups[next++], 1, s.now};
		advance(&s, ns, ctx);
		finish(&s, built, out);
	}
	out->all_ns = s.now;
	for (unsigned int g = 0; g < PLAN_MAX_GROUPS; g++)
		if (built[g])
			out->domain_ns[g] /= built[g];
}
