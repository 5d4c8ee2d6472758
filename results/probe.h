/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the probe plugin found about one case: the window of its least sample, from probe.json
 * beside a result (docs/probe.md).
 */
#ifndef CLAIMPERF_RESULTS_PROBE_H
#define CLAIMPERF_RESULTS_PROBE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "results/result.h"

enum probe_figure {
	PROBE_CALLS,
	PROBE_UNRETURNED,
	PROBE_INCLUSIVE,
	PROBE_OWN,
	PROBE_LOADS,
	PROBE_STORES,
	PROBE_FIGURES,
};

struct probe_function {
	char *name;
	uint64_t figures[PROBE_FIGURES];
};

/* Sections of heap_lock: sections and instructions held. */
struct probe_lock {
	uint64_t sections, waits;
	uint64_t hold_sum, hold_min, hold_max;
};

struct probe {
	uint64_t ops;			  /* operations that the figures are about */
	struct probe_function *functions; /* sorted by name */
	size_t nr_functions;
	bool has_lock;
	struct probe_lock lock;
};

/*
 * 0 and *out (probe_free()), -ENOENT when there is no such file, -EINVAL with "FILE: what is wrong"
 * in error, or -ENOMEM.
 */
int probe_read(const char *path, uint64_t ops, struct probe **out, char error[RESULT_ERROR_SIZE]);
void probe_free(struct probe *probe);

/* The function of that name; all 0 if it has none. */
const struct probe_function *probe_find(const struct probe *probe, const char *name);

#endif
