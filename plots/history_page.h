/* SPDX-License-Identifier: GPL-2.0-only */
/* The parts of the page of all nights, in their order. */
#ifndef CLAIMPERF_PLOTS_HISTORY_PAGE_H
#define CLAIMPERF_PLOTS_HISTORY_PAGE_H

#include <stdio.h>

#include "plots/series.h"

void history_put_summary(FILE *out, const struct nights *nights);
/* Of hosts, if there are several: which share a verdict? */
void history_put_hosts(FILE *out, const struct nights *nights);
void history_put_changes(FILE *out, const struct nights *nights);
void history_put_cases(FILE *out, const struct nights *nights);
void history_put_charts(FILE *out, const struct nights *nights);
void history_put_reading(FILE *out);

/* Which have a chart: all, or of too many those that changed, then others. */
void history_choose_charts(struct nights *nights);

/* Shared by them: */

/* ", ns" of noisy data, whose names may be those of exact ones. */
const char *series_suffix(const struct series *series, char text[32]);

/* "claims, lab, 4 nodes, host vm" */
const char *series_place(const struct series *series, char text[128]);

/* The place of all series if it is one, else NULL. */
const char *history_common_place(const struct nights *nights, char text[128]);

/* A link to the chart, named as the case, and its place where there are several. */
void history_put_link(FILE *out, const struct nights *nights, const struct series *series);

/* The day of the last point of all; series have 1 at least. */
double history_last_day(const struct nights *nights);

#endif
