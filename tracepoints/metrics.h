/* SPDX-License-Identifier: GPL-2.0-only */
/* Distributions by labels. */
#ifndef CLAIMPERF_TRACEPOINTS_METRICS_H
#define CLAIMPERF_TRACEPOINTS_METRICS_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/hist.h"

#define METRIC_LABELS 4
/* What a hostile file may make of labels is bounded: a histogram takes 30 KiB. */
#define METRICS_MAX 4096

/* In the order of output. */
enum metric_id {
	METRIC_HOLD,
	METRIC_WAIT,
	METRIC_THINK,
	METRIC_PAGE_ALLOC_HOLD,
	METRIC_PAGE_ALLOC_WAIT,
	METRIC_CHECK,
	METRIC_REDEEM,
	METRIC_INSTALL,
	METRIC_POPULATE,
	METRIC_POPULATE_EXTENTS,
	METRIC_TEARDOWN,
	METRIC_TEARDOWN_PAGES,
	METRIC_SCRUB,
	METRIC_SCRUB_PAGES,
	METRIC_DOMCTL_RETRY,
	METRIC_SPAN,
	METRIC_SPAN_RUNS,
	METRIC_KINDS,
};

struct metric_label {
	const char *key;  /* NULL when unused */
	const char *text; /* NULL when the value is number */
	uint64_t number;
};

struct metric {
	enum metric_id id;
	const char *name;
	const char *unit;
	struct metric_label labels[METRIC_LABELS];
	uint64_t key; /* order of output within the id */
	uint64_t pages; /* of holds: taken or given back by all sections together */
	struct hist *hist;
};

struct metrics {
	unsigned int nr;
	struct metric *metrics;
	uint16_t slots[2 * METRICS_MAX]; /* hash table: index + 1 into metrics */
};

const char *metric_name(enum metric_id id);

/*
 * The metric of id and key, which says the same as the labels (two keys, two rows); new when there
 * is none. NULL when memory is short or there are too many.
 */
struct metric *metrics_get(struct metrics *metrics, enum metric_id id, uint64_t key,
			   const struct metric_label *labels, unsigned int nr_labels);

/* Into the order of output; metrics_get() must not follow. */
void metrics_sort(struct metrics *metrics);

static inline bool metric_is_hold(const struct metric *metric)
{
	return metric->id == METRIC_HOLD || metric->id == METRIC_PAGE_ALLOC_HOLD;
}

/* The metric of that id with the same labels, or NULL. */
const struct metric *metrics_find(const struct metrics *metrics, const struct metric *like);

void metrics_free(struct metrics *metrics);

#endif
