// SPDX-License-Identifier: GPL-2.0-only
/* claimperf plot: one of the plots of reports and pages, as a file. */
#include <argp.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/msg.h"
#include "lib/options.h"
#include "plots/folders.h"
#include "plots/pictures.h"
#include "plots/plot_history.h"
#include "plots/report.h"
#include "plots/study_page.h"
#include "plots/trace_file.h"
#include "results/history_commands.h"

#define MAX_FILES 2

struct options {
	struct shared_options shared;
	const char *name, *out, *only, *glob;
	const char *files[MAX_FILES];
	size_t nr_files;
	bool has_format, list;
	enum plot_format format;
	char *root, *build;
	struct pictures pictures;
};

/* What a plot is of, and so what its arguments are. */
enum input { OF_RUN, OF_RUN_OR_PAIR, OF_TRACE, OF_STUDY, OF_HISTORY };

static const char *const inputs[] = {"RUN", "RUN | BEFORE.json AFTER.json", "TRACE", "STUDY.json",
				     ""};

static const struct kind {
	const char *name;
	enum input input;
	void (*draw)(struct report *report); /* of runs and pairs */
	const char *doc;
} kinds[];

enum { KEY_OUT = 0x100, KEY_FORMAT, KEY_ONLY, KEY_LIST, KEY_CASE };

static const struct argp_option option_table[] = {
	{"format", KEY_FORMAT, "FORMAT", 0, "svg, png or text (as FILE ends; text without)", 0},
	{"out", KEY_OUT, "FILE", 0, "Where to (stdout)", 0},
	{"only", KEY_ONLY, "TEXT", 0, "The plot with that in its heading, where NAME has several",
	 0},
	{"case", KEY_CASE, "GLOB", 0, "history: only these cases", 0},
	{"list", KEY_LIST, NULL, 0, "List the plots", 0},
	{0},
};

static const char doc[] =
	"Draw one plot of stored results, as SVG, PNG or in the terminal."
	"\vWhat NAME can be, and of what, --list says. RUN is a folder as scripts/measure makes "
	"it. The "
	"same results give the same bytes.\n\n"
	"Exit status: 0 fine, 2 with what is wrong: no such plot, none of it in the results, or "
	"several "
	"of which --only has to choose.\n\n"
	"Examples:\n"
	"  claimperf plot --list\n"
	"  claimperf plot costs results/latest --only 'order:0/node:any on 4' --out costs.svg\n"
	"  claimperf plot before-after before.json after.json --only populate/order:0/node:any\n"
	"  claimperf plot history --case 'populate/order:0/node:any/claim:none' --variant claims\n";

static void draw_before_after(struct report *report)
{
	for (size_t i = 0; i < report->nr_topologies; i++)
		plot_before_after(report, &report->topologies[i]);
}

static void draw_times(struct report *report)
{
	for (size_t i = 0; i < report->nr_topologies && report->files; i++)
		plot_times(report, &report->topologies[i]);
	plot_times(report, &report->host.all);
}

static const struct kind kinds[] = {
	{"before-after", OF_RUN_OR_PAIR, draw_before_after, "both sides of each case"},
	{"latency", OF_RUN_OR_PAIR, draw_times, "histograms and percentiles of times"},
	{"costs", OF_RUN, section_costs, "cost by kind of claim, order and nodes"},
	{"calls", OF_RUN, section_calls, "claim calls, by entries of the set"},
	{"scaling", OF_RUN, section_scaling, "cost by number of nodes, and by memory"},
	{"agreement", OF_RUN, section_host, "lab and host target, case by case"},
	{"contention", OF_RUN, section_contention, "throughput by threads, with the ideal line"},
	{"lock", OF_RUN, section_traces, "times and checks from the traces of a run"},
	{"probe", OF_RUN, section_trace_cost, "what tracing costs"},
	{"holds", OF_TRACE, NULL, "how long locks were held, by site and order"},
	{"heatmap", OF_TRACE, NULL, "how long heap_lock was held, over time"},
	{"pages", OF_TRACE, NULL, "free and claimed pages, over time"},
	{"effects", OF_STUDY, NULL, "effects of a study with their intervals, and A/A"},
	{"history", OF_HISTORY, NULL, "a case over all nights"},
	{0},
};

static void list_kinds(void)
{
	for (const struct kind *k = kinds; k->name; k++)
		printf("%-12s  %-30s  %s\n", k->name, inputs[k->input], k->doc);
}

static const struct kind *find_kind(struct argp_state *state, const char *name)
{
	const struct kind *k = kinds;

	while (k->name && strcmp(k->name, name))
		k++;
	if (!k->name)
		argp_error(state, "no plot '%s'; --list has all", name);
	return k;
}

static const char *const formats[] = {"svg", "png", "text", NULL};

/* As the file ends. */
static enum plot_format format_of(struct argp_state *state, const char *path)
{
	const char *dot = path ? strrchr(path, '.') : NULL;

	if (!path || (dot && !strcmp(dot, ".txt")))
		return PLOT_TEXT;
	if (dot && !strcmp(dot, ".svg"))
		return PLOT_SVG;
	if (dot && !strcmp(dot, ".png"))
		return PLOT_PNG;
	argp_error(state, "--out %s: not .svg, .png or .txt; --format says what it is to be", path);
	return PLOT_TEXT;
}

