/* SPDX-License-Identifier: GPL-2.0-only */
/* Where a series changed, and where its reference did. */
#ifndef CLAIMPERF_PLOTS_SERIES_CHANGES_H
#define CLAIMPERF_PLOTS_SERIES_CHANGES_H

#include "plots/series.h"

/*
 * Fill changes and moves; points are sorted. 0 or -ENOMEM.
 *
 * Of noisy data by results/changes.h. Of exact ones a change is a night whose cost differs by more
 * than a NOTE from that of the first night, or of the last change; and a move each night whose
 * reference counts something else, from which tonight's is looked at anew.
 */
int series_find_changes(struct series *series);

#endif
