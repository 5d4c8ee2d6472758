// SPDX-License-Identifier: GPL-2.0-only
#include "plots/trace_pictures.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lib/hist.h"
#include "lib/msg.h"

/* As the timeline merges the buckets of lib/hist.h; four of an octave are drawn. */
#define MERGED 16
#define BUCKETS (HIST_BUCKETS / MERGED)
#define BINS_MAX 1000
#define NODES_SHOWN 12
#define STRIP_HEIGHT 34
#define MARGINS 170

static double number(const json_t *object, const char *key)
{
	return json_number_value(json_object_get(object, key));
}

static unsigned int bins_of(const json_t *timeline)
{
	double bins = number(timeline, "bins");

	return bins >= 1 && bins <= BINS_MAX ? (unsigned int)bins : 0;
}

const char *trace_choose_bins(const json_t *summary, char option[24])
{
	double bins = number(summary, "records") / 20;

	snprintf(option, 24, "--bins=%.0f", bins < 25 ? 25 : bins > 200 ? 200 : floor(bins));
	return option;
}

bool heatmap_has_data(const json_t *timeline)
{
	return bins_of(timeline) && json_array_size(json_object_get(timeline, "holds"));
}

/* Where a value is on the axis of buckets; those are as wide as they are drawn high. */
static double place_of(double value)
{
	unsigned int i;

	for (i = 0; i + 1 < BUCKETS && (double)hist_lower((i + 1) * MERGED) <= value;)
		i++;
	return i - 0.5 +
	       (value - (double)hist_lower(i * MERGED)) /
		       ((double)hist_upper(i * MERGED + MERGED - 1) + 1 -
			(double)hist_lower(i * MERGED));
}

struct heat {
	uint64_t counts[BINS_MAX][BUCKETS];
	unsigned int low, high;
	uint64_t most;
};

static void read_heat(const json_t *timeline, struct heat *heat)
{
	const json_t *cell;
	size_t i;

	heat->low = BUCKETS - 1;
	json_array_foreach(json_object_get(timeline, "holds"), i, cell)
	{
		json_int_t bin = json_integer_value(json_array_get(cell, 0));
		double lower = json_number_value(json_array_get(cell, 1));
		unsigned int bucket = (unsigned int)floor(place_of(lower) + 0.5);

		if (bin < 0 || bin >= (json_int_t)bins_of(timeline) || bucket >= BUCKETS)
			continue;
		heat->counts[bin][bucket] += (uint64_t)json_integer_value(json_array_get(cell, 3));
		if (heat->counts[bin][bucket] > heat->most)
			heat->most = heat->counts[bin][bucket];
		heat->low = bucket < heat->low ? bucket : heat->low;
		heat->high = bucket > heat->high ? bucket : heat->high;
	}
	/* A single row would fill the picture. */
	heat->low -= heat->low > 2 ? 2 : heat->low;
	heat->high += heat->high + 2 < BUCKETS ? 2 : 0;
}

/* 1, 2 and 5 times the powers of ten; of many decades the powers alone. */
static void set_places(struct plot *plot, const struct heat *heat)
{
	static const unsigned int steps[] = {1, 2, 5};
	static const char *const suffixes[] = {"", "k", "M", "G"};
	unsigned int i, digits, nr_steps = heat->high - heat->low > 40 ? 1 : 3;
	char text[1024] = "";
	size_t used = 0;
	double place;

	for (digits = 0; digits < 10; digits++)
		for (i = 0; i < nr_steps; i++) {
			place = place_of(steps[i] * pow(10, digits));
			if (place < heat->low - 0.5 || place > heat->high + 0.5 ||
			    used + 64 > sizeof(text))
				continue;
			used += (size_t)snprintf(text + used, sizeof(text) - used,
						 "%s\"%.0f%s\" %.3f", used ? ", " : "",
						 steps[i] * pow(10, digits % 3),
						 suffixes[digits / 3], place);
		}
	plot_set(plot, "places", text);
}

