/* SPDX-License-Identifier: GPL-2.0-only */
/* What a paired comparison says, as text for people and as JSON for programs. */
#ifndef CLAIMPERF_RESULTS_PAIRED_PRINT_H
#define CLAIMPERF_RESULTS_PAIRED_PRINT_H

#include <stdio.h>

#include <jansson.h>

#include "results/paired.h"

/* "+1.20 % [+0.80, +1.61]": effect, and its interval at 95 %. */
void paired_print_effect(FILE *out, const struct paired *p);

#define PAIRED_FLAGGED_TEXT 192

/*
 * "", ", pair 5 is an outlier: the same without it", or ", rests on pairs 5 and 8, outliers: EQUIVALENT
 * without them". Returns text.
 */
const char *paired_flagged_text(const struct paired *p, char text[PAIRED_FLAGGED_TEXT]);

/* ", q 0.002"; when EQUIVALENT also delta; when INCONCLUSIVE also what could have been seen, and
 * how many pairs would do. */
void paired_print_judged(FILE *out, const struct paired *p);

/*
 * Set the keys pairs, effect, interval, interval90 ([low, high]), delta (all as ln of a ratio), p,
 * q, detectable, pairs_needed, flagged (numbers of pairs, from 1 on) and verdict_without_flagged (null:
 * none is) of an object; null is infinite. 0, or -1 without memory.
 */
int paired_set_json(json_t *object, const struct paired *p);

/* null where jansson has no number. */
json_t *paired_real(double value);

#endif
