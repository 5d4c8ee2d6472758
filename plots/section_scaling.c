// SPDX-License-Identifier: GPL-2.0-only
/* The host target by number of nodes and by memory: what an extent costs, and the start of the heap. */
#include <stdlib.h>
#include <string.h>

#include "plots/host_start.h"
#include "plots/html.h"
#include "plots/scaling.h"
#include "results/case_time.h"

/* What many nodes may cost where the node asked for has memory. */
#define MAX_RATIO 1.3

static const char *const families[] = {
	"populate/order:0/node:exact",
	"populate/order:0/node:any",
	"populate/order:9/node:exact",
	"populate/order:9/node:any",
};

#define NR_FAMILIES (sizeof(families) / sizeof(families[0]))

static const char *const claims[] = {"none", "node", "set"};

#define NR_CLAIMS (sizeof(claims) / sizeof(claims[0]))

const struct result *point_side(const struct scale_point *point, bool after)
{
	return after ? point->after : point->before;
}

const struct result_case *point_case(const struct scale_point *point, bool after,
				     const char *family, const char *claim)
{
	const struct result *result = point_side(point, after);
	const struct result_case *test;
	char name[96];

	snprintf(name, sizeof(name), "%s/claim:%s", family, claim);
	test = result ? result_find(result, name) : NULL;
	return test && !test->skipped ? test : NULL;
}

uint64_t heap_bytes(const struct result *result)
{
	const json_t *print = result ? result->fingerprint : NULL;
	const json_t *host = json_object_get(print, "host");

	return (uint64_t)json_integer_value(json_object_get(print, "nodes")) *
	       (uint64_t)json_integer_value(json_object_get(host, "node_memory"));
}

/* A cost at few nodes and at many. */
struct growth {
	double few, many;
};

static double ratio(struct growth g)
{
	return g.few > 0 ? g.many / g.few : 0;
}

static void put_growth(FILE *out, struct growth g, int places)
{
	char text[32];

	if (g.few <= 0 || g.many <= 0) {
		fputs("<td class=\"n\">–</td><td class=\"n\">–</td><td class=\"n\">–</td>", out);
		return;
	}
	snprintf(text, sizeof(text), "%.*f", places, g.few);
	html_cell(out, "n", text);
	snprintf(text, sizeof(text), "%.*f", places, g.many);
	html_cell(out, "n", text);
	snprintf(text, sizeof(text), "%.3f", ratio(g));
	html_cell(out, "n", text);
}

static struct growth grow_instructions(const struct result_case *few, const struct result_case *many)
{
	return (struct growth){(double)few->min_sample / (double)few->ops,
			       (double)many->min_sample / (double)many->ops};
}

static void keep_worst(struct growth g, double *worst)
{
	if (ratio(g) > *worst)
		*worst = ratio(g);
}

struct ratios {
	double instructions, ns; /* the worst of all cases */
	size_t nr;
};

/* A row of the table, when the case was measured at both ends. */
static void put_ratio(FILE *out, const struct scale *scale, const char *family, const char *claim,
		      bool after, struct ratios *worst)
{
	const struct scale_point *first = &scale->points[0], *last = &scale->points[scale->nr - 1];
	const struct result_case *few = point_case(first, after, family, claim);
	const struct result_case *many = point_case(last, after, family, claim);
	struct growth counts, ns;

	if (!few || !many)
		return;
	counts = grow_instructions(few, many);
	ns = (struct growth){case_ns(point_side(first, after), few, 500),
			     case_ns(point_side(last, after), many, 500)};
	fputs("<tr><th scope=\"row\">", out);
	html_name(out, many->name);
	fprintf(out, "</th><td>%s</td>", after ? AFTER_VARIANT : BEFORE_VARIANT);
	put_growth(out, counts, 3);
	put_growth(out, ns, 1);
	fputs("</tr>\n", out);
	keep_worst(counts, &worst->instructions);
	keep_worst(ns, &worst->ns);
	worst->nr++;
}

static void put_verdict(FILE *out, const struct scale *scale, const struct ratios *worst)
{
	const char *few = scale->points[0].name, *many = scale->points[scale->nr - 1].name;

	fprintf(out,
		"<p><b>%s against %s node%s.</b> Of %zu cases that ask for a node which has memory, the "
		"worst costs %.3f times the instructions of %s node%s: %s %.1f times. In median time, "
		"which is noisy, the worst ratio is %.2f.</p>\n",
		many, few, strcmp(few, "1") ? "s" : "", worst->nr, worst->instructions, few,
		strcmp(few, "1") ? "s" : "",
		worst->instructions <= MAX_RATIO ? "✓ within" : "✗ more than", MAX_RATIO,
		worst->ns);
}

