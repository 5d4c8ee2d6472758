// SPDX-License-Identifier: GPL-2.0-only
#include "plots/host_time.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int compare_values(const void *a, const void *b)
{
	const double *left = a, *right = b;

	return (*left > *right) - (*left < *right);
}

static double quantile(const json_t *samples, unsigned int permille)
{
	size_t i, nr = json_array_size(samples), rank = (nr * permille + 999) / 1000;
	double *values = calloc(nr + 1, sizeof(*values)), found = 0;
	const json_t *value;

	if (values && nr) {
		json_array_foreach(samples, i, value) values[i] = json_number_value(value);
		qsort(values, nr, sizeof(*values), compare_values);
		found = values[rank ? rank - 1 : 0];
	}
	free(values);
	return found;
}

/* real_time is the least sample in nanoseconds: it gives the length of a tick, by an operation. 0:
 * not known. */
static double tick_ns(const struct result *result, const struct result_case *test)
{
	const json_t *entry = json_array_get(json_object_get(result->root, "benchmarks"),
					     (size_t)(test - result->cases));
	const json_t *time = json_object_get(test->details, "time");
	double least = json_number_value(json_object_get(time, "min_sample"));

	return least > 0 ? json_number_value(json_object_get(entry, "real_time")) / least : 0;
}

double case_ns(const struct result *result, const struct result_case *test, unsigned int permille)
{
	const json_t *time;
	double tick;

	if (!test || test->skipped)
		return 0;
	time = json_object_get(test->details, "time");
	tick = tick_ns(result, test);
	return tick > 0 ? quantile(json_object_get(time, "samples"), permille) * tick : 0;
}

double *case_samples_ns(const struct result *result, const struct result_case *test, size_t *nr)
{
	double tick = tick_ns(result, test) * (double)test->ops, *ns;
	const json_t *from = test->details, *samples, *value;
	size_t i;

	if (tick > 0)
		from = json_object_get(from, "time");
	else if (!strcmp(test->unit, "ns"))
		tick = 1;
	samples = json_object_get(from, "samples");
	*nr = json_array_size(samples);
	ns = tick > 0 && *nr ? calloc(*nr, sizeof(*ns)) : NULL;
	if (!ns)
		return NULL;
	json_array_foreach(samples, i, value) ns[i] = json_number_value(value) * tick;
	return ns;
}

static double start_value(const struct result *result, const char *key)
{
	const json_t *context = result ? json_object_get(result->root, "context") : NULL;

	return json_number_value(json_object_get(json_object_get(context, "start"), key));
}

double start_seconds(const struct result *result)
{
	return start_value(result, "seconds");
}

double start_kib(const struct result *result)
{
	return start_value(result, "peak_kib");
}

const char *size_text(uint64_t bytes, char text[24])
{
	static const char *const units[] = {"B", "KiB", "MiB", "GiB", "TiB", "PiB"};
	double value = (double)bytes;
	unsigned int unit = 0;

	for (; value >= 1024 && unit + 1 < sizeof(units) / sizeof(units[0]); unit++)
		value /= 1024;
	snprintf(text, 24, "%.4g %s", value, units[unit]);
	return text;
}
