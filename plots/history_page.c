// SPDX-License-Identifier: GPL-2.0-only
/* claimperf history page: one self-contained HTML file about all nights. */
#include <errno.h>
#include <stdlib.h>

#include "lib/msg.h"
#include "lib/options.h"
#include "plots/folders.h"
#include "plots/history_page.h"
#include "plots/page.h"
#include "results/history_commands.h"

struct options {
	struct shared_options shared;
	const char *out, *glob, *metric;
};

enum { KEY_OUT = 0x100, KEY_CASE, KEY_METRIC };

static const struct argp_option option_table[] = {
	{"out", KEY_OUT, "FILE", 0, "The page", 0},
	{"case", KEY_CASE, "GLOB", 0, "Only these cases", 0},
	{"metric", KEY_METRIC, "NAME", 0, "Only value or time", 0},
	{0},
};

static const char doc[] =
	"All cases over time on one page: what changed and when, each night's reference and "
	"verdict, "
	"nights that are missing."
	"\vThe page needs nothing else. The same history gives the same bytes.\n\n"
	"Where a night has a reference, the series is tonight against it, else what was measured. "
	"docs/history.md says how changes are found.\n\n"
	"Exit status: 0, or 2 with what is wrong.\n\n"
	"Examples:\n"
	"  claimperf history page --out history.html\n"
	"  claimperf history page --target lab --nodes 4 --case 'populate/*' --out populate.html\n";

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;

	switch (key) {
	case KEY_OUT: o->out = arg; return 0;
	case KEY_CASE: o->glob = arg; return 0;
	case KEY_METRIC:
		o->metric = history_metrics[option_word(state, "--metric", arg, history_metrics)];
		return 0;
	case ARGP_KEY_INIT: state->child_inputs[0] = state->child_inputs[1] = &o->shared; return 0;
	case ARGP_KEY_ARG: argp_error(state, "no argument such as '%s'", arg); return 0;
	case ARGP_KEY_END:
		if (!o->out)
			argp_error(state, "--out FILE is needed");
		return 0;
	default: return ARGP_ERR_UNKNOWN;
	}
}

static void write_page(const struct options *o, const struct nights *nights)
{
	char *root, *build, *text = NULL;
	FILE *out;
	size_t size;

	find_folders(&root, &build);
	out = open_memstream(&text, &size);
	if (!out)
		die(EXIT_USAGE, "out of memory");
	page_begin(out, root, "claimperf: all nights");
	history_put_summary(out, nights);
	if (nights->nr) {
		history_put_hosts(out, nights);
		history_put_changes(out, nights);
		history_put_cases(out, nights);
		history_put_charts(out, nights);
		history_put_reading(out);
	}
	page_end(out, root);
	if (fclose(out))
		die(EXIT_USAGE, "out of memory");
	page_write(o->out, text, size);
	free(text);
	free(root);
	free(build);
}

int main(int argc, char **argv)
{
	static const struct argp_child children[] = {
		{&store_argp, 0, NULL, 0}, {&filter_argp, 0, NULL, 0}, {0}};
	static const struct argp argp = {option_table, parse_option, "", doc, children, NULL, NULL};
	static char name[] = "claimperf history page";
	struct options o = {0};
	struct nights nights;
	struct history *h;

	msg_call_us(argv, name);
	argp_err_exit_status = EXIT_USAGE;
	argp_parse(&argp, argc, argv, 0, NULL, &o);
	h = open_history(&o.shared, HISTORY_READ);
	history_or_die(nights_read(h, &o.shared.filter, o.glob, o.metric, &nights));
	history_or_die(nights_judge(h, &nights));
	close_history(h);
	/* Nights that nobody trusted are in no series, and to be told all the same. */
	if (!nights.nr && (o.glob || o.metric || !nights.apart.nr))
		die(EXIT_USAGE, "no figure of such a case, with these options");
	history_choose_charts(&nights);
	write_page(&o, &nights);
	nights_free(&nights);
	return 0;
}
