/* SPDX-License-Identifier: GPL-2.0-only */
/* The page of a study, which claimperf ab makes. */
#ifndef CLAIMPERF_PLOTS_STUDY_PAGE_H
#define CLAIMPERF_PLOTS_STUDY_PAGE_H

#include "plots/report.h"
#include "results/study_judge.h"

struct study_report {
	struct study *study;
	struct verdicts verdicts;
	struct report report; /* with what both sides are as its one topology */
};

/* Read and judge; ends the program when it is none. */
void study_report_load(struct study_report *s, const char *path);
void study_report_free(struct study_report *s);

/* All of the page but its frame, to report.out. */
void study_put_page(struct study_report *s);

/* A line for the terminal. */
void study_print_summary(const struct study_report *s, FILE *out);

/* Shared by its parts: */

/* "+1.20 %" of a ratio's logarithm. */
const char *effect_text(double effect, char text[32]);

/* The same with its interval. */
void study_put_effect(FILE *out, const struct paired *paired);

void study_put_metrics(struct study_report *s);
void study_put_evidence(FILE *out, const struct study *study, const struct study_row *row);

/* All metrics, each with its interval and what counts as a difference. */
void plot_study(struct study_report *s);

#endif
