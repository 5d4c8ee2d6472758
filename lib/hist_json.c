// SPDX-License-Identifier: GPL-2.0-only
#include "lib/hist_json.h"

/* What exceeds it comes from damaged time stamps. */
json_t *json_count(uint64_t value)
{
	return json_integer(value > INT64_MAX ? INT64_MAX : (json_int_t)value);
}

static json_t *hist_json(const struct hist *h)
{
	json_t *array = json_array();
	unsigned int i;

	for (i = hist_first(h); i <= hist_last(h); i++)
		if (h->buckets[i])
			json_array_append_new(array, json_pack("[o, o]", json_count(hist_lower(i)),
							       json_count(h->buckets[i])));
	return array;
}

void hist_set_json(json_t *object, const struct hist *h)
{
	json_object_set_new(object, "count", json_count(h->count));
	json_object_set_new(object, "sum", json_count(h->sum));
	json_object_set_new(object, "min", json_count(h->count ? h->min : 0));
	json_object_set_new(object, "p50", json_count(hist_quantile(h, 500)));
	json_object_set_new(object, "p90", json_count(hist_quantile(h, 900)));
	json_object_set_new(object, "p99", json_count(hist_quantile(h, 990)));
	json_object_set_new(object, "p999", json_count(hist_quantile(h, 999)));
	json_object_set_new(object, "p9999", json_count(hist_quantile_ppm(h, 999900)));
	json_object_set_new(object, "max", json_count(h->max));
	json_object_set_new(object, "hist", hist_json(h));
}
