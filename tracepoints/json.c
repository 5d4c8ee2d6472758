// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <jansson.h>

#include "tracepoints/print.h"

/* jansson has signed numbers only. What exceeds them comes from damaged time stamps. */
static json_t *number(uint64_t value)
{
	return json_integer(value > INT64_MAX ? INT64_MAX : (json_int_t)value);
}

static json_t *path_json(const char *path)
{
	json_t *string = json_string(path);

	return string ? string : json_string("(not UTF-8)");
}

static json_t *losses_json(const struct summary_notes *notes)
{
	json_t *array = json_array();
	unsigned int i;

	for (i = 0; i < notes->kept; i++)
		json_array_append_new(array, json_pack("{s:o, s:o, s:o}", "offset",
						       number(notes->notes[i].offset), "cpu",
						       number(notes->notes[i].cpu), "lost",
						       number(notes->notes[i].lost)));
	return array;
}

static json_t *anomalies_json(const struct summary_notes *notes)
{
	json_t *array = json_array();
	unsigned int i;

	for (i = 0; i < notes->kept; i++)
		json_array_append_new(array, json_pack("{s:o, s:s}", "offset",
						       number(notes->notes[i].offset), "what",
						       notes->notes[i].what));
	return array;
}

static json_t *hist_json(const struct hist *h)
{
	json_t *array = json_array();
	unsigned int i;

	for (i = 0; i < HIST_BUCKETS; i++)
		if (h->buckets[i])
			json_array_append_new(array, json_pack("[o, o]", number(hist_lower(i)),
							       number(h->buckets[i])));
	return array;
}

static json_t *metric_json(const struct summary_metric *m, bool lossy)
{
	json_t *object = json_pack("{s:s}", "metric", m->name);
	const struct summary_label *label;
	const struct hist *h = m->hist;
	unsigned int i;

	for (i = 0; i < SUMMARY_LABELS && m->labels[i].key; i++) {
		label = &m->labels[i];
		json_object_set_new(object, label->key,
				    label->text ? json_string(label->text) : number(label->number));
	}
	json_object_set_new(object, "unit", json_string(m->unit));
	json_object_set_new(object, "lossy", json_boolean(lossy));
	json_object_set_new(object, "count", number(h->count));
	json_object_set_new(object, "sum", number(h->sum));
	json_object_set_new(object, "min", number(h->min));
	json_object_set_new(object, "p50", number(hist_quantile(h, 500)));
	json_object_set_new(object, "p90", number(hist_quantile(h, 900)));
	json_object_set_new(object, "p99", number(hist_quantile(h, 990)));
	json_object_set_new(object, "max", number(h->max));
	json_object_set_new(object, "hist", hist_json(h));
	return object;
}

int print_summary_json(FILE *out, const char *file, const struct summary *s)
{
	json_t *root = json_object(), *metrics = json_array();
	unsigned int i;
	int ret;

	for (i = 0; i < s->nr_metrics; i++)
		json_array_append_new(metrics, metric_json(&s->metrics[i], s->lost));
	json_object_set_new(root, "file", path_json(file));
	json_object_set_new(root, "bytes", number(s->bytes));
	json_object_set_new(root, "skipped_bytes", number(s->skipped));
	json_object_set_new(root, "cpus", number(s->cpus));
	json_object_set_new(root, "cycles", number(s->last_tsc - s->first_tsc));
	json_object_set_new(root, "records", number(s->records));
	json_object_set_new(root, "heap_records", number(s->ours));
	json_object_set_new(root, "lost", number(s->lost));
	json_object_set_new(root, "losses", losses_json(&s->losses));
	json_object_set_new(root, "anomaly_count", number(s->anomalies.count));
	json_object_set_new(root, "anomalies", anomalies_json(&s->anomalies));
	json_object_set_new(root, "metrics", metrics);
	ret = json_dumpf(root, out, JSON_COMPACT | JSON_PRESERVE_ORDER) ? -ENOMEM : 0;
	fputc('\n', out);
	json_decref(root);
	return ret;
}
