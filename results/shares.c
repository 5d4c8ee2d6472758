// SPDX-License-Identifier: GPL-2.0-only
#include "results/shares.h"

#include "results/reader.h"
#include "results/result.h"

static const char *const names[SHARES] = {
	[SHARE_HYPERVISOR] = "hypervisor",
	[SHARE_KERNEL] = "kernel",
	[SHARE_USER] = "user",
};

static int read_parts(struct reader *r, const json_t *object, struct shares *out)
{
	uint64_t whole, sum = 0;
	int ret = reader_number(r, object, "whole", &whole);

	for (size_t i = 0; !ret && i < SHARES; i++) {
		ret = reader_number(r, object, names[i], &out->parts[i]);
		sum += out->parts[i];
	}
	if (!ret && sum != whole)
		ret = reader_fail(r, "shares", "%lu together, not %lu", (unsigned long)sum, (unsigned long)whole);
	return ret;
}

int shares_read(struct reader *r, const json_t *details, struct shares *out)
{
	const json_t *object = json_object_get(details, "shares");
	int ret;

	*out = (struct shares){0};
	if (!object)
		return 0;
	if (!json_is_object(object))
		return reader_fail(r, "shares", "not an object");
	ret = reader_string(r, object, "lacking", false, &out->lacking);
	if (ret || out->lacking)
		return ret;
	ret = reader_string(r, object, "unit", true, &out->unit);
	if (!ret)
		ret = reader_number(r, object, "ops", &out->ops);
	if (!ret && (!out->ops || out->ops > RESULT_MAX_OPS))
		ret = reader_fail(r, "ops", "%lu is outside 1 … 2^31", (unsigned long)out->ops);
	return ret ? ret : read_parts(r, object, out);
}
