// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <jansson.h>

#include "tracepoints/print.h"
#include "tracepoints/summary_json.h"

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
						       json_count(notes->notes[i].offset), "cpu",
						       json_count(notes->notes[i].cpu), "lost",
						       json_count(notes->notes[i].lost)));
	return array;
}

static json_t *anomalies_json(const struct summary_notes *notes)
{
	json_t *array = json_array();
	unsigned int i;

	for (i = 0; i < notes->kept; i++)
		json_array_append_new(array, json_pack("{s:o, s:s}", "offset",
						       json_count(notes->notes[i].offset), "what",
						       notes->notes[i].what));
	return array;
}

static json_t *sum_json(const struct summary *s)
{
	return json_pack("{s:o, s:o, s:o, s:o, s:b}", "records", json_count(s->sum.records),
			 "markers", json_count(s->sum.markers), "skipped",
			 json_count(s->sum.skipped), "file", json_count(s->sum.file), "right",
			 !s->sum_error);
}

int print_summary_json(FILE *out, const char *file, const struct summary *s)
{
	json_t *root = json_object(), *metrics = json_array();
	unsigned int i;
	int ret;

	for (i = 0; i < s->metrics.nr; i++)
		json_array_append_new(metrics, summary_metric_json(&s->metrics.metrics[i], s));
	json_object_set_new(root, "file", path_json(file));
	json_object_set_new(root, "bytes", json_count(s->bytes));
	json_object_set_new(root, "skipped_bytes", json_count(s->skipped));
	json_object_set_new(root, "sum", sum_json(s));
	json_object_set_new(root, "cpus", json_count(s->cpus));
	json_object_set_new(root, "cycles", json_count(s->last_tsc - s->first_tsc));
	json_object_set_new(root, "window", json_count(summary_window(s)));
	json_object_set_new(root, "records", json_count(s->records));
	json_object_set_new(root, "heap_records", json_count(s->ours));
	json_object_set_new(root, "lost", json_count(s->lost));
	json_object_set_new(root, "losses", losses_json(&s->losses));
	json_object_set_new(root, "saturated", json_count(s->sections->saturated));
	json_object_set_new(root, "anomaly_count", json_count(s->anomalies.count));
	json_object_set_new(root, "anomalies", anomalies_json(&s->anomalies));
	json_object_set_new(root, "locks", summary_locks_json(s));
	json_object_set_new(root, "waited", summary_waited_json(s));
	json_object_set_new(root, "longest", summary_longest_json(s));
	json_object_set_new(root, "fallback", summary_fallback_json(s));
	json_object_set_new(root, "metrics", metrics);
	ret = json_dumpf(root, out, JSON_COMPACT | JSON_PRESERVE_ORDER | JSON_REAL_PRECISION(9))
		      ? -ENOMEM
		      : 0;
	fputc('\n', out);
	json_decref(root);
	return ret;
}
