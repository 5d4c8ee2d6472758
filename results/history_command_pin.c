// SPDX-License-Identifier: GPL-2.0-only
/* claimperf history pin, unpin. */
#include <stdio.h>

#include "lib/msg.h"
#include "results/history_commands.h"

static const char doc[] = "A pinned run is never pruned.\vRUN is the beginning of its id.\n\n"
			  "Examples:\n"
			  "  claimperf history pin 3fa9c2\n"
			  "  claimperf history unpin 3fa9c2\n";

static int set_pinned(int argc, char **argv, bool pinned)
{
	struct run_options o = {0};
	char id[SHA256_HEX];
	struct history *h;

	parse_run_options(argc, argv, doc, &o);
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
