// SPDX-License-Identifier: GPL-2.0-only
#include "bench/scenario_report.h"
#include "bench/scenario_target.h"

static void print_ms(FILE *out, const json_t *latency, const char *quantile)
{
	if (json_is_null(latency))
		fprintf(out, " %8s", "-");
	else
		fprintf(out, " %8.2f",
			(double)json_integer_value(json_object_get(latency, quantile)) / 1e6);
}

static long long number(const json_t *object, const char *key)
{
	return json_integer_value(json_object_get(object, key));
}

static long long done(const json_t *group)
{
	const json_t *outcomes = json_object_get(group, "outcomes");

	return number(group, "builds") - number(outcomes, "refused") - number(outcomes, "failed") -
	       number(outcomes, "none");
}

static void print_group(FILE *out, int width, const json_t *g)
{
	static const char *const quantiles[] = {"p50", "p90", "p99", "max"};
	const json_t *latency = json_object_get(g, "latency_ns");
	const json_t *own = json_object_get(g, "from_start_ns");
	double off = json_real_value(json_object_get(g, "off_node_share"));

	fprintf(out, "%-*s %-6s %-15s %6lld %6lld %7lld %7lld %8.2f%%", width,
		json_string_value(json_object_get(g, "name")),
		json_string_value(json_object_get(g, "role")),
		json_string_value(json_object_get(g, "claim")), number(g, "builds"), done(g),
		number(json_object_get(g, "outcomes"), "refused"), number(g, "tries"), 100 * off);
	for (size_t i = 0; i < sizeof(quantiles) / sizeof(*quantiles); i++)
		print_ms(out, latency, quantiles[i]);
	print_ms(out, own, "p50");
	print_ms(out, own, "max");
	fputc('\n', out);
}

static int longest_name(const json_t *groups)
{
	const json_t *entry;
	size_t i, longest = 12;

	json_array_foreach(groups, i, entry)
	{
		size_t length = json_string_length(json_object_get(entry, "name"));

		longest = length > longest ? length : longest;
	}
	return (int)longest;
}

void report_print(FILE *out, const json_t *report)
{
	const json_t *dom0 = json_object_get(report, "dom0"), *entry;
	const json_t *groups = json_object_get(report, "groups");
	int width = longest_name(groups);
	size_t i;

	fprintf(out, "%s: %s, %lld nodes, %lld builders, seed %lld\n",
		json_string_value(json_object_get(report, "scenario")),
		json_string_value(json_object_get(report, "dialect")), number(report, "nodes"),
		number(report, "builders"), number(report, "seed"));
	fprintf(out, "%*s\n%-*s %-6s %-15s %6s %6s %7s %7s %9s %8s %8s %8s %8s %8s %8s\n",
		width + 83, "ms from planned start", width, "group", "role", "claim", "builds",
		"done", "refused", "tries", "off node", "p50", "p90", "p99", "max", "own p50",
		"own max");
	json_array_foreach(groups, i, entry) print_group(out, width, entry);
	fprintf(out, "in %.3f s; CPU time of %s: %.3f s user, %.3f s system\n",
		json_real_value(json_object_get(dom0, "seconds")), target_cpu_time,
		json_real_value(json_object_get(dom0, "user_seconds")),
		json_real_value(json_object_get(dom0, "system_seconds")));
	json_array_foreach(json_object_get(report, "failures"), i, entry)
		fprintf(out, "FAILED: %s\n", json_string_value(entry));
}
