// SPDX-License-Identifier: GPL-2.0-only
#include "plots/host_start.h"

#include <stdio.h>

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
