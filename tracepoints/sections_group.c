// SPDX-License-Identifier: GPL-2.0-only
/* Sections, grouped by what is asked. */
#include <errno.h>

#include "tracepoints/sections.h"

/* The key and the labels of the group that a cell belongs to. */
static unsigned int describe_group(const struct section_cell *cell, unsigned int by,
				   struct metric_label *labels, uint64_t *key)
{
	/* After the site that it is a case of. */
	unsigned int site = cell->site == SECTION_ALLOC_FAILED ? 1 : 2 * cell->site;
	const char *claim = section_claim_name(cell->claim);
	unsigned int nr = 0;

	*key = 0;
	if (by & SECTION_BY_SITE) {
		labels[nr++] = (struct metric_label){
			"site", section_site_name(cell->lock, cell->site), 0};
		*key |= (uint64_t)site << 32;
	}
	if (by & SECTION_BY_ORDER) {
		labels[nr++] = (struct metric_label){"order", NULL, cell->order};
		*key |= (uint64_t)cell->order << 24;
	}
	if (by & SECTION_BY_NODE) {
		labels[nr++] = (struct metric_label){
			"node", cell->node == HEAP_NODE_NONE ? "none" : NULL, cell->node};
		*key |= (uint64_t)cell->node << 8;
	}
	if (by & SECTION_BY_CLAIM) {
		labels[nr++] = (struct metric_label){"claim", claim, 0};
		/* All mixtures are one. */
		*key |= claim[0] == 'm' ? 7 : cell->claim;
	}
	return nr;
}

uint64_t section_pages(const struct section_cell *cell)
{
	bool moves = cell->lock == SECTION_HEAP
			     ? cell->site == HEAP_SITE_ALLOC || cell->site == HEAP_SITE_FREE
			     : cell->site == HEAP_OWNER_ASSIGN || cell->site == HEAP_OWNER_FREE;

	return moves ? cell->hold.count << cell->order : 0;
}

static int group_cell(const struct section_cell *cell, unsigned int by, struct metrics *metrics)
{
	enum metric_id hold =
		cell->lock == SECTION_HEAP ? METRIC_HOLD : METRIC_PAGE_ALLOC_HOLD;
	struct metric_label labels[METRIC_LABELS];
	uint64_t key;
	unsigned int nr = describe_group(cell, by, labels, &key);
	struct metric *held = metrics_get(metrics, hold, key, labels, nr);
	struct metric *waited = metrics_get(metrics, hold + 1, key, labels, nr);

	if (!held || !waited)
		return -ENOMEM;
	held->pages += section_pages(cell);
	hist_merge(held->hist, &cell->hold);
	hist_merge(waited->hist, &cell->wait);
	return 0;
}

static int add_check(struct metrics *metrics, const char *check, unsigned int cover,
		     unsigned int order, uint64_t times)
{
	const char *verdict = cover == HEAP_COVER_REFUSED ? "refused" : "permitted";
	const char *by = cover == HEAP_COVER_REFUSED ? "none" : catalog_value_name("cover", cover);
	struct metric_label labels[] = {
		{"check", check, 0}, {"verdict", verdict, 0}, {"cover", by, 0}};
	struct metric *metric;

	if (!times || !by)
		return 0;
	metric = metrics_get(metrics, METRIC_CHECK, (uint64_t)(check[0] == 'n') << 8 | cover, labels,
			     3);
	if (!metric)
		return -ENOMEM;
	hist_record_many(metric->hist, 1ull << order, times);
	return 0;
}

/* The host is asked once; then the node served. */
static int group_checks(const struct section_cell *cell, struct metrics *metrics)
{
	int ret = 0;

	if (cell->lock != SECTION_HEAP ||
	    (cell->site != HEAP_SITE_ALLOC && cell->site != SECTION_ALLOC_FAILED))
		return 0;
	for (unsigned int i = 0; i < 16 && !ret; i++) {
		ret = add_check(metrics, "host", i % 4, cell->order, cell->covers[i]);
		if (!ret && cell->node != HEAP_NODE_NONE)
			ret = add_check(metrics, "node", i / 4, cell->order, cell->covers[i]);
	}
	return ret;
}

static int group_redeems(const struct sections *s, struct metrics *metrics)
{
	static const char *const names[] = {"node", "host", "other"};
	struct metric *metric;

	for (unsigned int i = 0; i < 3; i++) {
		struct metric_label label = {"from", names[i], 0};

		if (!s->redeemed[i]->count)
			continue;
		metric = metrics_get(metrics, METRIC_REDEEM, i, &label, 1);
		if (!metric)
			return -ENOMEM;
		hist_merge(metric->hist, s->redeemed[i]);
	}
	return 0;
}

static int group_thinks(const struct sections *s, struct metrics *metrics)
{
	const struct hist *think = s->waits[SECTION_HEAP].think;
	struct metric *metric;

	for (unsigned int site = 0; think && site < WAITS_SITES; site++) {
		struct metric_label label = {"site", section_site_name(SECTION_HEAP, site), 0};

		if (!think[site].count)
			continue;
		metric = metrics_get(metrics, METRIC_THINK, site, &label, 1);
		if (!metric)
			return -ENOMEM;
		hist_merge(metric->hist, &think[site]);
	}
	return 0;
}

int sections_group(const struct sections *s, unsigned int by, struct metrics *metrics)
{
	int ret = 0;

	for (unsigned int i = 0; i < s->nr_cells && !ret; i++) {
		/* Its records were refused. */
		if (!s->cells[i]->hold.count)
			continue;
		ret = group_cell(s->cells[i], by, metrics);
		if (!ret)
			ret = group_checks(s->cells[i], metrics);
	}
	for (unsigned int order = 0; order <= SECTION_ORDER_MAX && !ret; order++)
		ret = add_check(metrics, "node", HEAP_COVER_REFUSED, order,
				s->fallback.refused_orders[order]);
	if (!ret)
		ret = group_redeems(s, metrics);
	return ret ? ret : group_thinks(s, metrics);
}
