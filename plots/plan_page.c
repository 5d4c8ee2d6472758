// SPDX-License-Identifier: GPL-2.0-only
/* claimperf plan page: what claimperf plan --json said, as a page with a picture of each plan. */
#include <argp.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lib/msg.h"
#include "lib/options.h"
#include "plots/folders.h"
#include "plots/html.h"
#include "plots/page.h"
#include "plots/plot.h"
#include "results/reader.h"
#include "results/result.h"

#define WIDTH 720
#define HEIGHT 400

struct options {
	const char *file, *out;
	char *root, *build;
};

static const struct argp_option option_table[] = {
	{"out", 'o', "FILE", 0, "The page (plan.html)", 0},
	{0},
};

static const char doc[] = "Render what claimperf plan --json printed: a table of all figures with "
			  "their intervals, how "
			  "throughput and waits grow with builders, and what has to be known."
			  "\vExit status: 0; 2 when FILE is not a plan, or without gnuplot.\n\n"
			  "Example:\n"
			  "  claimperf plan page plan.json --out plan.html\n";

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;

	switch (key) {
	case 'o': o->out = arg; return 0;
	case ARGP_KEY_ARG: option_file(state, arg, &o->file); return 0;
	case ARGP_KEY_NO_ARGS: argp_error(state, "a FILE is needed"); return 0;
	default: return ARGP_ERR_UNKNOWN;
	}
}

static double number_of(const json_t *object, const char *key)
{
	return json_number_value(json_object_get(object, key));
}

static const char *text_of(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key)) ?: "";
}

static void put_estimate(FILE *out, const json_t *e, double scale, const char *without)
{
	char text[100];

	if (!json_is_object(e)) {
		html_cell(out, NULL, without);
		return;
	}
	snprintf(text, sizeof(text), "%.4g (%.4g … %.4g)", scale * number_of(e, "value"),
		 scale * number_of(e, "low"), scale * number_of(e, "high"));
	html_number_cell(out, text);
}

/* what_if is NULL where there is none. */
static void put_row(FILE *out, const char *what, const json_t *plan, const json_t *what_if,
		    const char *key, double scale)
{
	const char *without = strcmp(key, "useful_builders") ? "not measured" : "not reached";

	fputs("<tr>", out);
	html_cell(out, NULL, what);
	put_estimate(out, json_object_get(plan, key), scale, without);
	if (what_if)
		put_estimate(out, json_object_get(what_if, key), scale, without);
	fputs("</tr>\n", out);
}

static void put_group(FILE *out, const json_t *group, const json_t *what_if)
{
	static const struct {
		const char *key, *what;
	} parts[] = {{"made", "– when they are made, %"},
		     {"used", "– when they are used, %"},
		     {"cancelled", "– when they are cancelled, %"}};
	static const char instructions[] = "claims_instructions_parts";

	fprintf(out, "<tr><th colspan=\"%d\">", what_if ? 3 : 2);
	html_text(out, text_of(group, "name"));
	fprintf(out, ": %g domains of %.4g GiB</th></tr>\n", number_of(group, "domains"),
		number_of(group, "memory") / (1 << 30));
	put_row(out, "build time of a domain, s", group, what_if, "build_s", 1);
	put_row(out, "share of claims, of its time, %", group, what_if, "claims_share", 100);
	put_row(out, "share of claims, of instructions, %", group, what_if,
		"claims_instructions_share", 100);
	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++)
		put_row(out, parts[i].what, json_object_get(group, instructions),
			what_if ? json_object_get(what_if, instructions) : NULL, parts[i].key, 100);
	put_row(out, "domains refused", group, what_if, "refused", 1);
	put_row(out, "pages off their node, %", group, what_if, "off_node_share", 100);
}

static void put_table(FILE *out, const json_t *plan, const json_t *what_if)
{
	const json_t *groups = json_object_get(plan, "groups");
	const json_t *others = json_object_get(what_if, "groups");

	fprintf(out,
		"<div class=\"wide\"><table>\n<tr><th></th><th class=\"n\">as it is</th>%s</tr>\n",
		what_if ? "<th class=\"n\">what if</th>" : "");
	for (size_t i = 0; i < json_array_size(groups); i++)
		put_group(out, json_array_get(groups, i), json_array_get(others, i));
	fprintf(out, "<tr><th colspan=\"%d\">all</th></tr>\n", what_if ? 3 : 2);
	put_row(out, "until all are built, s", plan, what_if, "total_s", 1);
	put_row(out, "heap_lock in use, %", plan, what_if, "utilisation", 100);
	put_row(out, "wait for it, half of all up to, µs", plan, what_if, "wait_p50_ns", 1e-3);
	put_row(out, "wait for it, 99 % up to, µs", plan, what_if, "wait_p99_ns", 1e-3);
	put_row(out, "builders, beyond which no more help", plan, what_if, "useful_builders", 1);
	fputs("</table></div>\n", out);
}

static void put_series(struct plot *plot, const json_t *plan, const char *name, unsigned int style,
		       unsigned int *series)
{
	const json_t *scaling = json_object_get(plan, "scaling"), *at;
	size_t i;

	json_array_foreach(scaling, i, at)
	{
		double wait = number_of(at, "wait_p99_ns") / 1e3;

		fprintf(plot->data, "%.17g\t%.17g\t%.17g\t%.17g\t%.17g\n",
			log2(number_of(at, "builders")), number_of(at, "sections_per_s") / 1e6,
			wait, wait, wait);
	}
	plot_end_series(plot, (unsigned int)json_array_size(scaling), name, style, series);
}

