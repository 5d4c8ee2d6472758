// SPDX-License-Identifier: GPL-2.0-only
#include "bench/scenario_report.h"

static double ms(const json_t *latency, const char *quantile)
{
	return (double)json_integer_value(json_object_get(latency, quantile)) / 1e6;
}

static long long number(const json_t *object, const char *key)
{
	return json_integer_value(json_object_get(object, key));
}

/* Of three outcomes that are good, a group has one. */
static long long done(const json_t *group)
{
	return number(json_object_get(group, "latency_ns"), "count");
}

static void print_group(FILE *out, const json_t *g)
{
	const json_t *latency = json_object_get(g, "latency_ns");
	const json_t *own = json_object_get(g, "from_start_ns");
	double off = json_real_value(json_object_get(g, "off_node_share"));

	fprintf(out,
		"%-12.12s %-6s %-15s %6lld %6lld %7lld %7lld %8.2f%% %8.2f %8.2f %8.2f %8.2f %8.2f "
		"%8.2f\n",
		json_string_value(json_object_get(g, "name")),
		json_string_value(json_object_get(g, "role")),
		json_string_value(json_object_get(g, "claim")), number(g, "builds"), done(g),
		number(json_object_get(g, "outcomes"), "refused"), number(g, "tries"), 100 * off,
		ms(latency, "p50"), ms(latency, "p90"), ms(latency, "p99"), ms(latency, "max"),
		ms(own, "p50"), ms(own, "max"));
}

void report_print(FILE *out, const json_t *report)
{
	const json_t *dom0 = json_object_get(report, "dom0"), *entry;
	size_t i;

	fprintf(out, "%s: %s, %lld nodes, %lld builders, seed %lld\n",
		json_string_value(json_object_get(report, "scenario")),
		json_string_value(json_object_get(report, "dialect")), number(report, "nodes"),
		number(report, "builders"), number(report, "seed"));
	fprintf(out, "%95s\n%-12s %-6s %-15s %6s %6s %7s %7s %9s %8s %8s %8s %8s %8s %8s\n",
		"ms from planned start", "group", "role", "claim", "builds", "done", "refused",
		"tries", "off node", "p50", "p90", "p99", "max", "own p50", "own max");
	json_array_foreach(json_object_get(report, "groups"), i, entry) print_group(out, entry);
	fprintf(out, "in %.3f s; dom0: %.3f s user, %.3f s system with the hypercalls\n",
		json_real_value(json_object_get(dom0, "seconds")),
		json_real_value(json_object_get(dom0, "user_seconds")),
		json_real_value(json_object_get(dom0, "system_seconds")));
	json_array_foreach(json_object_get(report, "failures"), i, entry)
		fprintf(out, "FAILED: %s\n", json_string_value(entry));
}
