// SPDX-License-Identifier: GPL-2.0-only
#include "plots/trace_file.h"

#include <string.h>

#include "lib/msg.h"
#include "plots/ridges.h"
#include "plots/trace_data.h"
#include "plots/trace_pictures.h"

static json_t *read_json(const char *build, const char *command, const char *option,
			 const char *path)
{
	char *why = NULL;
	json_t *json = trace_read_json(build, command, option, path, &why);

	if (!json)
		die(EXIT_USAGE, "%s", why ? why : path);
	return json;
}

void trace_file_read(struct trace_file *f, const char *root, const char *build, const char *path)
{
	char bins[24];

	*f = (struct trace_file){.path = path, .root = root};
	f->summary = read_json(build, "summary", "--json", path);
	f->timeline = read_json(build, "timeline", trace_choose_bins(f->summary, bins), path);
}

void trace_file_free(struct trace_file *f)
{
	json_decref(f->summary);
	json_decref(f->timeline);
}

static void begin(const struct trace_file *f, struct plot *plot, const char *script,
		  unsigned int height)
{
	const char *name = strrchr(f->path, '/');
	char text[160];

	plot_begin(plot, f->root, script, TRACE_PICTURE_WIDTH, height);
	snprintf(text, sizeof(text), "%.80s: %lld records, %lld lost, %lld CPUs",
		 name ? name + 1 : f->path,
		 json_integer_value(json_object_get(f->summary, "records")),
		 json_integer_value(json_object_get(f->summary, "lost")),
		 json_integer_value(json_object_get(f->summary, "cpus")));
	plot_set(plot, "caption1", text);
	plot_set(
		plot, "caption2",
		"A cycle is one of the time stamp counter; in the lab's exact mode an instruction");
	plot_set(plot, "caption3", "");
}

/* One row for each site and order: figures of the same are added up, whatever else they are told
 * apart by. */
static void collect_holds(const json_t *summary, const char *metric_name, const char *lock,
			  struct ridges *ridges)
{
	const json_t *metric;
	size_t i;

	json_array_foreach(json_object_get(summary, "metrics"), i, metric)
	{
		const char *site = json_string_value(json_object_get(metric, "site"));
		struct ridge *ridge;
		char name[64];

		if (!metric_is(metric, metric_name) || !site)
			continue;
		snprintf(name, sizeof(name), "%s%s, order %lld", lock, site,
			 json_integer_value(json_object_get(metric, "order")));
		ridge = ridges_get(ridges, name, true);
		if (ridge)
			metric_add(metric, ridge->hist);
	}
}

static bool draw_holds(const struct trace_file *f, struct plot *plot)
{
	struct ridges ridges = {0};
	bool any;

	collect_holds(f->summary, "hold", "", &ridges);
	collect_holds(f->summary, "page_alloc_hold", "page_alloc: ", &ridges);
	any = ridges.nr;
	if (any) {
		begin(f, plot, RIDGES_SCRIPT, ridges_height(&ridges));
		ridges_draw(plot, &ridges, NULL);
		plot_set(plot, "subtitle", "By site and order. Each row scaled to its highest bar");
		plot_set(plot, "axis", "cycles held");
	}
	ridges_free(&ridges);
	return any;
}

static bool draw_heatmap(const struct trace_file *f, struct plot *plot)
{
	if (!heatmap_has_data(f->timeline))
		return false;
	begin(f, plot, HEATMAP_SCRIPT, HEATMAP_HEIGHT);
	heatmap_draw(plot, f->timeline);
	plot_set(plot, "subtitle",
		 "Sections that ended in each moment, by how long they held the lock");
	return true;
}

static bool draw_pages(const struct trace_file *f, struct plot *plot)
{
	unsigned int height = pages_height(f->timeline);

	if (!height)
		return false;
	begin(f, plot, PAGES_SCRIPT, height);
	pages_draw(plot, f->timeline);
	return true;
}

const struct trace_picture trace_pictures[] = {
	{"holds", "Locks held", "no section of a lock", draw_holds},
	{"heatmap", "heap_lock held, over time", "no section of heap_lock", draw_heatmap},
	{"pages", "Free and claimed pages, over time", "nothing changed free or claimed pages",
	 draw_pages},
	{0},
};
