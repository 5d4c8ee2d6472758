// SPDX-License-Identifier: GPL-2.0-only
#include "results/result.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "results/hyperfine.h"
#include "results/reader.h"

static int get_count(struct reader *r, const json_t *object, const char *key, uint64_t max,
		     uint64_t *out)
{
	const json_t *value = json_object_get(object, key);

	if (!value)
		return reader_fail(r, key, "missing");
	if (!json_is_integer(value))
		return reader_fail(r, key, "not an integer");
	/* A run that counted nothing did not run. */
	if (json_integer_value(value) < 1 || (uint64_t)json_integer_value(value) > max)
		return reader_fail(r, key, "%lld is outside 1 … %llu", json_integer_value(value),
				   (unsigned long long)max);
	*out = (uint64_t)json_integer_value(value);
	return 0;
}

static int get_kind(struct reader *r, const json_t *object, enum result_kind *out)
{
	const json_t *equal = json_object_get(object, "bit_equal");
	const char *text;
	int ret = reader_string(r, object, "kind", true, &text);

	if (ret)
		return ret;
	if (equal && !json_is_boolean(equal) && !json_is_null(equal))
		return reader_fail(r, "bit_equal", "neither true nor false nor null");
	if (!strcmp(text, "exact"))
		*out = KIND_EXACT;
	else if (!strcmp(text, "noisy"))
		*out = KIND_NOISY;
	else
		return reader_fail(r, "kind", "'%s' is neither exact nor noisy", text);
	if (*out == KIND_EXACT && json_is_false(equal))
		return reader_fail(r, "kind", "exact, but bit_equal is false");
	return 0;
}

/* Samples are integers, and min_sample is their minimum. */
static int check_samples(struct reader *r, const json_t *object, struct result_case *test)
{
	const json_t *samples = json_object_get(object, "samples");
	uint64_t least = UINT64_MAX;
	const json_t *value;
	size_t i;

	if (!samples)
		return reader_fail(r, "samples", "missing");
	if (!json_is_array(samples) || !json_array_size(samples))
		return reader_fail(r, "samples", "not an array of integers");
	test->nr_samples = json_array_size(samples);
	json_array_foreach(samples, i, value) {
		if (!json_is_integer(value) || json_integer_value(value) < 1)
			return reader_fail(r, "samples", "[%zu] is not a positive integer", i);
		if ((uint64_t)json_integer_value(value) < least)
			least = (uint64_t)json_integer_value(value);
	}
	if (least != test->min_sample)
		return reader_fail(r, "min_sample", "%llu, but the least sample is %llu",
				   (unsigned long long)test->min_sample, (unsigned long long)least);
	return 0;
}

static int check_value(struct reader *r, const json_t *object, const struct result_case *test)
{
	const json_t *value = json_object_get(object, "value");
	double expected = (double)test->min_sample / (double)test->ops;

	if (!value)
		return reader_fail(r, "value", "missing");
	if (!json_is_number(value))
		return reader_fail(r, "value", "not a number");
	if (fabs(json_number_value(value) - expected) > 1e-6 * expected)
		return reader_fail(r, "value", "%g, but min_sample / ops is %g",
				   json_number_value(value), expected);
	return 0;
}

static int read_measured(struct reader *r, struct result_case *test)
{
	const json_t *object = test->details;
	int ret = get_kind(r, object, &test->kind);

	if (!ret)
		ret = reader_string(r, object, "unit", true, &test->unit);
	if (!ret && test->kind == KIND_EXACT && strcmp(test->unit, "instructions"))
		ret = reader_fail(r, "unit", "exact data count instructions, not '%s'", test->unit);
	if (!ret)
		ret = reader_string(r, object, "per", true, &test->per);
	if (!ret)
		ret = get_count(r, object, "min_sample", RESULT_MAX_SAMPLE, &test->min_sample);
	if (!ret)
		ret = get_count(r, object, "ops", RESULT_MAX_OPS, &test->ops);
	if (!ret)
		ret = check_samples(r, object, test);
	if (!ret)
		ret = shares_read(r, object, &test->shares);
	return ret ? ret : check_value(r, object, test);
}

static int read_case(struct reader *r, size_t index, const json_t *entry, struct result_case *test)
{
	const json_t *failed = json_object_get(entry, "error_occurred");
	int ret;

	snprintf(r->where, sizeof(r->where), "benchmarks[%zu]", index);
	if (!json_is_object(entry))
		return reader_fail(r, "", "not an object");
	ret = reader_string(r, entry, "name", true, &test->name);
	if (ret)
		return ret;
	snprintf(r->where, sizeof(r->where), "benchmarks[%zu] (%.200s)", index, test->name);
	if (failed && !json_is_boolean(failed))
		return reader_fail(r, "error_occurred", "neither true nor false");
	if (json_is_true(failed)) {
		ret = reader_string(r, entry, "error_message", true, &test->skipped);
		if (ret)
			return ret;
	}
	test->details = json_object_get(entry, "claimperf");
	if (!test->details)
		return test->skipped ? 0 : reader_fail(r, "claimperf", "missing");
	if (!json_is_object(test->details))
		return reader_fail(r, "claimperf", "not an object");
	test->failed = test->skipped && json_is_false(json_object_get(test->details, "skipped"));
	ret = reader_string(r, test->details, "reference", false, &test->reference);
	if (!ret)
		ret = reader_string(r, test->details, "raw", false, &test->raw);
	if (ret || test->skipped)
		return ret;
	return read_measured(r, test);
}

