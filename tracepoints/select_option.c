// SPDX-License-Identifier: GPL-2.0-only
#include "tracepoints/select_option.h"

void option_events(struct argp_state *state, const char *text, struct select *select)
{
	char error[1000];

	if (select_parse(text, select, error, sizeof(error)))
		argp_error(state, "--events: %s", error);
}
