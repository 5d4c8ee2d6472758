// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "bench/leaks.h"
#include "bench/run.h"
#include "lib/msg.h"

/* Free memory that stands still for so long is settled; longer than that nothing waits for it. */
#define STILL_MS 50
#define STILL_MOST_MS 2000

#define SAMPLES_AGAIN 2

volatile sig_atomic_t run_stopped;

/* A fresh state; domains of the last pass are gone, or left to a machine that is thrown away. */
static void reset(struct bench *b)
{
	*b = (struct bench){.xen = b->xen, .host = b->host, .leaks = b->leaks};
}

int run_begin(struct bench *b, const struct bench_case *c, unsigned int samples)
{
	uint64_t warm_up;
	int rc;

	reset(b);
	b->samples = samples + 1;
	/* Tolerated: the tight cases, which need it, verify what they claimed. */
	rc = xen_settle(b->xen, STILL_MS, STILL_MOST_MS);
	if (rc && rc != -ETIMEDOUT)
		return bench_fail(b, rc, "reading free memory");
	rc = b->leaks ? leaks_begin(b->leaks, c) : 0;
	if (rc)
		return bench_fail(b, rc, "reading what is free and claimed");
	rc = c->family->prepare(b, c);
	return rc ? rc : run_sample(b, c, &warm_up);
}

/* Ends a pass that gives back what it took; an error of the case itself comes first. */
static int give_back(struct bench *b, const struct bench_case **suspect)
{
	char what[LEAKS_WHAT_SIZE];
	int rc = leaks_end(b->leaks);

	if (rc)
		snprintf(what, sizeof(what), "reading what is free and claimed: %s", strerror(-rc));
	else
		rc = leaks_return(b->leaks, suspect, what);
	if (rc && !b->error[0])
		bench_fail(b, 0, "%s", what);
	return rc ? -1 : 0;
}

int run_again(struct bench *b, const struct bench_case *c)
{
	unsigned int samples = run_samples(c, SAMPLES_AGAIN);
	uint64_t ticks;
	int rc = run_begin(b, c, samples);

	for (unsigned int i = 0; !rc && i < samples; i++)
		rc = run_sample(b, c, &ticks);
	return rc | give_back(b, &c);
}

static int end_accounted(struct bench *b, bool disposable)
{
	const struct bench_case *suspect = NULL;
	bool failed = b->error[0];
	int rc;

	if (disposable) {
		rc = leaks_end(b->leaks);
		return rc ? bench_fail(b, rc, "reading what is free and claimed") : 0;
	}
	if (!give_back(b, &suspect))
		return 0;
	return failed || !suspect ? -1 : run_again(b, suspect);
}

int run_end(struct bench *b, bool disposable)
{
	if (b->leaks)
		return end_accounted(b, disposable);
	/* Of no interest on a machine that ends now, and most of its time. */
	if (disposable) {
		if (b->domain)
			xen_release_claims(b->xen, b->domain);
		for (unsigned int i = 0; i < b->nr_others; i++)
			xen_release_claims(b->xen, b->others[i]);
		xen_leave_domains(b->xen);
	} else {
		xen_destroy_domains(b->xen);
	}
	return 0;
}

int run_sample(struct bench *b, const struct bench_case *c, uint64_t *ticks)
{
	if (run_stopped)
		return bench_fail(b, 0, "stopped by a signal");
	return c->family->sample(b, c, ticks);
}

static int take_samples(struct bench *b, const struct bench_case *c, unsigned int count,
			struct bench_result *r)
{
	for (unsigned int i = 0; i < count; i++) {
		if (run_sample(b, c, &r->samples[i]))
			return -1;
		r->count = i + 1;
	}
	return 0;
}

unsigned int run_samples(const struct bench_case *c, unsigned int samples)
{
	return c->samples && c->samples < samples ? c->samples : samples;
}

