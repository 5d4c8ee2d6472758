/* SPDX-License-Identifier: GPL-2.0-only */
/* Runs one case: its samples, and further passes under xentrace or perf. */
#ifndef BENCH_RUN_H
#define BENCH_RUN_H

#include <signal.h>

#include "bench/bench.h"
#include "bench/result.h"

/*
 * A tool that watches one pass of a case. start() returns when it is watching, stop() when it has
 * written its file. All return 0 or -errno.
 */
struct watcher;
struct watch_tool {
	int (*start)(struct watcher **out, const char *path);
	int (*stop)(struct watcher *w);
	/* What it needs beforehand, as a case may leave no memory; NULL: nothing. */
	void (*reserve)(const char *path);
	bool records_memory; /* it records what Xen tells of free and claimed pages */
	/* The pass goes on without it, where it cannot start. */
	bool optional;
	/* Told of each measured call; NULL: it need not be. */
	const struct bench_watch *calls;
	/* After the pass of that case; why: it could not start. NULL: nothing to do. */
	int (*end)(const struct bench_case *c, const char *path, const char *why);
};
extern const struct watch_tool xentrace_tool, perf_tool, perf_record_tool;

struct run_options {
	unsigned int samples;	 /* kept ones; a warm-up comes before */
	unsigned int few;	 /* samples of a watched pass */
	const char *trace_dir;	 /* SLUG.trace.xen go there; NULL: no traced pass */
	const char *perf_dir;	 /* SLUG.perf.txt, .data, .json */
	const struct watch_tool *tracer; /* NULL: xentrace */
	bool disposable;	 /* leave domains: the machine is thrown away */
};

/* The xentrace to run, not copied; NULL leaves it at the one in the path. */
void trace_use(const char *program);

/* Set by signal handlers: finish the call under way, clean up, end. */
extern volatile sig_atomic_t run_stopped;

/*
 * The parts of a pass, for a harness with a loop of its own: prepare the case and take the warm-up,
 * then up to that many samples, then clean up. 0, or -1 and b->error: of run_end() when the case left
 * something behind, unless it had failed already. Without b->leaks nobody asks.
 */
int run_begin(struct bench *b, const struct bench_case *c, unsigned int samples);
int run_sample(struct bench *b, const struct bench_case *c, uint64_t *ticks);
int run_end(struct bench *b, bool disposable);

/*
 * One more pass of a case that seemed to leave something behind, if that is known: 0, or -1 and b->error.
 * Tables of Xen that have grown for many domains stay so, once; a leak repeats.
 */
int run_again(struct bench *b, const struct bench_case *c);

/* That many, or as many as the case can take. */
unsigned int run_samples(const struct bench_case *c, unsigned int samples);

/* r->samples needs room for options->samples. A failure is printed, and in r->error; -1 then. */
int run_case(struct bench *b, const struct bench_case *c, const struct run_options *options,
	     struct bench_result *r);

/*
 * The passes under xentrace and perf. They come after the samples of all cases: a second process
 * moves what follows. A failure is printed; -1 then.
 */
int run_watched(struct bench *b, const struct bench_case *c, const struct run_options *options);

#endif
