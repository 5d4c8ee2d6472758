// SPDX-License-Identifier: GPL-2.0-only
#include "results/hyperfine.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>

#include "results/result.h"

#define NS_PER_SECOND 1e9

bool hyperfine_recognize(const json_t *root)
{
	return json_object_get(root, "results") && !json_object_get(root, "benchmarks");
}

/* *failed is the first run that did not end well, or the number of runs. */
static int check_exit_codes(struct reader *r, const json_t *entry, size_t runs, size_t *failed)
{
	const json_t *codes = json_object_get(entry, "exit_codes"), *code;
	size_t i;

	*failed = runs;
	/* Old versions do not tell them, and stop where one is not 0. */
	if (!codes)
		return 0;
	if (!json_is_array(codes) || json_array_size(codes) != runs)
		return reader_fail(r, "exit_codes", "not an array of as many as times");
	json_array_foreach(codes, i, code) {
		/* null: a signal ended it */
		if (!json_is_integer(code) && !json_is_null(code))
			return reader_fail(r, "exit_codes", "[%zu] is not an integer", i);
		if (*failed == runs && (json_is_null(code) || json_integer_value(code)))
			*failed = i;
	}
	return 0;
}

static int add_sample(struct reader *r, json_t *samples, size_t i, const json_t *time)
{
	double ns = json_number_value(time) * NS_PER_SECOND;

	if (!json_is_number(time))
		return reader_fail(r, "times", "[%zu] is not a number", i);
	if (ns < 1 || ns > (double)RESULT_MAX_SAMPLE)
		return reader_fail(r, "times", "[%zu], %g s, is outside 1 ns … 104 days", i,
				   json_number_value(time));
	return json_array_append_new(samples, json_integer(llround(ns))) ? -ENOMEM : 0;
}

/* The mean is written from the same times: another one means that somebody changed one of them. */
static int check_mean(struct reader *r, const json_t *entry, double sum, size_t runs)
{
	const json_t *mean = json_object_get(entry, "mean");
	double expected = sum / (double)runs;

	if (!json_is_number(mean))
		return reader_fail(r, "mean", mean ? "not a number" : "missing");
	if (fabs(json_number_value(mean) - expected) > 1e-6 * expected)
		return reader_fail(r, "mean", "%g, but that of times is %g",
				   json_number_value(mean), expected);
	return 0;
}

static int convert_times(struct reader *r, const json_t *entry, json_t *samples, json_int_t *least)
{
	const json_t *times = json_object_get(entry, "times"), *time;
	double sum = 0;
	size_t i;
	int ret;

	if (!times)
		return reader_fail(r, "times", "missing");
	if (!json_is_array(times) || !json_array_size(times))
		return reader_fail(r, "times", "not an array of numbers");
	*least = RESULT_MAX_SAMPLE;
	json_array_foreach(times, i, time) {
		ret = add_sample(r, samples, i, time);
		if (ret)
			return ret;
		sum += json_number_value(time);
		if (json_integer_value(json_array_get(samples, i)) < *least)
			*least = json_integer_value(json_array_get(samples, i));
	}
	return check_mean(r, entry, sum, i);
}

static json_t *pack_failed(const char *name, const json_t *entry, size_t run)
{
	const json_t *code = json_array_get(json_object_get(entry, "exit_codes"), run);
	char why[80];

	if (json_is_null(code))
		snprintf(why, sizeof(why), "a signal ended run %zu", run);
	else
		snprintf(why, sizeof(why), "run %zu ended with exit code %lld", run,
			 (long long)json_integer_value(code));
	return json_pack("{s:s, s:b, s:s, s:{s:b}}", "name", name, "error_occurred", 1,
			 "error_message", why, "claimperf", "skipped", 0);
}

static int convert_entry(struct reader *r, size_t index, const json_t *entry, json_t *benchmarks)
{
	json_t *samples = json_array(), *converted = NULL;
	json_int_t least = 0;
	const char *name;
	size_t runs, failed;
	int ret;

	snprintf(r->where, sizeof(r->where), "results[%zu]", index);
	ret = json_is_object(entry) ? 0 : reader_fail(r, "", "not an object");
	if (!ret)
		ret = reader_string(r, entry, "command", true, &name);
	if (!ret) {
		snprintf(r->where, sizeof(r->where), "results[%zu] (%.200s)", index, name);
		ret = convert_times(r, entry, samples, &least);
	}
	runs = json_array_size(samples);
	if (!ret)
		ret = check_exit_codes(r, entry, runs, &failed);
	if (!ret && failed < runs)
		converted = pack_failed(name, entry, failed);
	else if (!ret)
		converted = json_pack("{s:s, s:{s:s, s:s, s:s, s:I, s:I, s:f, s:O}}", "name", name,
				      "claimperf", "kind", "noisy", "unit", "ns", "per", "run",
				      "min_sample", least, "ops", (json_int_t)1, "value",
				      (double)least, "samples", samples);
	json_decref(samples);
	if (!ret && json_array_append_new(benchmarks, converted))
		ret = -ENOMEM;
	return ret;
}

int hyperfine_convert(struct reader *r, const json_t *root, json_t **out)
{
	const json_t *entries = json_object_get(root, "results"), *entry;
	json_t *context = json_object_get(root, "context"), *benchmarks;
	size_t i;
	int ret = 0;

	if (!json_is_array(entries) || !json_array_size(entries))
		return reader_fail(r, "results", "%s",
				   json_is_array(entries) ? "no command in it" : "not an array");
	benchmarks = json_array();
	json_array_foreach(entries, i, entry) {
		ret = convert_entry(r, i, entry, benchmarks);
		if (ret)
			break;
	}
	if (!ret) {
		*out = json_pack("{s:O, s:O*}", "benchmarks", benchmarks, "context", context);
		ret = *out ? 0 : -ENOMEM;
	}
	json_decref(benchmarks);
	return ret;
}
