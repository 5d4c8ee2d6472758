// SPDX-License-Identifier: GPL-2.0-only
#include "tracepoints/summary_json.h"

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
