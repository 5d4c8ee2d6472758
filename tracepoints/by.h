/* SPDX-License-Identifier: GPL-2.0-only */
/* Lists of names in options: what sections are grouped by, which tables are shown. */
#ifndef CLAIMPERF_TRACEPOINTS_BY_H
#define CLAIMPERF_TRACEPOINTS_BY_H

#include <argp.h>

#define BY_NAMES                                                                                   \
	"site,order,node,claim (site,order by default; none for all in one). claim is by what was " \
	"redeemed: none, node, host, other, mixed"

/* Bits SECTION_BY_; ends the program with what is wrong. The list is cut up. */
unsigned int parse_by(struct argp_state *state, char *list);

/* Bits by enum print_table. */
unsigned int parse_tables(struct argp_state *state, char *list);

#endif
