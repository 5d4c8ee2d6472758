// SPDX-License-Identifier: GPL-2.0-only
#include "bench/scenario_play.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lib/clock.h"
#include "lib/msg.h"

#define NS_PER_MS 1000000ull
#define NS_PER_SECOND 1000000000ull
/* How long a signal may go unheard. */
#define NAP_NS (50 * NS_PER_MS)
/* From the gate to the clock's start: more than it takes to wake the threads. */
#define LEAD_NS (5 * NS_PER_MS)
/* Pauses between tries double so often. */
#define MAX_DOUBLINGS 10
#define NEVER UINT64_MAX

const char *const play_outcomes[PLAY_OUTCOMES] = {
	[OUTCOME_NONE] = "none",	   [OUTCOME_BUILT] = "built",
	[OUTCOME_HELD] = "held",	   [OUTCOME_TAKEN] = "taken",
	[OUTCOME_DESTROYED] = "destroyed", [OUTCOME_REFUSED] = "refused",
	[OUTCOME_FAILED] = "failed",
};

unsigned int play_group(const struct play *play, const struct play_domain *d)
{
	return (unsigned int)(d->guest.plan->group - play->spec->groups);
}

enum spec_claim play_claim(const struct xen *xen, enum spec_claim claim)
{
	if (claim != MODE_BEST)
		return claim;
	if (xen_has_claim_sets(xen))
		return MODE_NODES_ELSE_HOST;
	return xen_has_legacy_claims(xen) ? MODE_LEGACY : MODE_NONE;
}

static uint64_t passed_ns(const struct play *play)
{
	uint64_t now = clock_ns();

	return now < play->zero_ns ? 0 : now - play->zero_ns;
}

static void sleep_until(const struct play *play, uint64_t ns)
{
	uint64_t end = play->zero_ns + ns, now;

	while (!guests_stopped && (now = clock_ns()) < end) {
		uint64_t until = end - now > NAP_NS ? now + NAP_NS : end;
		const struct timespec t = {.tv_sec = (time_t)(until / NS_PER_SECOND),
					   .tv_nsec = (long)(until % NS_PER_SECOND)};

		clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL);
	}
}

static void note_refusal(struct play *play, const struct play_domain *d, int error)
{
	struct play_refusal *r = play->refusals[play_group(play, d)];
	struct play_refusal *end = r + PLAY_MAX_REFUSALS - 1;

	pthread_mutex_lock(&play->lock);
	while (r < end && r->count && (r->step != d->guest.step || r->error != error))
		r++;
	*r = (struct play_refusal){d->guest.step, error, r->count + 1};
	pthread_mutex_unlock(&play->lock);
}

static int try_role(struct guest *g)
{
	int rc = guest_claim(g);

	if (rc || g->plan->group->role == ROLE_HOLDER)
		return rc;
	return g->plan->group->role == ROLE_THIEF ? guest_take(g) : guest_populate(g);
}

/*
 * As a toolstack that was told to try again: from the start, at d->retry_ns, after a pause that
 * doubles. Its builder has other domains to look after meanwhile.
 */
static int try_build(struct play *play, struct play_domain *d, struct play_build *b)
{
	const struct spec_group *group = d->guest.plan->group;
	unsigned int doublings = b->tries < MAX_DOUBLINGS ? b->tries : MAX_DOUBLINGS;
	int rc = try_role(&d->guest), destroyed;

	b->tries++;
	if (!rc || guests_stopped)
		return rc;
	note_refusal(play, d, -rc);
	b->step = d->guest.step;
	destroyed = guest_destroy(&d->guest);
	if (rc != -ENOMEM || b->tries == group->tries)
		return rc;
	if (destroyed) {
		b->step = STEP_DESTROY;
		return destroyed;
	}
	d->retry_ns = passed_ns(play) + ((group->backoff_ms * NS_PER_MS) << doublings);
	return 0;
}

static enum play_outcome outcome_of(const struct spec_group *group, int rc)
{
	static const enum play_outcome good[] = {
		[ROLE_GUEST] = OUTCOME_BUILT,
		[ROLE_HOLDER] = OUTCOME_HELD,
		[ROLE_THIEF] = OUTCOME_TAKEN,
	};

	if (rc)
		return rc == -ENOMEM ? OUTCOME_REFUSED : OUTCOME_FAILED;
	return group->builds ? good[group->role] : OUTCOME_DESTROYED;
}

/* What was there before goes, unless it is the claim that came ahead. */
static int start_build(struct play *play, struct play_domain *d, struct play_build *b)
{
	d->guest.ticks = 0;
	d->dies_ns = NEVER;
	b->start_ns = passed_ns(play);
	b->step = STEP_DESTROY;
	return d->next || d->guest.plan->group->ahead == AHEAD_BUILD ? guest_destroy(&d->guest) : 0;
}

static void end_build(struct play *play, struct play_domain *d, struct play_build *b, int rc)
{
	const struct spec_group *group = d->guest.plan->group;

	b->end_ns = passed_ns(play);
	if (!guests_stopped) {
		b->outcome = outcome_of(group, rc);
		b->error = -rc;
	}
	b->domid = d->guest.domid;
	b->ticks = d->guest.ticks;
	b->claimed_host = d->guest.claimed_host;
	if (d->guest.exists) {
		b->pages = d->guest.pages;
		b->off_node = d->guest.off_node;
	}
	d->next++;
	if (d->guest.exists && group->lives_ms != SPEC_FOREVER)
		d->dies_ns = b->end_ns + group->lives_ms * NS_PER_MS;
}

