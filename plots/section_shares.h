/* SPDX-License-Identifier: GPL-2.0-only */
/* A part of section_perf(): the shares of hypervisor and dom0 on a topology, or why there are none. */
#ifndef CLAIMPERF_PLOTS_SECTION_SHARES_H
#define CLAIMPERF_PLOTS_SECTION_SHARES_H

#include "plots/report.h"

void put_shares(FILE *out, const struct topology *t);

#endif
