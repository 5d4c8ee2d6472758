// SPDX-License-Identifier: GPL-2.0-only
/* Samples and what is said of them. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "results/history_private.h"
#include "results/reader.h"

static int compare_samples(const void *a, const void *b)
{
	const uint64_t *left = a, *right = b;

	return (*left > *right) - (*left < *right);
}

/* The nearest rank: the least sample that so many percent do not exceed. */
static uint64_t quantile(const uint64_t *sorted, size_t nr, unsigned int percent)
{
	return sorted[(nr * percent + 99) / 100 - 1];
}

static void describe(uint64_t *samples, size_t nr, struct history_figure *figure)
{
	double sum = 0;

	qsort(samples, nr, sizeof(*samples), compare_samples);
	for (size_t i = 0; i < nr; i++)
		sum += (double)samples[i];
	figure->samples = nr;
	figure->least = samples[0];
	figure->p90 = quantile(samples, nr, 90);
	figure->p99 = quantile(samples, nr, 99);
	figure->greatest = samples[nr - 1];
	figure->median = ((double)samples[(nr - 1) / 2] + (double)samples[nr / 2]) / 2;
	figure->mean = sum / (double)nr;
}

static int read_samples(struct reader *r, const json_t *object, struct history_figure *figure)
{
	const json_t *array = json_object_get(object, "samples"), *value;
	size_t i, nr = json_array_size(array);
	uint64_t *samples;
	int ret = 0;

	if (!nr)
		return reader_fail(r, "samples", "no array of integers");
	samples = calloc(nr, sizeof(*samples));
	if (!samples)
		return -ENOMEM;
	json_array_foreach(array, i, value)
	{
		if (!json_is_integer(value) || json_integer_value(value) < 0)
			ret = reader_fail(r, "samples", "[%zu] is no positive integer", i);
		samples[i] = (uint64_t)json_integer_value(value);
	}
	if (!ret)
		describe(samples, nr, figure);
	free(samples);
	return ret;
}

int digest_figure(const struct result *result, const struct result_case *test, unsigned int index,
		  struct history_metric *metric, struct history_figure *figure, char *error)
{
	const json_t *time = json_object_get(test->details, "time");
	struct reader r = {.path = result->path, .error = error};

	snprintf(r.where, sizeof(r.where), "%.200s%s", test->name, index ? ": time" : "");
	*metric = (struct history_metric){test->name, "value", test->unit, test->per};
	*figure = (struct history_figure){.kind = test->kind, .ops = test->ops};
	if (!index)
		return read_samples(&r, test->details, figure);
	if (!time)
		return 1;
	metric->name = "time";
	metric->unit = json_string_value(json_object_get(time, "unit"));
	figure->kind = KIND_NOISY;
	if (!metric->unit)
		return reader_fail(&r, "unit", "no text");
	return read_samples(&r, time, figure);
}
