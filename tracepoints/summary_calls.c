// SPDX-License-Identifier: GPL-2.0-only
#include "tracepoints/summary_calls.h"

#include <errno.h>
#include <string.h>

#include "tracepoints/catalog.h"
#include "tracepoints/sections.h"

/* An entry for each of at most 64 nodes and one for the host, doubled. */
#define ENTRIES_MAX 130
#define SATURATED "cycles beyond 32 bits: counted as 4294967295"
/* Of tracks with more keys than this, such as virtual CPUs, all make one row. */
#define SPAN_KEYS_MAX 64

static int record(struct calls *calls, enum metric_id id, uint64_t key, uint64_t value,
		  const struct metric_label *labels, unsigned int nr_labels)
{
	struct metric *metric = metrics_get(calls->metrics, id, key, labels, nr_labels);

	if (!metric)
		return calls->metrics->nr == METRICS_MAX ? 0 : -ENOMEM;
	hist_record(metric->hist, value);
	return 0;
}

static const char *error_name(uint32_t error)
{
	const char *name = error && error < 4096 ? strerrorname_np((int)error) : NULL;

	return error ? name : "0";
}

static const char *saturated(uint32_t cycles)
{
	return cycles == UINT32_MAX ? SATURATED : NULL;
}

static int add_claim_install(struct calls *calls, const struct trc_claim_install *r,
			     const char **what)
{
	const char *kind = catalog_value_name("kind", r->kind), *error = error_name(r->error);
	/* A set that is too big is refused: its size says no more than that. */
	uint32_t entries = r->entries < ENTRIES_MAX ? r->entries : ENTRIES_MAX;
	struct metric_label labels[] = {
		{"kind", kind, 0}, {"entries", NULL, entries}, {"error", error, 0}};

	if (!kind || !error) {
		*what = "unknown kind or error: not counted";
		return 0;
	}
	*what = saturated(r->cycles);
	return record(calls, METRIC_INSTALL,
		      (uint64_t)r->kind << 48 | (uint64_t)entries << 32 | r->error, r->cycles,
		      labels, 3);
}

static int add_populate_physmap(struct calls *calls, const struct trc_populate_physmap *r,
				const char **what)
{
	struct metric_label label = {"order", NULL, r->order};
	int ret;

	if (r->order > SECTION_ORDER_MAX)
		*what = "order out of range: not counted";
	else if (r->done > r->asked)
		*what = "more extents done than asked: not counted";
	if (*what)
		return 0;
	*what = saturated(r->cycles);
	ret = record(calls, METRIC_POPULATE, r->order, r->cycles, &label, 1);
	return ret ? ret : record(calls, METRIC_POPULATE_EXTENTS, r->order, r->done, &label, 1);
}

static int add_domctl_retry(struct calls *calls, const struct trc_domctl_retry *r,
			    const char **what)
{
	struct metric_label label = {"domctl", NULL, r->op};

	(void)what;
	return record(calls, METRIC_DOMCTL_RETRY, r->op, 1, &label, 1);
}

static int add_domain_teardown(struct calls *calls, const struct trc_domain_teardown *r,
			       const char **what)
{
	const char *error = error_name(r->error);
	struct metric_label label = {"error", error, 0};
	int ret;

	if (!error) {
		*what = "unknown error: not counted";
		return 0;
	}
	*what = saturated(r->cycles);
	ret = record(calls, METRIC_TEARDOWN, r->error, r->cycles, &label, 1);
	return ret ? ret : record(calls, METRIC_TEARDOWN_PAGES, r->error, r->pages, &label, 1);
}

static int add_scrub_run(struct calls *calls, const struct trc_scrub_run *r, const char **what)
{
	struct metric_label label = {"node", NULL, r->node};
	int ret;

	if (r->node >= HEAP_NODE_NONE) {
		*what = "node out of range: not counted";
		return 0;
	}
	*what = saturated(r->cycles);
	ret = record(calls, METRIC_SCRUB, r->node, r->cycles, &label, 1);
	return ret ? ret : record(calls, METRIC_SCRUB_PAGES, r->node, r->pages, &label, 1);
}

#define ADD(name)                                                                                  \
	case TRC_##name: {                                                                         \
		struct trc_##name record_words;                                                    \
		memcpy(&record_words, item->words, sizeof(record_words));                                \
		return add_##name(calls, &record_words, what);                                     \
	}

int calls_add(struct calls *calls, const struct trace_item *item, const char **what)
{
	switch (item->event) {
		ADD(claim_install)
		ADD(populate_physmap)
		ADD(domctl_retry)
		ADD(domain_teardown)
		ADD(scrub_run)
	default:
		return 0;
	}
}

int calls_add_span(struct calls *calls, const struct pair_span *span)
{
	const struct pair *pair = span->pair;
	bool by_key = pair->track == PAIR_ON_DOMAIN && pair->key.name && span->key < SPAN_KEYS_MAX;
	struct metric_label labels[] = {
		{"pair", pair->name, 0},
		{"outcome", pair_outcome_name(span->outcome), 0},
		{pair->key.name, NULL, span->key},
	};
	uint64_t key = (uint64_t)(pair - pairs) << 48 | (uint64_t)span->outcome << 40 |
		       (by_key ? span->key + 1 : 0);
	int ret = record(calls, METRIC_SPAN, key, span->end - span->begin, labels, by_key ? 3 : 2);

	if (!ret && pair->shape == PAIR_RUNS)
		ret = record(calls, METRIC_SPAN_RUNS, key, span->runs, labels, by_key ? 3 : 2);
	return ret;
}
