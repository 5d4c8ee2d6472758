// SPDX-License-Identifier: GPL-2.0-only
/* claimperf history pin, unpin. */
#include <stdio.h>

#include "lib/msg.h"
#include "results/history_commands.h"

struct options {
	struct shared_options shared;
	const char *run;
};

static const char doc[] = "A pinned run is never pruned.\vRUN is the beginning of its id.\n\n"
			  "Examples:\n"
			  "  claimperf history pin 3fa9c2\n"
			  "  claimperf history unpin 3fa9c2\n";

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;

	switch (key) {
	case ARGP_KEY_INIT: state->child_inputs[0] = &o->shared; return 0;
	case ARGP_KEY_ARG: option_run(state, arg, &o->run); return 0;
	case ARGP_KEY_NO_ARGS: argp_error(state, "a RUN is needed"); return 0;
	default: return ARGP_ERR_UNKNOWN;
	}
}

static int set_pinned(int argc, char **argv, bool pinned)
{
	static const struct argp_child children[] = {{&store_argp, 0, NULL, 0}, {0}};
	static const struct argp argp = {NULL, parse_option, "RUN", doc, children, NULL, NULL};
	struct options o = {0};
	char id[SHA256_HEX];
	struct history *h;

	argp_parse(&argp, argc, argv, 0, NULL, &o);
	h = open_history(&o.shared, HISTORY_ALONE);
	history_or_die(history_find(h, o.run, id));
	history_or_die(history_pin(h, id, pinned));
	close_history(h);
	return 0;
}

int history_command_pin(int argc, char **argv)
{
	return set_pinned(argc, argv, true);
}

int history_command_unpin(int argc, char **argv)
{
	return set_pinned(argc, argv, false);
}
