/* SPDX-License-Identifier: GPL-2.0-only */
/* How a verdict looks: a mark and a word, so that colour is never needed. */
#ifndef CLAIMPERF_PLOTS_VERDICT_MARK_H
#define CLAIMPERF_PLOTS_VERDICT_MARK_H

#include <stdio.h>

#include "results/compare.h"

/* One character: "▲" major regression or cost, "△" minor, "▼" and "▽" less, "=" and so on. */
const char *verdict_mark(const struct comparison_row *row);

/* "MAJOR regressed", "IDENTICAL", "new", "skipped". */
const char *verdict_words(const struct comparison_row *row, char text[48]);

/* Both. */
void put_verdict(FILE *out, const struct comparison_row *row);

/* A cell of a table for them, which sorts by how bad they are; </td> is left to the caller. */
void put_verdict_cell_start(FILE *out, const struct comparison_row *row);

/* Both in such a cell. */
void put_verdict_cell(FILE *out, const struct comparison_row *row);

/* What paired_flagged_text() says, small. */
void put_flagged(FILE *out, const struct paired *p);

#endif
