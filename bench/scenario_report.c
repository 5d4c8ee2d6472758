// SPDX-License-Identifier: GPL-2.0-only
#include "bench/scenario_report.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "bench/perf.h"
#include "lib/hist_json.h"
#include "lib/msg.h"

#define NS_PER_SECOND 1000000000ull

struct group_figures {
	unsigned int outcomes[PLAY_OUTCOMES];
	unsigned int builds, tries, claimed_host;
	uint64_t pages, off_node, planned_pages, ticks;
	struct hist *planned, *started; /* latency of what was done */
};

static struct hist *new_hist(void)
{
	struct hist *h = hist_new();

	if (!h)
		die(EXIT_USAGE, "%s", strerror(ENOMEM));
	return h;
}

static bool is_done(enum play_outcome outcome)
{
	return outcome != OUTCOME_NONE && outcome != OUTCOME_REFUSED && outcome != OUTCOME_FAILED;
}

/* Who holds what it claimed ahead has nothing to do on the clock. */
static bool takes_time(const struct spec_group *g, const struct play_build *b)
{
	return is_done(b->outcome) && (g->role != ROLE_HOLDER || g->ahead != AHEAD_CLAIM);
}

static void add_build(struct group_figures *f, const struct spec_group *g,
		      const struct play_build *b)
{
	f->outcomes[b->outcome]++;
	f->builds++;
	f->tries += b->tries;
	f->claimed_host += b->claimed_host;
	f->pages += b->pages;
	f->off_node += b->off_node;
	f->ticks += b->ticks;
	if (!takes_time(g, b))
		return;
	hist_record(f->planned, b->end_ns - b->planned_ns);
	hist_record(f->started, b->end_ns - b->start_ns);
}

static struct group_figures sum_up(const struct play *play, unsigned int group)
{
	struct group_figures f = {.planned = new_hist(), .started = new_hist()};

	for (size_t i = 0; i < play->schedule->nr; i++) {
		const struct play_domain *d = &play->domains[i];

		if (play_group(play, d) != group)
			continue;
		f.planned_pages += d->guest.plan->all_pages;
		for (unsigned int n = 0; n < d->nr_builds; n++)
			add_build(&f, d->guest.plan->group, &d->builds[n]);
	}
	return f;
}

static double ratio(uint64_t part, uint64_t whole)
{
	return whole ? (double)part / (double)whole : 0;
}

__attribute__((format(printf, 2, 3))) static void add_failure(json_t *failures, const char *fmt,
							      ...)
{
	char text[300];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	json_array_append_new(failures, json_string(text));
}

static void check_limit(json_t *failures, const struct spec_group *g, const char *what,
			double value, double limit)
{
	if (limit != SPEC_NO_LIMIT && value > limit)
		add_failure(failures, "%s: %s: %.4g, more than %.4g", g->name, what, value, limit);
}

static json_t *latency_json(const struct hist *h)
{
	json_t *object;

	if (!h->count)
		return json_null();
	object = json_object();
	hist_set_json(object, h);
	json_object_set_new(object, "mean", json_real(ratio(h->sum, h->count)));
	return object;
}

/* Want of memory is what scenarios are about; any other error is none that they provoke. */
static json_t *refusals_json(const struct play *play, unsigned int group, json_t *failures)
{
	json_t *all = json_array();

	for (const struct play_refusal *r = play->refusals[group];
	     r < play->refusals[group] + PLAY_MAX_REFUSALS && r->count; r++) {
		const char *error = strerrorname_np(r->error) ?: "unknown";

		json_array_append_new(all,
				      json_pack("{s:s, s:s, s:i}", "step", guest_steps[r->step],
						"error", error, "count", (int)r->count));
		if (r->error != ENOMEM)
			add_failure(failures, "%s: %u times %s: %s", play->spec->groups[group].name,
				    r->count, guest_steps[r->step], error);
	}
	return all;
}

static json_t *outcomes_json(const struct group_figures *f)
{
	json_t *outcomes = json_object();

	for (unsigned int i = 0; i < PLAY_OUTCOMES; i++)
		if (f->outcomes[i])
			json_object_set_new(outcomes, play_outcomes[i],
					    json_integer((json_int_t)f->outcomes[i]));
	return outcomes;
}

static json_t *group_json(const struct report_source *s, unsigned int group, json_t *failures)
{
	const struct spec_group *g = &s->play->spec->groups[group];
	struct group_figures f = sum_up(s->play, group);
	double refused = ratio(f.outcomes[OUTCOME_REFUSED], f.builds);
	double off_node = ratio(f.off_node, f.pages), taken = ratio(f.pages, f.planned_pages);
	json_t *entry;

	entry = json_pack("{s:s, s:s, s:s, s:i, s:i, s:o, s:i, s:o, s:i, s:i, s:f, s:I, s:I, s:f, "
			  "s:f, s:o, s:o}",
			  "name", g->name, "role", spec_roles[g->role], "claim",
			  spec_claims[play_claim(s->xen, g->claim)], "domains", (int)g->domains,
			  "builds", (int)f.builds, "outcomes", outcomes_json(&f), "tries",
			  (int)f.tries, "refusals", refusals_json(s->play, group, failures),
			  "ahead_refused", (int)s->play->ahead_refused[group], "claimed_host",
			  (int)f.claimed_host, "refused_share", refused, "pages",
			  (json_int_t)f.pages, "off_node_pages", (json_int_t)f.off_node,
			  "off_node_share", off_node, "call_seconds",
			  (double)f.ticks / 1000 / (double)(xen_tsc_khz(s->xen) ?: 1), "latency_ns",
			  latency_json(f.planned), "from_start_ns", latency_json(f.started));
	if (g->role == ROLE_THIEF)
		json_object_set_new(entry, "taken_share", json_real(taken));
	check_limit(failures, g, "share of pages off their node", off_node, g->limits.off_node);
	check_limit(failures, g, "share of builds refused", refused, g->limits.refused);
	check_limit(failures, g, "share taken of what it went for", taken, g->limits.taken);
	free(f.planned);
	free(f.started);
	return entry;
}

