// SPDX-License-Identifier: GPL-2.0-only
/* claimperf trace plot: pictures of one trace. */
#include <argp.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "lib/msg.h"
#include "lib/options.h"
#include "plots/child.h"
#include "plots/folders.h"
#include "plots/ridges.h"
#include "plots/trace_data.h"
#include "plots/trace_pictures.h"

struct options {
	const char *file;
	const char *out;
	char *root, *build;
	json_t *summary, *timeline;
};

static const struct argp_option option_table[] = {
	{"out", 'o', "DIR", 0, "Folder of the pictures, made when it is not there", 0},
	{0},
};

static const char doc[] =
	"Draw a trace: holds.svg (how long locks were held, by site and order), heatmap.svg (how "
	"long heap_lock "
	"was held, over time) and pages.svg (free and claimed pages of each node, over time)."
	"\vWhat the trace has no records for is not drawn, and told. The paths of the pictures are "
	"printed. "
	"Times are TSC cycles.\n\n"
	"Exit status: 0 fine, 2 not a trace file, or no gnuplot.\n\n"
	"Example:\n"
	"  claimperf trace plot trace.xen --out pictures\n";

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;

	switch (key) {
	case 'o': o->out = arg; return 0;
	case ARGP_KEY_ARG:
		option_file(state, arg, &o->file);
		return 0;
	case ARGP_KEY_END:
		if (!o->file || !o->out)
			argp_error(state, "a FILE and --out DIR are needed");
		return 0;
	default: return ARGP_ERR_UNKNOWN;
	}
}

static json_t *read_json(const struct options *o, const char *command, const char *option)
{
	char *why = NULL;
	json_t *json = trace_read_json(o->build, command, option, o->file, &why);

	if (!json)
		die(EXIT_USAGE, "%s", why ? why : o->file);
	return json;
}

static void begin(const struct options *o, struct plot *plot, const char *script,
		  unsigned int height)
{
	const char *name = strrchr(o->file, '/');
	char text[160];

	plot_begin(plot, o->root, script, TRACE_PICTURE_WIDTH, height);
	snprintf(text, sizeof(text), "%.80s: %lld records, %lld lost, %lld CPUs",
		 name ? name + 1 : o->file,
		 json_integer_value(json_object_get(o->summary, "records")),
		 json_integer_value(json_object_get(o->summary, "lost")),
		 json_integer_value(json_object_get(o->summary, "cpus")));
	plot_set(plot, "caption1", text);
	plot_set(
		plot, "caption2",
		"A cycle is one of the time stamp counter; in the lab's exact mode an instruction");
	plot_set(plot, "caption3", "");
}

static void end(const struct options *o, struct plot *plot, const char *name, const char *heading)
{
	char path[PATH_MAX], *svg = NULL;
	size_t size;
	FILE *out = open_memstream(&svg, &size);

	if (!out)
		die(EXIT_USAGE, "out of memory");
	plot_set(plot, "heading", heading);
	plot_end(plot, out, heading);
	if (fclose(out))
		die(EXIT_USAGE, "out of memory");
	snprintf(path, sizeof(path), "%s/%s", o->out, name);
	out = fopen(path, "w");
	if (!out || (fwrite(svg, 1, size, out) != size) | fclose(out))
		die(EXIT_USAGE, "%s: %s", path, strerror(errno));
	free(svg);
	puts(path);
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

static void draw_holds(const struct options *o)
{
	struct ridges ridges = {0};
	struct plot plot;

	collect_holds(o->summary, "hold", "", &ridges);
	collect_holds(o->summary, "page_alloc_hold", "page_alloc: ", &ridges);
	if (ridges.nr) {
		begin(o, &plot, RIDGES_SCRIPT, ridges_height(&ridges));
		ridges_draw(&plot, &ridges, false);
		plot_set(&plot, "subtitle",
			 "By site and order. Each row scaled to its highest bar");
		plot_set(&plot, "axis", "cycles held");
		end(o, &plot, "holds.svg", "Locks held");
	} else {
		msg("%s: no section of a lock: no holds.svg", o->file);
	}
	ridges_free(&ridges);
}

static void draw_heatmap(const struct options *o)
{
	struct plot plot;

	if (!heatmap_has_data(o->timeline)) {
		msg("%s: no section of heap_lock: no heatmap.svg", o->file);
		return;
	}
	begin(o, &plot, HEATMAP_SCRIPT, HEATMAP_HEIGHT);
	heatmap_draw(&plot, o->timeline);
	plot_set(&plot, "subtitle",
		 "Sections that ended in each moment, by how long they held the lock");
	end(o, &plot, "heatmap.svg", "heap_lock held, over time");
}

static void draw_pages(const struct options *o)
{
	unsigned int height = pages_height(o->timeline);
	struct plot plot;

	if (!height) {
		msg("%s: nothing changed free or claimed pages: no pages.svg", o->file);
		return;
	}
	begin(o, &plot, PAGES_SCRIPT, height);
	pages_draw(&plot, o->timeline);
	end(o, &plot, "pages.svg", "Free and claimed pages, over time");
}

int main(int argc, char **argv)
{
	static const struct argp argp = {option_table, parse_option, "FILE", doc, NULL, NULL, NULL};
	struct options o = {0};
	static char name[] = "claimperf trace plot";
	char bins[24];

	msg_call_us(argv, name);
	argp_err_exit_status = EXIT_USAGE;
	argp_parse(&argp, argc, argv, 0, NULL, &o);
	find_folders(&o.root, &o.build);
	o.summary = read_json(&o, "summary", "--json");
	o.timeline = read_json(&o, "timeline", trace_choose_bins(o.summary, bins));
	if (mkdir(o.out, 0777) && errno != EEXIST)
		die(EXIT_USAGE, "%s: %s", o.out, strerror(errno));
	draw_holds(&o);
	draw_heatmap(&o);
	draw_pages(&o);
	json_decref(o.summary);
	json_decref(o.timeline);
	free(o.root);
	free(o.build);
	return fflush(stdout) ? EXIT_USAGE : 0;
}
