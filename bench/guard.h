/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A process that does a duty when its worker is gone, however it went, kill -9 included. It is in a
 * session of its own, lets signals that ask to end pass by, and waits for the end of a pipe that
 * nobody but the worker holds. Not thread-safe.
 */
#ifndef BENCH_GUARD_H
#define BENCH_GUARD_H

#include <stdbool.h>
#include <sys/types.h>

/* Both run in the guard and return 0 or -errno: at its start, and when the worker is gone. */
struct guard_duty {
	int (*prepare)(void *data);
	int (*perform)(void *data);
	void *data;
};

struct guard {
	pid_t pid; /* 0: there is none */
	int pipe;  /* it closes when the worker ends */
};

/* Returns 0 when the guard is on duty, or -errno of what kept it from that. */
int guard_start(struct guard *g, const struct guard_duty *duty);

/* False when it has died, or never lived. */
bool guard_lives(struct guard *g);

/* Have it do its duty now; 0, the duty's -errno, or -ESRCH when the guard died before. */
int guard_end(struct guard *g);

#endif
