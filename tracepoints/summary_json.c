// SPDX-License-Identifier: GPL-2.0-only
#include "tracepoints/summary_json.h"

/* jansson has signed numbers only. What exceeds them comes from damaged time stamps. */
json_t *json_count(uint64_t value)
{
	return json_integer(value > INT64_MAX ? INT64_MAX : (json_int_t)value);
}

static json_t *hist_json(const struct hist *h)
{
	json_t *array = json_array();
	unsigned int i;

	for (i = hist_first(h); i <= hist_last(h); i++)
		if (h->buckets[i])
			json_array_append_new(array, json_pack("[o, o]", json_count(hist_lower(i)),
							       json_count(h->buckets[i])));
	return array;
}

void hist_set_json(json_t *object, const struct hist *h)
{
	json_object_set_new(object, "count", json_count(h->count));
	json_object_set_new(object, "sum", json_count(h->sum));
	json_object_set_new(object, "min", json_count(h->count ? h->min : 0));
	json_object_set_new(object, "p50", json_count(hist_quantile(h, 500)));
	json_object_set_new(object, "p90", json_count(hist_quantile(h, 900)));
	json_object_set_new(object, "p99", json_count(hist_quantile(h, 990)));
	json_object_set_new(object, "p999", json_count(hist_quantile(h, 999)));
	json_object_set_new(object, "p9999", json_count(hist_quantile_ppm(h, 999900)));
	json_object_set_new(object, "max", json_count(h->max));
	json_object_set_new(object, "hist", hist_json(h));
}

static double share_of(uint64_t part, uint64_t whole)
{
	return whole ? (double)part / (double)whole : 0;
}

json_t *summary_metric_json(const struct metric *m, const struct summary *s)
{
	json_t *object = json_pack("{s:s}", "metric", m->name);
	const struct metric_label *label;
	unsigned int i;

	for (i = 0; i < METRIC_LABELS && m->labels[i].key; i++) {
		label = &m->labels[i];
		json_object_set_new(object, label->key,
				    label->text ? json_string(label->text) : json_count(label->number));
	}
	json_object_set_new(object, "unit", json_string(m->unit));
	json_object_set_new(object, "lossy", json_boolean(s->lost));
	if (metric_is_hold(m)) {
		json_object_set_new(object, "pages", json_count(m->pages));
		json_object_set_new(object, "share",
				    json_real(share_of(m->hist->sum, summary_window(s))));
	}
	hist_set_json(object, m->hist);
	return object;
}