static void put_ratios(struct report *report, const struct scale *scale)
{
	const char *few = scale->points[0].name, *many = scale->points[scale->nr - 1].name;
	struct ratios worst = {0};
	char *rows = NULL;
	size_t size, family, claim;
	FILE *out = open_memstream(&rows, &size);

	for (family = 0; out && family < NR_FAMILIES; family++)
		for (claim = 0; strstr(families[family], "exact") && claim < NR_CLAIMS; claim++) {
			put_ratio(out, scale, families[family], claims[claim], false, &worst);
			put_ratio(out, scale, families[family], claims[claim], true, &worst);
		}
	if (!out || fclose(out))
		return;
	if (worst.nr) {
		put_verdict(report->out, scale, &worst);
		fprintf(report->out,
			"<div class=\"wide\"><table class=\"small\"><thead><tr><th scope=\"col\">Case</th>"
			"<th scope=\"col\">Hypervisor</th>"
			"<th scope=\"col\" class=\"n\">Instructions, nodes %s</th>"
			"<th scope=\"col\" class=\"n\">%s</th><th scope=\"col\" class=\"n\">ratio</th>"
			"<th scope=\"col\" class=\"n\">ns <small>noisy</small>, nodes %s</th>"
			"<th scope=\"col\" class=\"n\">%s</th><th scope=\"col\" class=\"n\">ratio</th>"
			"</tr></thead><tbody>\n%s</tbody></table></div>\n",
			few, many, few, many, rows);
	}
	free(rows);
}

static void put_start(FILE *out, const struct scaling *scaling, const struct scale_point *point,
		      bool after)
{
	const struct result *result = point_side(point, after);
	char size[24];

	if (start_kib(result) <= 0)
		return;
	fprintf(out, "<tr><td>%s</td><td class=\"n\">%s</td><td class=\"n\">%s</td>",
		after ? AFTER_VARIANT : BEFORE_VARIANT, scaling->memory ? "1" : point->name,
		size_text(heap_bytes(result), size));
	fprintf(out, "<td class=\"n\">%.3f</td><td class=\"n\">%.1f</td></tr>\n",
		start_seconds(result), start_kib(result) / 1024);
}

static void put_starts(FILE *out, const struct scaling *scalings, size_t nr)
{
	size_t i, j;

	fputs("<details class=\"screen\"><summary>Every start of a heap</summary>\n"
	      "<div class=\"wide\"><table class=\"small\"><thead><tr><th scope=\"col\">Hypervisor</th>"
	      "<th scope=\"col\" class=\"n\">Nodes</th><th scope=\"col\" class=\"n\">Memory</th>"
	      "<th scope=\"col\" class=\"n\">Start, s <small>noisy</small></th>"
	      "<th scope=\"col\" class=\"n\">Most memory of the process, MiB</th></tr></thead>"
	      "<tbody>\n",
	      out);
	for (i = 0; i < nr; i++)
		for (j = 0; j < scalings[i].scale->nr; j++) {
			put_start(out, &scalings[i], &scalings[i].scale->points[j], false);
			put_start(out, &scalings[i], &scalings[i].scale->points[j], true);
		}
	fputs("</tbody></table></div></details>\n", out);
}

static void put_longest(FILE *out, const struct scaling *scalings, size_t nr)
{
	double seconds = 0, kib = 0;
	uint64_t largest = 0;
	char size[24];
	size_t i, j, side;

	for (i = 0; i < nr; i++)
		for (j = 0; j < scalings[i].scale->nr; j++)
			for (side = 0; side < 2; side++) {
				const struct result *result =
					point_side(&scalings[i].scale->points[j], side);

				if (start_seconds(result) > seconds)
					seconds = start_seconds(result);
				if (start_kib(result) > kib)
					kib = start_kib(result);
				if (heap_bytes(result) > largest)
					largest = heap_bytes(result);
			}
	fprintf(out,
		"<p><b>Start.</b> With heaps of up to %s, the longest start took %.2f s (%s 10 s) and the "
		"process had at most %.0f MiB (%s 2 GiB).</p>\n",
		size_text(largest, size), seconds, seconds <= 10 ? "✓ within" : "✗ more than",
		kib / 1024, kib <= 2 << 20 ? "✓ within" : "✗ more than");
}

static void put_scaling(struct report *report, const struct scaling *scaling)
{
	size_t i;

	fprintf(report->out, "<h3>By %s</h3>\n",
		scaling->memory ? "memory of one node" : "number of nodes");
	if (!scaling->scale->nr) {
		fprintf(report->out,
			"<p class=\"missing\">host/%s/ has no result: nothing to show.</p>\n",
			scaling->memory ? "size" : "nodes");
		return;
	}
	if (!scaling->memory)
		put_ratios(report, scaling->scale);
	fputs("<div class=\"plots\">\n", report->out);
	for (i = 0; i < NR_FAMILIES; i++)
		plot_scaling_costs(report, scaling, families[i]);
	plot_scaling_start(report, scaling);
	fputs("</div>\n", report->out);
}

void section_scaling(struct report *report)
{
	const struct scaling scalings[] = {
		{&report->host.nodes, false},
		{&report->host.size, true},
	};

	fputs("<section id=\"scaling\"><h2>Scaling, on the host target</h2>\n"
	      "<p>Heaps that no laptop has: the frame table is sparse, and only what a case touches is "
	      "memory. Instructions are exact; times are of this machine and noisy.</p>\n",
	      report->out);
	if (report->host.nodes.nr || report->host.size.nr)
		put_longest(report->out, scalings, 2);
	put_scaling(report, &scalings[0]);
	put_scaling(report, &scalings[1]);
	if (report->host.nodes.nr || report->host.size.nr)
		put_starts(report->out, scalings, 2);
	fputs("</section>\n", report->out);
}