static const struct {
	double cycles;
	const char *axis;
} units[] = {
	{1e9, "billion cycles since the start of the trace"},
	{1e6, "million cycles since the start of the trace"},
	{1e3, "thousand cycles since the start of the trace"},
	{1, "cycles since the start of the trace"},
};

/* The largest unit of which the trace has some. */
static size_t choose_unit(const json_t *timeline)
{
	double cycles = number(timeline, "bin_cycles") * bins_of(timeline);
	size_t i = 0;

	while (units[i].cycles > 1 && cycles < 2 * units[i].cycles)
		i++;
	return i;
}

/* The width of a bin on the axis. */
static double bin_width(const json_t *timeline)
{
	return number(timeline, "bin_cycles") / units[choose_unit(timeline)].cycles;
}

static void set_time(struct plot *plot, const json_t *timeline)
{
	plot_set(plot, "axis_x", units[choose_unit(timeline)].axis);
	plot_set_number(plot, "low_x", 0);
	plot_set_number(plot, "high_x", bin_width(timeline) * bins_of(timeline));
}

void heatmap_draw(struct plot *plot, const json_t *timeline)
{
	struct heat *heat = calloc(1, sizeof(*heat));
	double width = bin_width(timeline);
	unsigned int bin, bucket;

	if (!heat)
		die(EXIT_USAGE, "out of memory");
	read_heat(timeline, heat);
	for (bin = 0; bin < bins_of(timeline); bin++)
		for (bucket = heat->low; bucket <= heat->high; bucket++) {
			fprintf(plot->data, "%.17g\t%u\t", (bin + 0.5) * width, bucket);
			if (heat->counts[bin][bucket])
				fprintf(plot->data, "%llu\n",
					(unsigned long long)heat->counts[bin][bucket]);
			else
				fputs("NaN\n", plot->data);
		}
	set_time(plot, timeline);
	set_places(plot, heat);
	plot_set(plot, "axis_y", "cycles held");
	plot_set_number(plot, "low", heat->low);
	plot_set_number(plot, "high", heat->high);
	plot_set_number(plot, "most", (double)heat->most);
	free(heat);
}

struct range {
	double low, high;
};

static struct range range_of(const json_t *pages)
{
	struct range range = {0, 0};
	const json_t *value;
	size_t i;

	json_array_foreach(pages, i, value)
	{
		double v = json_number_value(value);

		if (!i || v < range.low)
			range.low = v;
		if (!i || v > range.high)
			range.high = v;
	}
	return range;
}

static bool is_host(const json_t *node)
{
	return json_is_null(json_object_get(node, "node"));
}

static bool is_eventful(const json_t *node)
{
	struct range free_pages = range_of(json_object_get(node, "free"));
	struct range claimed = range_of(json_object_get(node, "claimed"));

	return free_pages.low != free_pages.high || claimed.low != 0 || claimed.high != 0;
}

/* The host, and the first nodes with something to show. */
static unsigned int choose_nodes(const json_t *timeline, const json_t *shown[NODES_SHOWN + 1],
				 unsigned int *left_out)
{
	const json_t *node;
	unsigned int count = 0;
	size_t i;

	*left_out = 0;
	json_array_foreach(json_object_get(timeline, "nodes"), i,
			   node) if (is_host(node) && is_eventful(node)) shown[count++] = node;
	json_array_foreach(json_object_get(timeline, "nodes"), i, node)
	{
		if (is_host(node) || !is_eventful(node))
			continue;
		if (count > NODES_SHOWN)
			++*left_out;
		else
			shown[count++] = node;
	}
	return bins_of(timeline) ? count : 0;
}

unsigned int pages_height(const json_t *timeline)
{
	const json_t *shown[NODES_SHOWN + 1];
	unsigned int left_out, count = choose_nodes(timeline, shown, &left_out);

	return count ? MARGINS + 2 * STRIP_HEIGHT * count : 0;
}