static int compare_names(const void *a, const void *b)
{
	const struct result_case *const *left = a, *const *right = b;

	return strcmp((*left)->name, (*right)->name);
}

static int check_duplicates(struct reader *r, const struct result *result)
{
	const struct result_case **sorted;
	size_t i;
	int ret = 0;

	sorted = calloc(result->nr_cases + 1, sizeof(struct result_case *));
	if (!sorted)
		return -ENOMEM;
	for (i = 0; i < result->nr_cases; i++)
		sorted[i] = &result->cases[i];
	qsort(sorted, result->nr_cases, sizeof(struct result_case *), compare_names);
	for (i = 1; i < result->nr_cases && !ret; i++)
		if (!strcmp(sorted[i - 1]->name, sorted[i]->name))
			ret = reader_fail(r, sorted[i]->name, "this name appears twice");
	free(sorted);
	return ret;
}

static int read_cases(struct reader *r, struct result *result)
{
	const json_t *entries = json_object_get(result->root, "benchmarks");
	const json_t *entry;
	size_t i;
	int ret;

	if (!json_is_array(entries))
		return reader_fail(r, "benchmarks", entries ? "not an array" : "missing");
	result->nr_cases = json_array_size(entries);
	if (!result->nr_cases)
		return reader_fail(r, "benchmarks", "no case in it");
	result->cases = calloc(result->nr_cases, sizeof(*result->cases));
	if (!result->cases)
		return -ENOMEM;
	json_array_foreach(entries, i, entry) {
		ret = read_case(r, i, entry, &result->cases[i]);
		if (ret)
			return ret;
	}
	strcpy(r->where, result->hyperfine ? "results" : "benchmarks");
	return check_duplicates(r, result);
}

static int read_fingerprint(struct reader *r, struct result *result)
{
	const json_t *context = json_object_get(result->root, "context");

	*r->where = '\0';
	if (!context && result->hyperfine)
		return 0;
	if (!json_is_object(context))
		return reader_fail(r, "context", context ? "not an object" : "missing");
	result->fingerprint = json_object_get(context, "claimperf");
	if (!json_is_object(result->fingerprint))
		return reader_fail(r, "context.claimperf",
				   result->fingerprint ? "not an object" : "missing");
	return 0;
}

static int convert_hyperfine(struct reader *r, struct result *result)
{
	json_t *converted;
	int ret = hyperfine_convert(r, result->root, &converted);

	if (ret)
		return ret;
	json_decref(result->root);
	result->root = converted;
	result->hyperfine = true;
	return 0;
}

static int read_root(struct reader *r, struct result *result)
{
	int ret = 0;

	if (!json_is_object(result->root))
		return reader_fail(r, "", "not a JSON object");
	if (hyperfine_recognize(result->root))
		ret = convert_hyperfine(r, result);
	if (!ret)
		ret = read_fingerprint(r, result);
	return ret ? ret : read_cases(r, result);
}

int result_read(const char *path, struct result **out, char error[RESULT_ERROR_SIZE])
{
	struct reader r = {.path = path, .error = error};
	struct result *result = calloc(1, sizeof(*result));
	int ret = -ENOMEM;

	*out = NULL;
	snprintf(error, RESULT_ERROR_SIZE, "%s: out of memory", path);
	if (!result)
		return ret;
	result->path = strdup(path);
	if (result->path)
		ret = reader_load(&r, &result->root);
	if (!ret)
		ret = read_root(&r, result);
	if (ret) {
		result_free(result);
		return ret;
	}
	*out = result;
	return 0;
}

void result_free(struct result *result)
{
	if (!result)
		return;
	json_decref(result->root);
	free(result->cases);
	free(result->path);
	free(result);
}

const struct result_case *result_find(const struct result *result, const char *name)
{
	size_t i;

	for (i = 0; i < result->nr_cases; i++)
		if (!strcmp(result->cases[i].name, name))
			return &result->cases[i];
	return NULL;
}

bool result_unproven(const struct result_case *test)
{
	const char *proof = json_string_value(json_object_get(test->details, "proof"));

	return !test->skipped && proof && !strcmp(proof, "none");
}

size_t result_count_unproven(const struct result *result)
{
	size_t i, n = 0;

	for (i = 0; i < result->nr_cases; i++)
		n += result_unproven(&result->cases[i]);
	return n;
}

char *result_raw_path(const struct result *result, const struct result_case *test, const char *file)
{
	const char *slash = strrchr(result->path, '/');
	int folder = slash ? (int)(slash - result->path + 1) : 0;
	char *path;

	if (!test->raw)
		return NULL;
	if (asprintf(&path, "%.*s%s/%s", folder, result->path, test->raw, file) < 0)
		return NULL;
	return path;
}

static int compare_samples(const void *a, const void *b)
{
	const uint64_t *left = a, *right = b;

	return (*left > *right) - (*left < *right);
}

int result_median(const struct result_case *test, double *out)
{
	const json_t *samples = json_object_get(test->details, "samples"), *value;
	uint64_t *sorted = calloc(test->nr_samples, sizeof(*sorted));
	size_t i, n = test->nr_samples;

	if (!sorted)
		return -ENOMEM;
	json_array_foreach(samples, i, value) sorted[i] = (uint64_t)json_integer_value(value);
	qsort(sorted, n, sizeof(*sorted), compare_samples);
	*out = ((double)sorted[(n - 1) / 2] + (double)sorted[n / 2]) / 2 / (double)test->ops;
	free(sorted);
	return 0;
}
