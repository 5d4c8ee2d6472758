/* SPDX-License-Identifier: GPL-2.0-only */
/* A page that needs nothing else: style and pictures are inside. */
#ifndef CLAIMPERF_PLOTS_PAGE_H
#define CLAIMPERF_PLOTS_PAGE_H

#include <stdio.h>

/* Up to where <main> begins, with the style of root/plots/report.css; from its end on. */
void page_begin(FILE *out, const char *root, const char *title);
void page_end(FILE *out);

/* Readers see the old file or the whole new one. Ends the program when that cannot be. */
void page_write(const char *path, const char *text, size_t size);

#endif