static double scale(double value, unsigned int row, struct range range)
{
	double span = range.high - range.low;

	return row - (span > 0 ? 0.8 * (value - range.low) / span : 0);
}

/* A step wherever the value changes, scaled to the strip. */
static void put_strip(struct plot *plot, const json_t *timeline, const json_t *pages,
		      unsigned int row, struct range range, double base)
{
	double width = bin_width(timeline), last = NAN, v;
	size_t i, count = json_array_size(pages);

	base = scale(base, row, range);
	for (i = 0; i <= count; i++) {
		v = i < count ? json_number_value(json_array_get(pages, i)) : NAN;
		if (v == last)
			continue;
		if (i)
			fprintf(plot->data, "%.17g\t%.4f\t%.4f\n", (double)i * width, base,
				scale(last, row, range));
		if (i < count)
			fprintf(plot->data, "%.17g\t%.4f\t%.4f\n", (double)i * width, base,
				scale(v, row, range));
		last = v;
	}
	fputs("\n\n", plot->data);
}

static bool is_known(const json_t *node)
{
	return json_is_true(json_object_get(node, "known"));
}

/*
 * Claims are shown from 0 on. Where only changes are known there were at least as many as went away
 * later.
 */
static struct range claimed_range(const json_t *node)
{
	struct range range = range_of(json_object_get(node, "claimed"));

	if (is_known(node) && range.low > 0)
		range.low = 0;
	return range;
}

static void put_node(struct plot *plot, const json_t *timeline, const json_t *node,
		     unsigned int row)
{
	struct range range = range_of(json_object_get(node, "free"));
	char variable[16];

	snprintf(variable, sizeof(variable), "style%u", row + 1);
	plot_set_number(plot, variable, 0);
	put_strip(plot, timeline, json_object_get(node, "free"), row, range, range.low);
	range = claimed_range(node);
	snprintf(variable, sizeof(variable), "style%u", row + 2);
	plot_set_number(plot, variable, 1);
	put_strip(plot, timeline, json_object_get(node, "claimed"), row + 1, range, range.low);
}

static void put_name(struct plot *plot, unsigned int row, const char *name, double low, double high,
		     const char *what)
{
	fprintf(plot->data, "%u\t%s\t%.0f", row, name, low);
	if (low != high)
		fprintf(plot->data, " … %.0f", high);
	fprintf(plot->data, "%s\n", what);
}

static void put_names(struct plot *plot, const json_t *node, unsigned int row)
{
	struct range free_pages = range_of(json_object_get(node, "free"));
	struct range claimed = range_of(json_object_get(node, "claimed"));
	double shift = is_known(node) ? 0 : claimed.low;
	char name[24] = "host  free";

	if (!is_host(node))
		snprintf(name, sizeof(name), "node %.0f  free", number(node, "node"));
	put_name(plot, row, name, free_pages.low, free_pages.high,
		 is_known(node) ? "" : " since start");
	put_name(plot, row + 1, "claimed", claimed.low - shift, claimed.high - shift,
		 is_known(node) ? "" : " or more");
}

void pages_draw(struct plot *plot, const json_t *timeline)
{
	const json_t *shown[NODES_SHOWN + 1];
	unsigned int i, left_out, count = choose_nodes(timeline, shown, &left_out);
	char subtitle[160];

	for (i = 0; i < count; i++)
		put_node(plot, timeline, shown[i], 2 * i);
	for (i = 0; i < count; i++)
		put_names(plot, shown[i], 2 * i);
	snprintf(subtitle, sizeof(subtitle),
		 "Least free, most claimed pages of each moment; a scale for each row");
	if (left_out)
		snprintf(subtitle + strlen(subtitle), sizeof(subtitle) - strlen(subtitle),
			 "; %u more nodes", left_out);
	plot_set(plot, "subtitle", subtitle);
	set_time(plot, timeline);
	plot_set_number(plot, "rows", 2 * count);
	plot_set_number(plot, "left", 96);
	plot_set_number(plot, "right", 140);
}
