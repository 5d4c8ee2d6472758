/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef CLAIMPERF_PLOTS_TRACES_OVER_TIME_H
#define CLAIMPERF_PLOTS_TRACES_OVER_TIME_H

#include "plots/trace_data.h"

/* Pictures over time of the trace that redeemed the most claims, and of the same case on the other
 * side. */
void traces_put_over_time(struct report *report, const struct topology *topology,
			  const struct traces *traces);

#endif