static void set_ticks(struct plot *plot)
{
	char variable[16], text[16];

	plot_set_number(plot, "ticks", 10);
	plot_set_number(plot, "rotated", 0);
	for (unsigned int i = 0; i < 10; i++) {
		snprintf(variable, sizeof(variable), "at%u", i + 1);
		plot_set_number(plot, variable, i);
		snprintf(variable, sizeof(variable), "tick%u", i + 1);
		snprintf(text, sizeof(text), "%u", 1u << i);
		plot_set(plot, variable, text);
	}
}

static void put_picture(FILE *out, const char *root, const json_t *plan, const json_t *what_if)
{
	unsigned int series = 0;
	struct plot plot;

	plot_begin(&plot, root, "scaling.gp", WIDTH, HEIGHT);
	put_series(&plot, plan, "as it is", 1, &series);
	if (what_if)
		put_series(&plot, what_if, "what if", 2, &series);
	plot_set_number(&plot, "series", series);
	set_ticks(&plot);
	plot_set(&plot, "heading", "More builders");
	plot_set(&plot, "subtitle", "Simulated, by the coefficients as they are");
	plot_set(&plot, "caption1", "");
	plot_set(&plot, "caption2", "");
	plot_set(&plot, "caption3", "");
	plot_set(&plot, "axis_x", "builders");
	plot_set(&plot, "left_title", "lock taken, millions a second");
	plot_set(&plot, "right_title", "wait, 99 % up to, µs");
	plot_end(&plot, out, "Throughput and waits by builders");
}

static bool has_note(const json_t *notes, const json_t *note)
{
	for (size_t i = 0; i < json_array_size(notes); i++)
		if (json_equal(json_array_get(notes, i), note))
			return true;
	return false;
}

static void put_note(FILE *out, const char *of, const json_t *note)
{
	fprintf(out, "<li>%s", of);
	html_text(out, json_string_value(note) ?: "");
	fputs("</li>\n", out);
}

static void put_notes(FILE *out, const json_t *plan, const json_t *what_if)
{
	const json_t *notes = json_object_get(plan, "notes"), *note;
	const json_t *others = json_object_get(what_if, "notes");
	size_t i;

	fputs("<ul>\n", out);
	json_array_foreach(notes, i, note) put_note(out, "", note);
	json_array_foreach(others, i, note) if (!has_note(notes, note))
		put_note(out, "what if: ", note);
	fputs("</ul>\n", out);
}

static void put_page(FILE *out, const struct options *o, const json_t *plan)
{
	const json_t *what_if = json_object_get(plan, "what_if");

	page_begin(out, o->root, "claimperf: a plan");
	fputs("<h1>", out);
	html_text(out, text_of(plan, "about"));
	fputs("</h1>\n", out);
	put_table(out, plan, what_if);
	put_picture(out, o->root, plan, what_if);
	fputs("<h2>To know</h2>\n", out);
	put_notes(out, plan, what_if);
	page_end(out, o->root);
}

/* Can it be drawn? */
static bool has_scaling(const json_t *plan)
{
	const json_t *scaling = json_object_get(plan, "scaling"), *at;
	size_t i;

	json_array_foreach(scaling, i, at) if (!(number_of(at, "builders") >= 1 &&
						 number_of(at, "sections_per_s") > 0 &&
						 number_of(at, "wait_p99_ns") >= 0)) return false;
	return json_array_size(scaling) > 1;
}

static json_t *read_plan(const char *file)
{
	char error[RESULT_ERROR_SIZE];
	struct reader r = {.path = file, .error = error};
	json_t *plan;

	if (reader_load(&r, &plan))
		die(EXIT_USAGE, "%s", error);
	if (json_integer_value(json_object_get(plan, "plan")) != 1 || !has_scaling(plan) ||
	    (json_object_get(plan, "what_if") && !has_scaling(json_object_get(plan, "what_if"))))
		die(EXIT_USAGE, "%s: not what claimperf plan --json prints", file);
	return plan;
}

int main(int argc, char **argv)
{
	static const struct argp argp = {option_table, parse_option, "FILE", doc, NULL, NULL, NULL};
	struct options o = {.out = "plan.html"};
	static char name[] = "claimperf plan page";
	char *text = NULL;
	json_t *plan;
	size_t size;
	FILE *out;

	msg_call_us(argv, name);
	argp_err_exit_status = EXIT_USAGE;
	argp_parse(&argp, argc, argv, 0, NULL, &o);
	find_folders(&o.root, &o.build);
	plan = read_plan(o.file);
	out = open_memstream(&text, &size);
	if (!out)
		die(EXIT_USAGE, "%s", strerror(ENOMEM));
	put_page(out, &o, plan);
	if (fclose(out))
		die(EXIT_USAGE, "%s", strerror(ENOMEM));
	page_write(o.out, text, size);
	puts(o.out);
	free(text);
	json_decref(plan);
	free(o.root);
	free(o.build);
	return 0;
}
