/* SPDX-License-Identifier: GPL-2.0-only */
/* A series as an inline <svg>: what page.js moves when one zooms, and what says all without it. */
#ifndef CLAIMPERF_PLOTS_NIGHTS_CHART_H
#define CLAIMPERF_PLOTS_NIGHTS_CHART_H

#include <stdio.h>

#include "plots/series.h"

/* from and to are the days at the edges, which all charts of a page share. */
void nights_chart(FILE *out, const struct series *series, double from, double to);

/* What its y axis, of percent where it is relative, goes from and to: never the same. */
void nights_chart_range(const struct series *series, double *low, double *high);

/* "+1.250 %" of a difference of logarithms. */
const char *share_text(double ratio, char text[32]);

/* "3021.5" or "4.55e+06". */
const char *value_text(double value, char text[32]);

#endif
