/* SPDX-License-Identifier: GPL-2.0-only */
/* The verdicts of a study, metric by metric, by the rules of paired.h and boot.h. */
#ifndef CLAIMPERF_RESULTS_STUDY_JUDGE_H
#define CLAIMPERF_RESULTS_STUDY_JUDGE_H

#include "results/fingerprint.h"
#include "results/study.h"

/* ln(after / before) of a quantile of the rounds, by pairs as the means are. */
struct quantile_shift {
	size_t nr; /* pairs with enough rounds; 0: not known */
	double effect;
	struct interval at95;
};

struct study_row {
	const struct study_metric *metric;
	double before, after; /* means of the boots of pairs that count, in the metric's unit */
	struct paired paired; /* nr 0: no pair is whole */
	struct paired aa;     /* of pairs of the same source; nr 0: none */
	struct quantile_shift shifts[BOOT_QUANTILES];
	size_t rounds, dropped, outliers; /* of all boots of both arms */
	size_t unsteady;		  /* boots that never got steady */
	const char *reason;		  /* why it is INCONCLUSIVE whatever was measured, or NULL */
};

struct verdicts {
	const struct study *study;
	struct study_row *rows; /* as many as the study has metrics, in its order */
	size_t regressed;
};

/*
 * Judge all metrics: the primary ones together. Where A/A shows a difference nothing that A/B shows
 * is believed. 0, and *out to be released with verdicts_free(), or -ENOMEM.
 */
int study_judge(const struct study *study, struct verdicts *out);

void verdicts_free(struct verdicts *verdicts);

/* On stdout, as compare_print.h; 0 or -ENOMEM. */
void study_print_text(const struct verdicts *verdicts, const struct fingerprint_fields *fields);
int study_print_json(const struct verdicts *verdicts, const struct fingerprint_fields *fields);

#endif
