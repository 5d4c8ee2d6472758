/* SPDX-License-Identifier: GPL-2.0-only */
/* A case over time, by gnuplot: as a file, where the page of all nights has a chart. */
#ifndef CLAIMPERF_PLOTS_PLOT_HISTORY_H
#define CLAIMPERF_PLOTS_PLOT_HISTORY_H

#include "plots/pictures.h"
#include "plots/series.h"

void plot_history(struct pictures *pictures, const char *root, const struct series *series);

#endif
