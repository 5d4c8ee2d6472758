// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "lib/msg.h"
#include "results/history_commands.h"
#include "results/history_json.h"

struct options {
	struct shared_options shared;
	bool json;
	unsigned int runs;
};

static const struct argp_option option_table[] = {
	{"json", 'j', NULL, 0, "A JSON object per line", 0},
	{0},
};

static const char doc[] = "The runs of the history, in order of time."
			  "\vColumns: run, the beginning of its id; time it was measured, in UTC; "
			  "night and role; cases "
			  "that were measured; state, 'pruned' when only its figures are left.\n\n"
			  "Examples:\n"
			  "  claimperf history list --variant claims --since 2026-01-01\n"
			  "  claimperf history list --json | jq -r .id\n";

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;

	switch (key) {
	case 'j': o->json = true; return 0;
	case ARGP_KEY_INIT: state->child_inputs[0] = state->child_inputs[1] = &o->shared; return 0;
	case ARGP_KEY_ARG: argp_error(state, "no argument such as '%s'", arg); return 0;
	default: return ARGP_ERR_UNKNOWN;
	}
}

static const char *or_dash(const char *text)
{
	return text ? text : "-";
}

static int print_run(void *data, const struct history_run *run)
{
	struct options *o = data;

	if (o->json)
		return print_json_line(run_json(run));
	if (!o->runs++)
		printf("%-*s  %-20s  %-10s  %-9s  %-8s  %-6s  %-12s %5s %5s  %s\n", ID_SHOWN, "run",
		       "time", "night", "role", "host", "target", "variant", "nodes", "cases",
		       "state");
	printf("%.*s  %-20s  %-10s  %-9s  %-8s  %-6s  %-12s %5u %5llu  %s%s\n", ID_SHOWN, run->id,
	       run->time, or_dash(run->night), or_dash(run->role), run->host, run->target,
	       run->variant, run->nodes, (unsigned long long)run->cases,
	       run->files ? "stored" : "pruned", run->pinned ? ", pinned" : "");
	return 0;
}

int history_command_list(int argc, char **argv)
{
	static const struct argp_child children[] = {
		{&store_argp, 0, NULL, 0}, {&filter_argp, 0, NULL, 0}, {0}};
	static const struct argp argp = {option_table, parse_option, "", doc, children, NULL, NULL};
	struct options o = {0};
	struct history *h;

	argp_parse(&argp, argc, argv, 0, NULL, &o);
	h = open_history(&o.shared, HISTORY_READ);
	history_or_die(history_each_run(h, &o.shared.filter, print_run, &o));
	close_history(h);
	return 0;
}
