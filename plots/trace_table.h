/* SPDX-License-Identifier: GPL-2.0-only */
/* All distributions of traces, as a table that is folded away. */
#ifndef CLAIMPERF_PLOTS_TRACE_TABLE_H
#define CLAIMPERF_PLOTS_TRACE_TABLE_H

#include "plots/trace_data.h"

/* Where waiting is an artefact, it is marked as not valid. */
void traces_put_table(FILE *out, const struct traces *traces, bool waits_valid);

#endif
