/* SPDX-License-Identifier: GPL-2.0-only */
/* A comparison as text for people and as JSON for programs, both on stdout. */
#ifndef CLAIMPERF_RESULTS_COMPARE_PRINT_H
#define CLAIMPERF_RESULTS_COMPARE_PRINT_H

#include "results/compare.h"
#include "results/fingerprint.h"

void print_text(const struct comparison *c, const struct fingerprint_fields *fields);

/* Below the rows, whose names are so wide. */
void print_functions(const struct comparison *c, int width);

/* What differs besides what is compared, in either form: a new array, or NULL without memory. */
void print_fingerprints(const struct fingerprint_fields *fields);
json_t *differences_json(const struct fingerprint_fields *fields);

/* 0 or -ENOMEM. */
int print_json(const struct comparison *c, const struct fingerprint_fields *fields);

#endif
