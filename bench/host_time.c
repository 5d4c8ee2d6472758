// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "bench/counters.h"
#include "bench/gbench.h"
#include "bench/host_modes.h"
#include "bench/xen_host.h"
#include "lib/msg.h"

/* Kept of a case; with more, every second is dropped, and so on. */
#define MAX_KEPT 1000

struct timed {
	struct session *session;
	struct bench_result result;
	size_t family, index;
	int64_t iterations; /* of the calls whose samples are kept: the longest, and its like */
	uint64_t stride, skipped;
	json_t *counters;
};

static struct timed *cases;
static size_t nr_cases;

static void keep(struct timed *t, uint64_t ticks)
{
	struct bench_result *r = &t->result;

	if (t->skipped++ % t->stride)
		return;
	if (r->count == MAX_KEPT) {
		for (size_t i = 0; i < MAX_KEPT / 2; i++)
			r->samples[i] = r->samples[2 * i];
		r->count = MAX_KEPT / 2;
		t->stride *= 2;
	}
	r->samples[r->count++] = ticks;
}

/* The library calls with more and more iterations until they suffice, then once per repetition. */
static void forget_shorter(struct timed *t, int64_t iterations)
{
	if (iterations <= t->iterations)
		return;
	t->iterations = iterations;
	t->result.count = 0;
	t->stride = 1;
	t->skipped = 0;
}

static int end_pass(struct bench *b, const struct bench_case *c)
{
	int rc = c->family->check(b, c);

	run_end(b, false);
	return rc;
}

/* An iteration is a sample. Passes are short, as memory ends; what is between them is not timed. */
static void run_timed(struct gbench_state *state, void *data)
{
	struct timed *t = data;
	const struct bench_case *c = t->result.c;
	struct bench *b = &t->session->bench;
	unsigned int length = run_samples(c, t->session->run.samples), left = 0;
	double ns_per_tick = 1e6 / (double)xen_tsc_khz(b->xen);
	uint64_t ticks;
	int rc = 0;

	forget_shorter(t, gbench_iterations(state));
	b->error[0] = '\0';
	gbench_loop(state)
	{
		if (!left) {
			rc = run_begin(b, c, length);
			left = length;
		}
		if (!rc)
			rc = run_sample(b, c, &ticks);
		if (!rc && !--left)
			rc = end_pass(b, c);
		if (rc) {
			gbench_fail(state, b->error);
			break;
		}
		gbench_add_time_ns(state, (double)ticks * ns_per_tick);
		keep(t, ticks);
	}
	/* A pass that the library ended before its time is checked as well. */
	if (!rc && left) {
		rc = c->family->check(b, c);
		if (rc)
			gbench_fail(state, b->error);
	}
	run_end(b, false);
	if (rc)
		memcpy(t->result.error, b->error, sizeof(t->result.error));
	gbench_set_items(state, gbench_iterations(state) * c->ops);
}

static int register_case(struct session *s, const struct bench_case *c, size_t family, size_t index)
{
	struct timed *t = &cases[nr_cases++];

	*t = (struct timed){.session = s, .result.c = c, .family = family, .index = index};
	t->result.samples = calloc(MAX_KEPT, sizeof(*t->result.samples));
	if (!t->result.samples)
		return -1;
	return 0;
}

static int register_all(struct session *s, unsigned int samples)
{
	cases = calloc(s->cases.count, sizeof(*cases));
	if (!cases || session_for_each(s, register_case))
		return -1;
	for (size_t i = 0; i < nr_cases; i++)
		if (!cases[i].result.c->skip &&
		    gbench_register(&(struct gbench_case){.name = cases[i].result.c->name,
							  .run = run_timed,
							  .data = &cases[i],
							  .clock = GBENCH_MANUAL_TIME,
							  .iterations = samples}))
			return -1;
	return 0;
}

/* Events per operation; what the machine lacks is a text that says why. */
static json_t *describe_counters(const struct counters *counters, double operations)
{
	json_t *all = json_object();

	for (size_t i = 0; i < counters->nr; i++) {
		const struct counter *c = &counters->list[i];

		json_object_set_new(all, c->name,
				    c->lacking ? json_string(c->lacking)
					       : json_real(c->value / operations));
	}
	return all;
}

static void count_events(struct timed *t)
{
	struct session *s = t->session;
	struct bench_result r = {.c = t->result.c};
	struct counters counters;

	r.samples = calloc(s->run.samples, sizeof(*r.samples));
	if (!r.samples)
		return;
	counters_open(&counters);
	xen_host_count_events(true);
	if (!run_case(&s->bench, r.c, &s->run, &r)) {
		counters_read(&counters);
		t->counters = describe_counters(&counters, (double)r.count * r.c->ops);
	}
	xen_host_count_events(false);
	counters_close(&counters);
	free(r.samples);
}

/* Once, not per case. */
static void tell_lacking(void)
{
	struct counters counters;

	counters_open(&counters);
	for (size_t i = 0; i < counters.nr; i++)
		if (counters.list[i].lacking)
			msg("--perf: %s: %s", counters.list[i].name, counters.list[i].lacking);
	counters_close(&counters);
}

static int add_results(struct session *s)
{
	json_t *entries = json_object_get(s->document, "benchmarks");
	int rc = 0;

	for (size_t i = 0; !rc && i < nr_cases; i++) {
		struct timed *t = &cases[i];
		struct bench_case left_out = *t->result.c;

		if (t->result.error[0])
			s->status = EXIT_REGRESSION;
		else if (!t->result.count && !left_out.skip && !run_stopped) {
			left_out.skip = "left out by an option of Google Benchmark";
			t->result.c = &left_out;
		}
		rc = session_add(s, &t->result, t->family, t->index);
		if (!rc && t->counters)
			json_object_set(json_object_get(json_array_get(entries, i), "claimperf"),
					"counters", t->counters);
		json_decref(t->counters);
		free(t->result.samples);
	}
	return rc;
}

int time_cases(struct session *s, unsigned int samples, bool counters)
{
	int rc = register_all(s, samples);

	if (!rc)
		gbench_run();
	if (counters)
		tell_lacking();
	for (size_t i = 0; !rc && counters && i < nr_cases; i++)
		if (!cases[i].result.c->skip && !cases[i].result.error[0] && !run_stopped)
			count_events(&cases[i]);
	rc = rc ? rc : add_results(s);
	free(cases);
	return rc;
}
