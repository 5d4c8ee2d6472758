// SPDX-License-Identifier: GPL-2.0-only
#include "results/case_time.h"

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

/* real_time is the least sample in nanoseconds: it gives the length of a tick. */
double case_ns(const struct result *result, const struct result_case *test, unsigned int permille)
{
	const json_t *entry, *time;
	double least;

	if (!test || test->skipped)
		return 0;
	entry = json_array_get(json_object_get(result->root, "benchmarks"),
			       (size_t)(test - result->cases));
	time = strcmp(test->unit, "tsc") ? json_object_get(test->details, "time") : test->details;
	least = json_number_value(json_object_get(time, "min_sample"));
	if (least <= 0)
		return 0;
	return quantile(json_object_get(time, "samples"), permille) / least *
	       json_number_value(json_object_get(entry, "real_time"));
}
