/* SPDX-License-Identifier: GPL-2.0-only */
/* What a verdict rests on. */
#ifndef CLAIMPERF_PLOTS_EVIDENCE_H
#define CLAIMPERF_PLOTS_EVIDENCE_H

#include "plots/report.h"

/* The cell with the verdict of a row of that topology, which opens: samples, functions, branches,
 * raw data. */
void put_evidence_cell(FILE *out, const struct topology *topology,
		       const struct comparison_row *row);

/* The inside of href="": where the cell of that row is. */
void put_evidence_address(FILE *out, const struct topology *topology,
			  const struct comparison_row *row);

#endif
