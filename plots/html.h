/* SPDX-License-Identifier: GPL-2.0-only */
/* Writing HTML that is also XML. All text from outside goes through these. */
#ifndef CLAIMPERF_PLOTS_HTML_H
#define CLAIMPERF_PLOTS_HTML_H

#include <stdio.h>

#include "results/verdict.h"

/*
 * Text or the inside of a quoted attribute. What XML cannot hold (control
 * characters, bytes that are no UTF-8) becomes U+FFFD.
 */
void html_text(FILE *out, const char *text);

/* The name of a case, which may be broken into lines after each slash. */
void html_name(FILE *out, const char *name);

/* As html_text(), of a number shown with a typographic minus sign. */
void html_number(FILE *out, const char *number);

/* <td class="CLASS">TEXT</td>; CLASS may be NULL. */
void html_cell(FILE *out, const char *class, const char *text);

/* A cell with a number: aligned, typographic minus. */
void html_number_cell(FILE *out, const char *number);

/* A cell with a fraction to three places; with sign when it is a difference. */
void html_fraction_cell(FILE *out, struct fraction f, bool sign);

/* The relative address of a file, percent-encoded; for the inside of href="". */
void html_address(FILE *out, const char *path);

#endif
