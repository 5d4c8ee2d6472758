/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Two results that were measured in pairs of random order (scripts/pairs.sh). Both then have in
 * "context":
 *
 *   "pairs": {"study": ID, "seed": "42", "arm": "before" or "after"}    ID: the run that made both
 *
 * and the n-th sample of a case in one belongs to the n-th in the other. Each sample is of a run by
 * itself, and takes the place of a boot.
 */
#ifndef CLAIMPERF_RESULTS_PAIRS_H
#define CLAIMPERF_RESULTS_PAIRS_H

#include "results/compare.h"

/* Are these the two sides of one run? */
bool pairs_recognize(const struct result *before, const struct result *after);

/*
 * Judge the noisy cases that both have, by paired.h: the first PAIRED_PRIMARY of them together, the
 * others stay INCONCLUSIVE and say why. aa are two such results of the same source, or NULL; a case that A/A lacks goes without it.
 */
void pairs_judge(struct comparison *comparison, const struct result *const aa[2]);

#endif
