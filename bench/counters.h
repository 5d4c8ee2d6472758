/* SPDX-License-Identifier: GPL-2.0-only */
/* The machine's event counters, over windows of this thread in user mode (perf_event_open(2)). */
#ifndef BENCH_COUNTERS_H
#define BENCH_COUNTERS_H

#include <stddef.h>
#include <stdint.h>

#define COUNTERS_MAX 8

struct counter {
	const char *name;    /* as perf calls it: "cycles" */
	const char *lacking; /* why it cannot be counted here; NULL: it can */
	double value;	     /* sum over all windows */
	int fd;
};

struct counters {
	struct counter list[COUNTERS_MAX];
	size_t nr;
};

/* Try to get all of them; each that the machine lacks says so. */
void counters_open(struct counters *counters);
void counters_close(struct counters *counters);

/* A window: what is counted is added to what all open ones have. */
void counters_begin(void);
void counters_end(void);
void counters_read(struct counters *counters);

#endif
