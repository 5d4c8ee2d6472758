/* SPDX-License-Identifier: GPL-2.0-only */
/* A child that watches this process: xentrace, or perf, which listens to commands over a pipe. */
#ifndef BENCH_WATCHER_H
#define BENCH_WATCHER_H

#include <sys/types.h>

#include "bench/run.h"

struct watcher {
	pid_t pid;
	int end_signal;
	int commands; /* to perf; -1 for xentrace */
	int answers;
};

/* Functions return 0 or -errno; of one that fails nothing is left. */
int watcher_new(struct watcher **out, int end_signal);
void watcher_free(struct watcher *w);

/* Runs argv as a child; its chatter goes to our stderr. */
int watcher_run(struct watcher *w, char *const argv[]);

/* The end of both; -ENOENT: there was no such program. */
int watcher_stop(struct watcher *w);

/* "perf ARGV…" about this process, from now on until perf_stop(). ARGV ends with NULL. */
int perf_run(struct watcher **out, char *const argv[]);
int perf_stop(struct watcher *w);

/* Make events known, if they are not. */
void perf_mount_events(void);

/* Whether this kernel has that group of events, or that one ("group/event"). */
bool perf_has_events(const char *name);

#endif
