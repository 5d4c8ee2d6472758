// SPDX-License-Identifier: GPL-2.0-only
#include "bench/harness.h"

#include <stdio.h>
#include <string.h>

#define FAMILY "calibrate/"

json_t *harness_costs(const json_t *benchmarks)
{
	json_t *costs = NULL, *entry;
	size_t i;

	json_array_foreach(benchmarks, i, entry) {
		const char *name = json_string_value(json_object_get(entry, "name"));
		json_t *own = json_object_get(entry, "claimperf");
		json_t *value = json_object_get(own, "value");

		if (!name || strncmp(name, FAMILY, strlen(FAMILY)) || !value)
			continue;
		if (!costs)
			costs = json_pack("{s:O?}", "unit", json_object_get(own, "unit"));
		json_object_set(costs, name + strlen(FAMILY), value);
	}
	return costs;
}

void harness_tell(const json_t *costs, char line[200])
{
	const json_t *value;
	const char *name;
	int used = snprintf(line, 200, "the harness costs, in %s:",
			    json_string_value(json_object_get(costs, "unit")));

	json_object_foreach((json_t *)costs, name, value)
		if (json_is_number(value) && used < 160)
			used += snprintf(line + used, 200 - (size_t)used, " %s %.0f", name,
					 json_number_value(value));
}
