// SPDX-License-Identifier: GPL-2.0-only
/* How much of an operation is dom0's, and how much the hypervisor's. */
#include <string.h>

#include "bench/perf.h"

/* As the probe calls them. */
enum { HYPERVISOR, KERNEL, USER, AREAS };

static json_t *lacking(const char *why)
{
	return json_pack("{s:s}", "lacking", why);
}

static json_t *add_up(const char *from, const char *unit, json_int_t ops, json_int_t whole,
		      const json_int_t areas[AREAS])
{
	for (int i = 0; i < AREAS; i++)
		if (areas[i] < 0)
			return lacking("the parts of a call are longer than the call");
	if (areas[HYPERVISOR] + areas[KERNEL] + areas[USER] != whole)
		return lacking("the parts of a call do not add up to it");
	return json_pack("{s:s, s:s, s:I, s:I, s:I, s:I, s:I}", "from", from, "unit", unit, "ops", ops, "whole",
			 whole, "hypervisor", areas[HYPERVISOR], "kernel", areas[KERNEL], "user", areas[USER]);
}

json_t *shares_from_probe(const json_t *window, json_int_t ops)
{
	const json_t *areas = json_object_get(window, "areas"), *whole = json_object_get(window, "instructions");
	json_int_t parts[AREAS];

	if (!json_is_object(areas) || !json_is_integer(whole))
		return lacking("the probe followed no call of this case");
	parts[HYPERVISOR] = json_integer_value(json_object_get(areas, "hypervisor"));
	parts[KERNEL] = json_integer_value(json_object_get(areas, "kernel"));
	parts[USER] = json_integer_value(json_object_get(areas, "user"));
	return add_up("probe", "instructions", ops, json_integer_value(whole), parts);
}

static json_int_t ns_of(const json_t *operation, const char *part)
{
	return json_integer_value(json_object_get(json_object_get(operation, part), "ns"));
}

static const char *why_lacking(const json_t *list)
{
	static const char *const needed[] = {"record", "syscalls", "privcmd", "hypercalls"};
	const char *why = NULL;

	for (size_t i = 0; !why && i < sizeof(needed) / sizeof(*needed); i++)
		why = json_string_value(json_object_get(list, needed[i]));
	return why;
}

json_t *shares_from_perf(const json_t *operation, json_int_t ops, const json_t *list)
{
	json_int_t whole = json_integer_value(json_object_get(operation, "ns")), parts[AREAS];
	const char *why = why_lacking(list);

	if (why)
		return lacking(why);
	if (json_is_true(json_object_get(operation, "lost")))
		return lacking("perf lost events");
	if (!whole)
		return lacking("perf saw no call of this case");
	parts[HYPERVISOR] = ns_of(operation, "hypercalls");
	parts[KERNEL] = ns_of(operation, "syscalls") - parts[HYPERVISOR];
	parts[USER] = whole - ns_of(operation, "syscalls");
	return add_up("perf", "ns", ops, whole, parts);
}
