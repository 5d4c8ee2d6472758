// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>

#include "results/paired_print.h"
#include "tracepoints/diff_print.h"
#include "tracepoints/summary_json.h"

static json_t *side_json(const struct diff_side *side)
{
	json_t *array = json_array();

	for (unsigned int i = 0; i < side->nr; i++) {
		const struct summary *s = side->summaries[i];
		json_t *path = json_string(side->paths[i]);

		json_array_append_new(array, json_pack("{s:o, s:o, s:o, s:o}", "file",
						       path ? path : json_string("(not UTF-8)"),
						       "records", json_count(s->records), "lost",
						       json_count(s->lost), "anomaly_count",
						       json_count(s->anomalies.count)));
	}
	return array;
}

static json_t *metric_json(const struct metric *m)
{
	json_t *object;

	if (!m)
		return json_null();
	object = json_object();
	hist_set_json(object, m->hist);
	return object;
}

static void add_exact(json_t *object, const struct verdict *v, const char *key)
{
	char text[FRACTION_TEXT_SIZE];

	json_object_set_new(object, key,
			    json_pack("{s:s, s:s, s:o}", "verdict", verdict_name(v->size), "delta",
				      fraction_format(v->delta, true, text), "percent",
				      paired_real(v->percent)));
}

static void add_paired(json_t *object, const struct diff_row *row)
{
	if (!row->paired.nr)
		return;
	json_object_set_new(object, "primary", json_boolean(row->primary));
	paired_set_json(object, &row->paired);
}

/* Apart from the row's own keys: one of them is called verdict. */
static json_t *labels_json(const struct metric *m)
{
	json_t *object = json_object();

	for (unsigned int i = 0; i < METRIC_LABELS && m->labels[i].key; i++)
		json_object_set_new(object, m->labels[i].key,
				    m->labels[i].text ? json_string(m->labels[i].text)
						      : json_count(m->labels[i].number));
	return object;
}

static json_t *row_json(const struct diff *d, const struct diff_row *row)
{
	const struct metric *m = row->after ? row->after : row->before;
	json_t *object = json_pack("{s:s}", "metric", m->name);
	char text[DIFF_VERDICT_TEXT];

	json_object_set_new(object, "labels", labels_json(m));
	json_object_set_new(object, "unit", json_string(m->unit));
	json_object_set_new(object, "before", metric_json(row->before));
	json_object_set_new(object, "after", metric_json(row->after));
	json_object_set_new(object, "gated", json_boolean(!row->why));
	if (row->why)
		json_object_set_new(object, "why", json_string(row->why));
	json_object_set_new(object, "regressed", json_boolean(row->regressed));
	if (!row->judged)
		return object;
	json_object_set_new(object, "verdict", json_string(diff_verdict(d, row, text)));
	json_object_set_new(object, "effect", paired_real(row->effect));
	if (d->kind == DIFF_EXACT) {
		add_exact(object, &row->count, "count_verdict");
		add_exact(object, &row->mean, "mean_verdict");
	} else if (d->kind == DIFF_PAIRED) {
		add_paired(object, row);
	}
	return object;
}

static json_t *differences_json(const struct fingerprint_fields *fields)
{
	json_t *list = json_array();

	for (size_t i = 0; i < fields->nr; i++) {
		const struct fingerprint_field *field = &fields->fields[i];

		if (field->differs)
			json_array_append_new(list, json_pack("{s:s, s:s?, s:s?, s:b}", "field",
							      field->path, "before", field->before,
							      "after", field->after, "may_differ",
							      field->may_differ));
	}
	return list;
}

int print_diff_json(FILE *out, const struct diff *d, const struct fingerprint_fields *fields)
{
	json_t *rows = json_array(), *root;
	int ret;

	for (unsigned int i = 0; i < d->nr_rows; i++)
		json_array_append_new(rows, row_json(d, &d->rows[i]));
	root = json_pack("{s:s, s:o, s:o, s:b, s:o, s:i, s:f, s:o}", "kind", diff_kind_name(d->kind),
			 "before", side_json(d->before), "after", side_json(d->after),
			 "fingerprints_known", fields->before_known && fields->after_known,
			 "differences", differences_json(fields), "regressed", (int)d->regressed,
			 "delta", d->delta, "rows", rows);
	if (!root)
		return -ENOMEM;
	ret = json_dumpf(root, out, JSON_COMPACT | JSON_PRESERVE_ORDER | JSON_REAL_PRECISION(9))
		      ? -ENOMEM
		      : 0;
	fputc('\n', out);
	json_decref(root);
	return ret;
}
