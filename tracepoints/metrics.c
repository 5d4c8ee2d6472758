// SPDX-License-Identifier: GPL-2.0-only
#include "tracepoints/metrics.h"

#include <stdlib.h>
#include <string.h>

#define SLOTS (2 * METRICS_MAX)

static const struct {
	const char *name;
	const char *unit;
} kinds[METRIC_KINDS] = {
	[METRIC_HOLD] = {"hold", "cycles"},
	[METRIC_WAIT] = {"wait", "cycles"},
	[METRIC_THINK] = {"think", "cycles"},
	[METRIC_PAGE_ALLOC_HOLD] = {"page_alloc_hold", "cycles"},
	[METRIC_PAGE_ALLOC_WAIT] = {"page_alloc_wait", "cycles"},
	[METRIC_CHECK] = {"check", "pages"},
	[METRIC_REDEEM] = {"redeem", "pages"},
	[METRIC_INSTALL] = {"install", "cycles"},
	[METRIC_POPULATE] = {"populate", "cycles"},
	[METRIC_POPULATE_EXTENTS] = {"populate_extents", "extents"},
	[METRIC_TEARDOWN] = {"teardown", "cycles"},
	[METRIC_TEARDOWN_PAGES] = {"teardown_pages", "pages"},
	[METRIC_SCRUB] = {"scrub", "cycles"},
	[METRIC_SCRUB_PAGES] = {"scrub_pages", "pages"},
	[METRIC_DOMCTL_RETRY] = {"domctl_retry", "retries"},
	[METRIC_SPAN] = {"span", "cycles"},
	[METRIC_SPAN_RUNS] = {"span_runs", "runs"},
};

const char *metric_name(enum metric_id id)
{
	return kinds[id].name;
}

static struct metric *add_metric(struct metrics *m, enum metric_id id, uint64_t key,
				 const struct metric_label *labels, unsigned int nr_labels)
{
	struct metric *metric;

	if (!m->metrics)
		m->metrics = calloc(METRICS_MAX, sizeof(*m->metrics));
	if (!m->metrics || m->nr == METRICS_MAX)
		return NULL;
	metric = &m->metrics[m->nr];
	metric->hist = hist_new();
	if (!metric->hist)
		return NULL;
	m->nr++;
	metric->id = id;
	metric->key = key;
	metric->name = kinds[id].name;
	metric->unit = kinds[id].unit;
	memcpy(metric->labels, labels, nr_labels * sizeof(*labels));
	return metric;
}

struct metric *metrics_get(struct metrics *m, enum metric_id id, uint64_t key,
			   const struct metric_label *labels, unsigned int nr_labels)
{
	uint64_t hash = (key ^ (uint64_t)id << 59) * 0x9e3779b97f4a7c15ull;
	unsigned int slot = (unsigned int)(hash >> 32) % SLOTS;
	struct metric *metric;

	for (; m->slots[slot]; slot = (slot + 1) % SLOTS) {
		metric = &m->metrics[m->slots[slot] - 1];
		if (metric->key == key && metric->id == id)
			return metric;
	}
	metric = add_metric(m, id, key, labels, nr_labels);
	if (metric)
		m->slots[slot] = (uint16_t)m->nr;
	return metric;
}

static int by_key(const void *left, const void *right)
{
	const struct metric *a = left, *b = right;

	if (a->id != b->id)
		return (a->id > b->id) - (a->id < b->id);
	return (a->key > b->key) - (a->key < b->key);
}

void metrics_sort(struct metrics *m)
{
	if (m->nr)
		qsort(m->metrics, m->nr, sizeof(*m->metrics), by_key);
}

/* Sorted: keys say what labels say. */
const struct metric *metrics_find(const struct metrics *m, const struct metric *like)
{
	return m->nr ? bsearch(like, m->metrics, m->nr, sizeof(*m->metrics), by_key) : NULL;
}

void metrics_free(struct metrics *m)
{
	for (unsigned int i = 0; i < m->nr; i++)
		free(m->metrics[i].hist);
	free(m->metrics);
}