static void check_options(struct argp_state *state, struct options *o)
{
	const struct kind *k;

	if (o->list)
		return;
	if (!o->name)
		argp_error(state, "a NAME is needed; --list has all");
	k = find_kind(state, o->name);
	if (k->input == OF_HISTORY ? o->nr_files > 0 : !o->nr_files)
		argp_error(state, "%s is of %s", o->name,
			   k->input == OF_HISTORY ? "the history, not of files" : inputs[k->input]);
	if (o->nr_files > 1 && k->input != OF_RUN_OR_PAIR)
		argp_error(state, "%s is of %s, one of it", o->name, inputs[k->input]);
	if (o->glob && k->input != OF_HISTORY)
		argp_error(state, "--case goes with history; --only TEXT chooses by heading");
	if (!o->has_format)
		o->format = format_of(state, o->out);
	if (o->format == PLOT_PNG && !o->out && isatty(STDOUT_FILENO))
		argp_error(state, "a PNG is not for the terminal; --out FILE");
}

static void take_argument(struct argp_state *state, struct options *o, char *arg)
{
	if (!o->name)
		o->name = arg;
	else if (o->nr_files < MAX_FILES)
		o->files[o->nr_files++] = arg;
	else
		argp_error(state, "too many results: '%s'", arg);
}

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;

	switch (key) {
	case KEY_OUT: o->out = arg; return 0;
	case KEY_ONLY: o->only = arg; return 0;
	case KEY_CASE: o->glob = arg; return 0;
	case KEY_LIST: o->list = true; return 0;
	case KEY_FORMAT:
		o->format = option_word(state, "--format", arg, formats);
		o->has_format = true;
		return 0;
	case ARGP_KEY_INIT: state->child_inputs[0] = state->child_inputs[1] = &o->shared; return 0;
	case ARGP_KEY_ARG: take_argument(state, o, arg); return 0;
	case ARGP_KEY_END: check_options(state, o); return 0;
	default: return ARGP_ERR_UNKNOWN;
	}
}

static void load_report(struct report *report, const struct options *o, enum input input)
{
	struct stat st;

	if (o->nr_files == 2) {
		report_load_files(report, o->files[0], o->files[1]);
		return;
	}
	if (stat(o->files[0], &st))
		die(EXIT_USAGE, "%s: %s", o->files[0], strerror(errno));
	if (!S_ISDIR(st.st_mode))
		die(EXIT_USAGE, "%s: not a folder; %s is of %s", o->files[0], o->name,
		    inputs[input]);
	report->folder = o->files[0];
	report_load(report);
	host_load(report);
}

/* The section as it is in the report, of which the plots alone are wanted. */
static void draw_report(struct options *o, const struct kind *kind)
{
	struct report report = {
		.root = strdup(o->root), .build = strdup(o->build), .pictures = &o->pictures};

	report.out = fopen("/dev/null", "w");
	if (!report.out)
		die(EXIT_USAGE, "/dev/null: %s", strerror(errno));
	load_report(&report, o, kind->input);
	kind->draw(&report);
	fclose(report.out);
	report_free(&report);
}

static void draw_trace(struct options *o)
{
	const struct trace_picture *picture = trace_pictures;
	struct trace_file file;
	struct plot plot;

	while (strcmp(picture->name, o->name))
		picture++;
	trace_file_read(&file, o->root, o->build, o->files[0]);
	if (!picture->draw(&file, &plot))
		die(EXIT_USAGE, "%s: %s", o->files[0], picture->missing);
	plot_set(&plot, "heading", picture->heading);
	pictures_take(&o->pictures, &plot, picture->heading);
	trace_file_free(&file);
}

static void draw_study(struct options *o)
{
	struct study_report s = {.report = {.pictures = &o->pictures, .root = strdup(o->root)}};

	study_report_load(&s, o->files[0]);
	plot_study(&s);
	study_report_free(&s);
}

static void draw_history(struct options *o)
{
	struct history *h = open_history(&o->shared, HISTORY_READ);
	struct nights nights;

	history_or_die(nights_read(h, &o->shared.filter, o->glob, NULL, &nights));
	close_history(h);
	for (size_t i = 0; i < nights.nr; i++)
		plot_history(&o->pictures, o->root, &nights.series[i]);
	nights_free(&nights);
}

static void draw(struct options *o)
{
	const struct kind *k = find_kind(NULL, o->name);

	pictures_begin(&o->pictures, o->only, o->format);
	switch (k->input) {
	case OF_RUN:
	case OF_RUN_OR_PAIR: draw_report(o, k); break;
	case OF_TRACE: draw_trace(o); break;
	case OF_STUDY: draw_study(o); break;
	case OF_HISTORY: draw_history(o); break;
	}
	pictures_end(&o->pictures, o->name, o->out);
}

int main(int argc, char **argv)
{
	static const struct argp_child children[] = {
		{&store_argp, 0, "The history, as claimperf history list has it:", 0},
		{&filter_argp, 0, NULL, 0},
		{0}};
	static const struct argp argp = {
		option_table, parse_option, "NAME [RESULTS...]", doc, children, NULL, NULL};
	static char name[] = "claimperf plot";
	struct options o = {0};

	msg_call_us(argv, name);
	argp_err_exit_status = EXIT_USAGE;
	argp_parse(&argp, argc, argv, 0, NULL, &o);
	if (o.list) {
		list_kinds();
	} else {
		find_folders(&o.root, &o.build);
		draw(&o);
		free(o.root);
		free(o.build);
	}
	return fflush(stdout) ? EXIT_USAGE : 0;
}
