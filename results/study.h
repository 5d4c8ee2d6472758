/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A study: two hypervisors, measured in pairs of boots. One JSON file has all of it:
 *
 *   {"study": 1,                     version of this format
 *    "seed": 42,                     0 … 2^53: of order and layouts; the resampling starts from it too
 *    "order": "011010010110",        a character a pair: 1 where AFTER booted first
 *    "before": {"fingerprint": {…},  "context.claimperf" of a result (results/fingerprint.h)
 *               "layouts": [3, …]},  optional: the link layout of each pair's boot
 *    "after": {…},
 *    "aa": {"order": "0110…"},       optional: pairs of boots of the same source, in other layouts
 *    "failed": ["after, pair 2: …"], optional: boots that came to nothing, and why, for people
 *    "metrics": [
 *      {"name": "populate/order:0", "unit": "ns", "per": "extent",
 *       "primary": true,             optional; at most PAIRED_PRIMARY. Where none is, the first are
 *       "skipped": "after: …",       optional: why boots of a side came to nothing
 *       "before": [[501.2, 499.8, …], null, …],
 *       "after": [[…], …],
 *       "aa_before": [[…], …], "aa_after": [[…], …]}]}     with "aa"
 *
 * A boot is the list of its rounds in the order they were measured: the cost of one operation, in
 * `unit`, more is worse. null is a boot that came to nothing: its pair does not count. before and
 * after have an entry for each character of "order", the aa_ ones for each of "aa"."order"; 1 to
 * PAIRED_MOST. What is measured in a study but not to be judged is not primary.
 *
 * Other keys are ignored, and kept: raw data, plan, dates.
 */
#ifndef CLAIMPERF_RESULTS_STUDY_H
#define CLAIMPERF_RESULTS_STUDY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

#include "results/boot.h"
#include "results/paired.h"
#include "results/result.h"

#define STUDY_VERSION 1
#define STUDY_MAX_ROUNDS 100000

enum study_arm { STUDY_BEFORE, STUDY_AFTER, STUDY_AA_BEFORE, STUDY_AA_AFTER, STUDY_ARMS };

/* Strings belong to the study. */
struct study_metric {
	const char *name, *unit, *per;
	const char *skipped; /* why, if no pair came to something */
	bool primary;
	struct boot *boots[STUDY_ARMS]; /* study_pairs() of them; NULL without A/A */
};

struct study {
	char *path;
	json_t *root;
	uint64_t seed;
	const char *order, *aa_order;	/* aa_order is "" without A/A */
	const json_t *fingerprints[2];
	const json_t *failed; /* an array of strings, or NULL */
	struct study_metric *metrics;
	size_t nr_metrics;
};

/* As result_read(): 0 and *out, or -errno with "FILE: FIELD: what is wrong" in error. */
int study_read(const char *path, struct study **out, char error[RESULT_ERROR_SIZE]);

void study_free(struct study *study);

/* How many pairs of boots an arm has. */
size_t study_pairs(const struct study *study, enum study_arm arm);

#endif
