// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "lib/msg.h"
#include "lib/options.h"
#include "results/history_commands.h"

struct options {
	struct shared_options shared;
	struct history_import what;
	char **paths;
	int nr_paths;
};

enum { KEY_HOST = 0x100, KEY_TYPE, KEY_NIGHT, KEY_ROLE, KEY_NO_RAW };

static const struct argp_option option_table[] = {
	{"host", KEY_HOST, "NAME", 0, "Where it was measured (what the result says, else unknown)",
	 0},
	{"type", KEY_TYPE, "NAME", 0, "What machines that host is one of, such as its model", 0},
	{"night", KEY_NIGHT, "DATE", 0, "The night that it belongs to, 2026-01-31", 0},
	{"role", KEY_ROLE, "ROLE", 0, "In that night: reference, tonight, before or after", 0},
	{"no-raw", KEY_NO_RAW, NULL, 0, "Only the result itself, without FILE.d", 0},
	{0},
};

static const char doc[] =
	"Store results: of claimperf bench or scenario, or what hyperfine exports."
	"\vWith a result FILE.json its raw data are stored, FILE.d and FILE.trace.xen.zst. A line "
	"on stdout for each "
	"FILE says that it is on the disk, and its run: 'new'; 'known', when the same result was "
	"imported "
	"before; 'completed', when files of it were missing then. What goes wrong with one FILE "
	"ends the "
	"command; those before are stored.\n\n"
	"Exit status: 0, or 2 with what is wrong.\n\n"
	"Examples:\n"
	"  claimperf history import claims.json\n"
	"  claimperf history import --host lab7 results/latest/*.json\n";

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;

	switch (key) {
	case KEY_HOST:
		if (!*arg)
			argp_error(state, "--host: a name is needed");
		o->what.host = arg;
		return 0;
	case KEY_TYPE:
		if (!*arg)
			argp_error(state, "--type: a name is needed");
		o->what.type = arg;
		return 0;
	case KEY_NIGHT: o->what.night = option_date(state, "--night", arg); return 0;
	case KEY_ROLE:
		o->what.role = history_roles[option_word(state, "--role", arg, history_roles)];
		return 0;
	case KEY_NO_RAW: o->what.raw = false; return 0;
	case ARGP_KEY_INIT: state->child_inputs[0] = &o->shared; return 0;
	case ARGP_KEY_ARGS:
		o->paths = state->argv + state->next;
		o->nr_paths = state->argc - state->next;
		return 0;
	case ARGP_KEY_NO_ARGS: argp_error(state, "a FILE is needed"); return 0;
	case ARGP_KEY_END:
		if (o->what.role && !o->what.night)
			argp_error(state, "--role is one in a night: --night DATE");
		return 0;
	default: return ARGP_ERR_UNKNOWN;
	}
}

int history_command_import(int argc, char **argv)
{
	static const char *const outcomes[] = {[HISTORY_NEW] = "new",
					       [HISTORY_COMPLETED] = "completed",
					       [HISTORY_KNOWN] = "known"};
	static const struct argp_child children[] = {{&store_argp, 0, NULL, 0}, {0}};
	static const struct argp argp = {option_table, parse_option, "FILE...", doc,
					 children,     NULL,	     NULL};
	struct options o = {.what.raw = true};
	enum history_imported outcome;
	char id[SHA256_HEX];
	struct history *h;

	argp_parse(&argp, argc, argv, 0, NULL, &o);
	h = open_history(&o.shared, HISTORY_WRITE);
	for (int i = 0; i < o.nr_paths; i++) {
		o.what.path = o.paths[i];
		history_or_die(history_import(h, &o.what, id, &outcome));
		printf("%s %-9s %s\n", id, outcomes[outcome], o.paths[i]);
		if (fflush(stdout))
			die(EXIT_USAGE, "cannot write the output: %s", strerror(errno));
	}
	close_history(h);
	return 0;
}
