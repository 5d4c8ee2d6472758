/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Pictures of a trace over time, from what `claimperf-trace timeline` says. All need a plot that
 * was begun with the script and the size that they name, and leave captions and plot_end() to the
 * caller.
 */
#ifndef CLAIMPERF_PLOTS_TRACE_PICTURES_H
#define CLAIMPERF_PLOTS_TRACE_PICTURES_H

#include <jansson.h>
#include <stdbool.h>

#include "plots/plot.h"

#define TRACE_PICTURE_WIDTH 620

#define HEATMAP_SCRIPT "heatmap.gp"
#define HEATMAP_HEIGHT 380

/* The option --bins of timeline: fewer parts of time for fewer records. */
const char *trace_choose_bins(const json_t *summary, char option[24]);

/* Is there anything to draw? */
bool heatmap_has_data(const json_t *timeline);

/* How long heap_lock was held, over time. */
void heatmap_draw(struct plot *plot, const json_t *timeline);

#define PAGES_SCRIPT "strips.gp"

/* How many pixels high; 0 when no node has anything to show. */
unsigned int pages_height(const json_t *timeline);

/* Free and claimed pages of each node over time; the host's first, then as many nodes as have room.
 */
void pages_draw(struct plot *plot, const json_t *timeline);

#endif