static int measure(struct bench *b, const struct bench_case *c, const struct run_options *options,
		   struct bench_result *r)
{
	unsigned int samples = run_samples(c, options->samples);
	int rc;

	if (run_begin(b, c, samples))
		return -1;
	xen_profile(b->xen, true);
	rc = take_samples(b, c, samples, r);
	xen_profile(b->xen, false);
	return rc ? rc : c->family->check(b, c);
}

/* Pages that come and go in a trace add up to absolute numbers from there on. */
static int record_memory(struct bench *b)
{
	struct xen_memory memory;
	int rc = xen_read_memory(b->xen, &memory);

	return rc ? bench_fail(b, rc, "reading free memory") : 0;
}

static int watch_samples(struct bench *b, const struct bench_case *c, unsigned int samples,
			 const struct watch_tool *tool)
{
	uint64_t ticks;
	int rc = tool->records_memory ? record_memory(b) : 0;

	b->watch = tool->calls;
	for (unsigned int i = 0; !rc && i < samples; i++)
		rc = run_sample(b, c, &ticks);
	b->watch = NULL;
	return rc;
}

/* It does not start: an optional one is done without. */
static int do_without(struct bench *b, const struct bench_case *c, const struct watch_tool *tool,
		      const char *path, int err)
{
	const char *why;

	if (!tool->optional)
		return bench_fail(b, err, "starting the tool for %s", path);
	why = err == -ENOENT ? "it is not installed" : err == -EPIPE ? "it does not start" : strerror(-err);
	msg("%s: no %s: %s", c->name, path, why);
	return tool->end ? tool->end(c, path, why) : 0;
}

static int watch(struct bench *b, const struct bench_case *c, const struct run_options *options,
		 const struct watch_tool *tool, const char *path)
{
	struct watcher *watcher = NULL;
	unsigned int samples = run_samples(c, options->few);
	int rc, failed;

	if (run_begin(b, c, samples))
		return -1;
	rc = tool->start(&watcher, path);
	if (rc)
		return do_without(b, c, tool, path, rc);
	rc = watch_samples(b, c, samples, tool);
	failed = tool->stop(watcher);
	if (tool->end && tool->end(c, path, NULL))
		return -1;
	if (!rc && failed)
		return bench_fail(b, failed, "%s", path);
	return rc ? rc : c->family->check(b, c);
}

static int watched_pass(struct bench *b, const struct bench_case *c,
			const struct run_options *options, const struct watch_tool *tool,
			const char *dir, const char *suffix)
{
	char slug[BENCH_NAME], path[PATH_MAX];
	int rc;

	result_slug(c->name, slug);
	if (snprintf(path, sizeof(path), "%s/%s%s", dir, slug, suffix) >= (int)sizeof(path))
		return -1;
	if (tool->reserve)
		tool->reserve(path);
	rc = watch(b, c, options, tool, path);
	rc |= run_end(b, options->disposable);
	if (rc)
		msg("%s: %s", c->name, b->error);
	return rc;
}

int run_case(struct bench *b, const struct bench_case *c, const struct run_options *options,
	     struct bench_result *r)
{
	int rc = measure(b, c, options, r);

	rc |= run_end(b, options->disposable);
	if (!rc)
		return 0;
	snprintf(r->error, sizeof(r->error), "%s", b->error);
	msg("%s: %s", c->name, b->error);
	return -1;
}

int run_watched(struct bench *b, const struct bench_case *c, const struct run_options *options)
{
	const struct watch_tool *tracer = options->tracer ? options->tracer : &xentrace_tool;
	int rc = 0;

	if (options->trace_dir)
		rc = watched_pass(b, c, options, tracer, options->trace_dir, ".trace.xen");
	if (options->perf_dir)
		rc |= watched_pass(b, c, options, &perf_tool, options->perf_dir, ".perf.txt");
	if (options->perf_dir)
		rc |= watched_pass(b, c, options, &perf_record_tool, options->perf_dir, ".perf.data");
	return rc;
}
