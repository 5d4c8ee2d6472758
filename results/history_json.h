/* SPDX-License-Identifier: GPL-2.0-only */
/* What the history says, as JSON; docs/history.md has the keys. */
#ifndef CLAIMPERF_RESULTS_HISTORY_JSON_H
#define CLAIMPERF_RESULTS_HISTORY_JSON_H

#include <jansson.h>

#include "results/history.h"

/* New objects; NULL when memory is short. */
json_t *run_json(const struct history_run *run);
json_t *point_json(const struct history_run *run, const struct history_metric *metric,
		   const struct history_figure *figure);

/* Print one line and release the object; 0, or end the program when it is NULL. */
int print_json_line(json_t *object);

#endif
