// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "bench/result.h"
#include "lib/replace.h"

#define PRECISION 15 /* digits that every double keeps */

uint64_t result_min(const struct bench_result *r)
{
	uint64_t min = UINT64_MAX;

	for (size_t i = 0; i < r->count; i++)
		if (r->samples[i] < min)
			min = r->samples[i];
	return min;
}

void result_slug(const char *name, char slug[BENCH_NAME])
{
	snprintf(slug, BENCH_NAME, "%s", name);
	for (char *p = slug; *p; p++)
		if (*p == '/' || *p == ':')
			*p = '_';
}

static json_t *describe_case(const struct bench_case *c, const char *unit)
{
	json_t *own = json_pack("{s:s, s:s, s:s, s:i, s:s}", "unit", unit, "per",
				c->ops > 1 ? "extent" : "call", "group", c->group, "order",
				(int)c->order, "claim", c->claim);

	if (!own)
		return NULL;
	if (!strcmp(c->family->name, "claim")) {
		json_object_del(own, "order");
		if (c->entries)
			json_object_set_new(own, "entries", json_integer(c->entries));
	} else {
		json_object_set_new(own, "node", json_string(bench_where_name(c->where)));
	}
	if (c->reference[0])
		json_object_set_new(own, "reference", json_string(c->reference));
	return own;
}

static json_t *samples_to_json(const struct bench_result *r)
{
	json_t *samples = json_array();

	for (size_t i = 0; samples && i < r->count; i++)
		json_array_append_new(samples, json_integer((json_int_t)r->samples[i]));
	return samples;
}

static void add_measurement(json_t *entry, json_t *own, const struct bench_result *r,
			    const char *unit, uint64_t tsc_khz)
{
	uint64_t min = result_min(r);
	double value = (double)min / r->c->ops;
	double time = value;

	/* The schema wants a time. Instructions have none: readers of "claimperf" know. */
	if (strcmp(unit, UNIT_INSTRUCTIONS) && tsc_khz)
		time = value * 1e6 / (double)tsc_khz;
	json_object_set_new(entry, "iterations",
			    json_integer((json_int_t)(r->count * r->c->ops)));
	json_object_set_new(entry, "real_time", json_real(time));
	json_object_set_new(entry, "cpu_time", json_real(time));
	json_object_set_new(own, "value", json_real(value));
	json_object_set_new(own, "min_sample", json_integer((json_int_t)min));
	json_object_set_new(own, "ops", json_integer(r->c->ops));
	json_object_set_new(own, "samples", samples_to_json(r));
}

void result_fail(json_t *entry, const char *why)
{
	static const char *const measured[] = {"value", "min_sample", "ops", "samples"};
	json_t *own = json_object_get(entry, "claimperf");

	json_object_set_new(entry, "error_occurred", json_true());
	json_object_set_new(entry, "error_message", json_string(why));
	json_object_set_new(entry, "iterations", json_integer(0));
	json_object_set_new(entry, "real_time", json_real(0));
	json_object_set_new(entry, "cpu_time", json_real(0));
	json_object_set_new(own, "skipped", json_false());
	for (size_t i = 0; i < sizeof(measured) / sizeof(*measured); i++)
		json_object_del(own, measured[i]);
}

static const char *why_invalid(const struct bench_result *r)
{
	if (r->c->skip || r->error[0])
		return r->c->skip ? r->c->skip : r->error;
	return r->count || r->proof ? NULL : "not measured";
}

json_t *result_to_json(const struct bench_result *r, size_t family, size_t index,
		       const char *unit, uint64_t tsc_khz)
{
	const char *why = why_invalid(r);
	json_t *own = describe_case(r->c, unit);
	json_t *entry = json_pack("{s:s, s:I, s:I, s:s, s:s, s:i, s:i, s:i}", "name", r->c->name,
				  "family_index", (json_int_t)family, "per_family_instance_index",
				  (json_int_t)index, "run_name", r->c->name, "run_type",
				  "iteration", "repetitions", 1, "repetition_index", 0, "threads",
				  1);

	if (!own || !entry) {
		json_decref(own);
		json_decref(entry);
		return NULL;
	}
	if (r->proof)
		json_object_set(own, "proof", r->proof);
	else if (!why)
		add_measurement(entry, own, r, unit, tsc_khz);
	json_object_set_new(entry, "time_unit", json_string("ns"));
	json_object_set_new(entry, "claimperf", own);
	if (why) {
		result_fail(entry, why);
		json_object_set_new(own, "skipped", json_boolean(r->c->skip != NULL));
	}
	return entry;
}

int result_write(json_t *document, const char *path)
{
	struct replacement r;
	int rc = replace_begin(path, &r);

	if (rc)
		return rc;
	errno = 0;
	if (json_dump_file(document, r.temporary, JSON_INDENT(1) | JSON_REAL_PRECISION(PRECISION)))
		rc = errno ? -errno : -EIO;
	return replace_end(&r, rc);
}