static json_t *groups_json(const struct report_source *s, json_t *failures)
{
	json_t *groups = json_array();

	for (unsigned int i = 0; i < s->play->spec->nr_groups; i++)
		json_array_append_new(groups, group_json(s, i, failures));
	return groups;
}

static void add_builds(json_t *builds, const char *group, size_t domain,
		       const struct play_domain *d)
{
	for (unsigned int n = 0; n < d->nr_builds; n++) {
		const struct play_build *b = &d->builds[n];
		json_t *entry = json_pack(
			"{s:s, s:I, s:i, s:i, s:I, s:I, s:I, s:s, s:i, s:I, s:I}", "group", group,
			"domain", (json_int_t)domain, "build", (int)n, "domid", (int)b->domid,
			"planned_ns", (json_int_t)b->planned_ns, "start_ns",
			(json_int_t)b->start_ns, "end_ns", (json_int_t)b->end_ns, "outcome",
			play_outcomes[b->outcome], "tries", (int)b->tries, "pages",
			(json_int_t)b->pages, "off_node_pages", (json_int_t)b->off_node);

		if (b->error)
			json_object_update_new(
				entry, json_pack("{s:s, s:s}", "step", guest_steps[b->step],
						 "error", strerrorname_np(b->error) ?: "unknown"));
		json_array_append_new(builds, entry);
	}
}

static json_t *builds_json(const struct play *play)
{
	json_t *builds = json_array();

	for (size_t i = 0; i < play->schedule->nr; i++)
		add_builds(builds, play->schedule->domains[i].group->name, i, &play->domains[i]);
	return builds;
}

static json_t *memory_json(const struct xen_memory *m, unsigned int nodes)
{
	json_t *free_pages = json_array();

	for (unsigned int i = 0; i < nodes; i++)
		json_array_append_new(free_pages, json_count(m->node_free_pages[i]));
	return json_pack("{s:o, s:o, s:o}", "free_pages", json_count(m->free_pages),
			 "claimed_pages", json_count(m->claimed_pages), "node_free_pages",
			 free_pages);
}

/* Nothing is left, neither of memory nor of claims; claims of others stay. */
static json_t *state_json(const struct report_source *s, json_t *failures)
{
	unsigned int nodes = s->host->nodes;

	if (s->left)
		add_failure(failures, "%u domains are left", s->left);
	if (s->after.claimed_pages != s->before.claimed_pages)
		add_failure(failures, "%lu pages are claimed in the end, %lu were before",
			    (unsigned long)s->after.claimed_pages,
			    (unsigned long)s->before.claimed_pages);
	for (unsigned int i = 0; i < nodes; i++)
		if (s->after.node_free_pages[i] != s->before.node_free_pages[i])
			add_failure(failures,
				    "node %u: %lu pages are free in the end, %lu were before", i,
				    (unsigned long)s->after.node_free_pages[i],
				    (unsigned long)s->before.node_free_pages[i]);
	return json_pack("{s:o, s:o, s:o, s:i}", "before", memory_json(&s->before, nodes), "full",
			 memory_json(&s->full, nodes), "after", memory_json(&s->after, nodes),
			 "domains_left", (int)s->left);
}

static double seconds_between(struct timeval from, struct timeval to)
{
	return (double)(to.tv_sec - from.tv_sec) + (double)(to.tv_usec - from.tv_usec) / 1e6;
}

static json_t *dom0_json(const struct report_source *s)
{
	const struct rusage *from = &s->usage[0], *to = &s->usage[1];
	json_t *perf = s->perf ? perf_read_stat(s->perf) : NULL;

	return json_pack(
		"{s:f, s:f, s:f, s:I, s:I, s:I, s:o}", "seconds",
		(double)s->play->end_ns / NS_PER_SECOND, "user_seconds",
		seconds_between(from->ru_utime, to->ru_utime), "system_seconds",
		seconds_between(from->ru_stime, to->ru_stime), "voluntary_switches",
		(json_int_t)(to->ru_nvcsw - from->ru_nvcsw), "involuntary_switches",
		(json_int_t)(to->ru_nivcsw - from->ru_nivcsw), "page_faults",
		(json_int_t)(to->ru_minflt + to->ru_majflt - from->ru_minflt - from->ru_majflt),
		"perf", perf ? perf : json_null());
}

json_t *report_make(const struct report_source *s)
{
	const struct spec *spec = s->play->spec;
	json_t *failures = json_array();
	json_t *groups = groups_json(s, failures), *state = state_json(s, failures);

	return json_pack("{s:s, s:s, s:i, s:i, s:i, s:s, s:o, s:o, s:o, s:o, s:o}", "scenario",
			 spec->name, "about", spec->about, "seed", (int)s->seed, "builders",
			 (int)s->play->nr_builders, "nodes", (int)s->host->nodes, "dialect",
			 xen_dialect(s->xen), "failures", failures, "groups", groups, "dom0",
			 dom0_json(s), "state", state, "builds", builds_json(s->play));
}
