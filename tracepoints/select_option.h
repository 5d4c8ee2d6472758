/* SPDX-License-Identifier: GPL-2.0-only */
/* The option --events of what records and reads traces. */
#ifndef CLAIMPERF_TRACEPOINTS_SELECT_OPTION_H
#define CLAIMPERF_TRACEPOINTS_SELECT_OPTION_H

#include <argp.h>

#include "tracepoints/select.h"

/* Names that commas separate; argp_error() says which is unknown, and which are known. */
void option_events(struct argp_state *state, const char *text, struct select *select);

#endif
