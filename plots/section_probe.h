/* SPDX-License-Identifier: GPL-2.0-only */
/* A part of section_where(): what the probe tells of a topology; nothing if it was not used. */
#ifndef CLAIMPERF_PLOTS_SECTION_PROBE_H
#define CLAIMPERF_PLOTS_SECTION_PROBE_H

#include "plots/report.h"

void put_probes(struct report *report, const struct topology *t);

#endif
