/* SPDX-License-Identifier: GPL-2.0-only */
/* Where a series changed, and where its reference did. */
#ifndef CLAIMPERF_PLOTS_SERIES_CHANGES_H
#define CLAIMPERF_PLOTS_SERIES_CHANGES_H

#include "plots/series.h"

/*
 * Fill changes and moves: of noisy data by results/changes.h, of exact ones each night that differs
 * from the one before. Points are sorted. 0 or -ENOMEM.
 */
int series_find_changes(struct series *series);

#endif