static void run_build(struct play *play, struct play_domain *d)
{
	struct play_build *b = &d->builds[d->next];
	int rc = b->tries ? 0 : start_build(play, d, b);

	d->retry_ns = NEVER;
	if (!rc && d->guest.plan->group->builds)
		rc = try_build(play, d, b);
	if (d->retry_ns == NEVER)
		end_build(play, d, b, rc);
}

/* One that is put off comes before the next. */
static uint64_t next_build_ns(const struct play_domain *d)
{
	if (d->retry_ns != NEVER)
		return d->retry_ns;
	return d->next < d->nr_builds ? d->builds[d->next].planned_ns : NEVER;
}

static uint64_t due_ns(const struct play_domain *d)
{
	uint64_t build_ns = next_build_ns(d);

	return d->dies_ns < build_ns ? d->dies_ns : build_ns;
}

static void act(struct play *play, struct play_domain *d)
{
	int rc;

	if (d->dies_ns >= next_build_ns(d)) {
		run_build(play, d);
		return;
	}
	d->dies_ns = NEVER;
	rc = guest_destroy(&d->guest);
	if (rc)
		note_refusal(play, d, -rc);
}

/* Domain number n is the job of builder n modulo builders. */
#define for_each_domain_of(b, d)                                                                   \
	for (struct play_domain *d = (b)->play->domains + (b)->number;                             \
	     d < (b)->play->domains + (b)->play->schedule->nr; d += (b)->play->nr_builders)

/* Whatever is due first, of all of its domains. */
static void run_clock(struct play_builder *b)
{
	while (!guests_stopped) {
		struct play_domain *first = NULL;

		for_each_domain_of(b, d) if (!first || due_ns(d) < due_ns(first)) first = d;
		if (!first || due_ns(first) == NEVER)
			return;
		sleep_until(b->play, due_ns(first));
		if (!guests_stopped)
			act(b->play, first);
	}
}

/* Refused now, it may come later: on the clock it is tried like any other. */
static void run_ahead(struct play_builder *b)
{
	for_each_domain_of(b, d)
	{
		enum spec_ahead ahead = d->guest.plan->group->ahead;
		int rc = 0;

		if (guests_stopped || ahead == AHEAD_NOTHING)
			continue;
		rc = guest_claim(&d->guest);
		if (!rc && ahead == AHEAD_BUILD)
			rc = guest_populate(&d->guest);
		if (!rc)
			continue;
		note_refusal(b->play, d, -rc);
		pthread_mutex_lock(&b->play->lock);
		b->play->ahead_refused[play_group(b->play, d)]++;
		pthread_mutex_unlock(&b->play->lock);
		guest_destroy(&d->guest);
	}
}

static void *run_builder(void *arg)
{
	struct play_builder *b = arg;
	struct play *play = b->play;

	if (play->enter_thread)
		play->enter_thread();
	run_ahead(b);
	pthread_barrier_wait(&play->barrier);
	pthread_barrier_wait(&play->barrier);
	run_clock(b);
	pthread_barrier_wait(&play->barrier);
	pthread_barrier_wait(&play->barrier);
	xen_destroy_domains(b->xen);
	if (play->leave_thread)
		play->leave_thread();
	return NULL;
}

static int prepare_domain(struct play *play, size_t n)
{
	const struct schedule_domain *plan = &play->schedule->domains[n];
	struct play_domain *d = &play->domains[n];

	d->nr_builds = plan->group->builds ? plan->group->builds : 1;
	d->builds = calloc(d->nr_builds, sizeof(*d->builds));
	if (!d->builds)
		return -ENOMEM;
	for (unsigned int i = 0; i < d->nr_builds; i++)
		d->builds[i].planned_ns = schedule_start_ns(plan, i);
	d->retry_ns = d->dies_ns = NEVER;
	d->guest = (struct guest){
		.xen = play->builders[n % play->nr_builders].xen,
		.plan = plan,
	};
	d->guest.claim = play_claim(d->guest.xen, plan->group->claim);
	return 0;
}

int play_open(struct play *play)
{
	int rc = 0;

	play->domains = calloc(play->schedule->nr, sizeof(*play->domains));
	if (!play->domains)
		return -ENOMEM;
	for (unsigned int i = 0; !rc && i < play->nr_builders; i++) {
		play->builders[i] = (struct play_builder){.play = play, .number = i};
		rc = xen_open(&play->builders[i].xen);
	}
	for (size_t i = 0; !rc && i < play->schedule->nr; i++)
		rc = prepare_domain(play, i);
	return rc;
}

void play_ahead(struct play *play)
{
	pthread_mutex_init(&play->lock, NULL);
	pthread_barrier_init(&play->barrier, NULL, play->nr_builders + 1);
	/* Nothing is there yet that would be left behind. */
	for (unsigned int i = 0; i < play->nr_builders; i++)
		if (pthread_create(&play->builders[i].thread, NULL, run_builder,
				   &play->builders[i]))
			die(EXIT_USAGE, "no thread for builder %u of %u", i + 1, play->nr_builders);
	pthread_barrier_wait(&play->barrier);
}

void play_run(struct play *play)
{
	play->zero_ns = clock_ns() + LEAD_NS;
	pthread_barrier_wait(&play->barrier);
	pthread_barrier_wait(&play->barrier);
	play->end_ns = passed_ns(play);
}

void play_close(struct play *play)
{
	pthread_barrier_wait(&play->barrier);
	for (unsigned int i = 0; i < play->nr_builders; i++)
		pthread_join(play->builders[i].thread, NULL);
	pthread_barrier_destroy(&play->barrier);
	pthread_mutex_destroy(&play->lock);
}

void play_free(struct play *play)
{
	for (unsigned int i = 0; i < play->nr_builders; i++)
		xen_close(play->builders[i].xen);
	for (size_t i = 0; play->domains && i < play->schedule->nr; i++)
		free(play->domains[i].builds);
	free(play->domains);
}
