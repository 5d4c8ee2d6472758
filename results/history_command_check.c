// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>

#include "lib/msg.h"
#include "results/history_commands.h"

static const char doc[] =
	"Is the history as it was written?"
	"\vLooks at the database, at every stored file and its checksum, and derives the figures "
	"of each run anew from "
	"its stored result: they have to be equal to those in the database. Files that no run "
	"refers to are what "
	"writers left that were killed; they harm nothing, and prune removes them.\n\n"
	"Exit status: 0; 1 when something is damaged or missing, each fault on a line of stdout; 2 "
	"when there is no "
	"history to check.\n";

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	switch (key) {
	case ARGP_KEY_INIT: state->child_inputs[0] = state->input; return 0;
	case ARGP_KEY_ARG: argp_error(state, "no argument such as '%s'", arg); return 0;
	default: return ARGP_ERR_UNKNOWN;
	}
}

static void print_fault(void *data, const char *fault)
{
	(void)data;
	puts(fault);
}

int history_command_check(int argc, char **argv)
{
	static const struct argp_child children[] = {{&store_argp, 0, NULL, 0}, {0}};
	static const struct argp argp = {NULL, parse_option, "", doc, children, NULL, NULL};
	struct shared_options o = {0};
	struct history_state state;
	struct history *h;

	argp_parse(&argp, argc, argv, 0, NULL, &o);
	h = open_history(&o, HISTORY_READ);
	history_or_die(history_check(h, print_fault, NULL, &state));
	close_history(h);
	if (state.extra_files)
		printf("%llu files, %llu bytes, that no run refers to\n",
		       (unsigned long long)state.extra_files,
		       (unsigned long long)state.extra_bytes);
	printf("%llu runs, %llu files, %llu faults\n", (unsigned long long)state.runs,
	       (unsigned long long)state.files, (unsigned long long)state.faults);
	return state.faults ? EXIT_REGRESSION : 0;
}
