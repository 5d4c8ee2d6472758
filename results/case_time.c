// SPDX-License-Identifier: GPL-2.0-only
#include "results/case_time.h"

#include <stdlib.h>
#include <string.h>

#include "results/stats.h"

/* Ascending, to be freed; NULL when there are none. */
static double *sort_samples(const json_t *samples, size_t *nr)
{
	double *values;
	const json_t *value;
	size_t i;

	*nr = json_array_size(samples);
	values = *nr ? calloc(*nr, sizeof(*values)) : NULL;
	if (!values)
		return NULL;
	json_array_foreach(samples, i, value) values[i] = json_number_value(value);
	stats_sort(values, *nr);
	return values;
}

static double quantile(const json_t *samples, unsigned int permille)
{
	size_t nr, rank;
	double *values = sort_samples(samples, &nr), found = 0;

	if (values) {
		rank = (nr * permille + 999) / 1000;
		found = values[rank ? rank - 1 : 0];
	}
	free(values);
	return found;
}

/* Where the times of a case are: beside its counts, or alone. */
static const json_t *times_of(const struct result_case *test)
{
	return strcmp(test->unit, "tsc") ? json_object_get(test->details, "time") : test->details;
}

/* real_time is the least sample in nanoseconds: it gives the length of a tick, by an operation. 0:
 * not known. */
static double tick_ns(const struct result *result, const struct result_case *test)
{
	const json_t *entry = json_array_get(json_object_get(result->root, "benchmarks"),
					     (size_t)(test - result->cases));
	double least = json_number_value(json_object_get(times_of(test), "min_sample"));

	return least > 0 ? json_number_value(json_object_get(entry, "real_time")) / least : 0;
}

double case_ns(const struct result *result, const struct result_case *test, unsigned int permille)
{
	double tick;

	if (!test || test->skipped)
		return 0;
	tick = tick_ns(result, test);
	return tick > 0 ? quantile(json_object_get(times_of(test), "samples"), permille) * tick : 0;
}

double case_fast_ns(const struct result *result, const struct result_case *test)
{
	double tick = test->skipped ? 0 : tick_ns(result, test), mean = 0;
	size_t nr;
	double *values = tick > 0 ? sort_samples(json_object_get(times_of(test), "samples"), &nr)
				  : NULL;

	if (values)
		mean = stats_mean(values, (nr + 9) / 10);
	free(values);
	return mean * tick;
}

double *case_samples_ns(const struct result *result, const struct result_case *test, size_t *nr)
{
	double tick = tick_ns(result, test) * (double)test->ops, *ns;
	const json_t *from = tick > 0 ? times_of(test) : test->details, *samples, *value;
	size_t i;

	if (tick <= 0 && !strcmp(test->unit, "ns"))
		tick = 1;
	samples = json_object_get(from, "samples");
	*nr = json_array_size(samples);
	ns = tick > 0 && *nr ? calloc(*nr, sizeof(*ns)) : NULL;
	if (!ns)
		return NULL;
	json_array_foreach(samples, i, value) ns[i] = json_number_value(value) * tick;
	return ns;
}
