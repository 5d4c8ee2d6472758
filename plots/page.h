/* SPDX-License-Identifier: GPL-2.0-only */
/* A page: one HTML file, also XML, with style and script inside, that asks the network for nothing.
 */
#ifndef CLAIMPERF_PLOTS_PAGE_H
#define CLAIMPERF_PLOTS_PAGE_H

#include <stddef.h>
#include <stdio.h>

/* root is the project's folder. Up to where the body's text begins, and from where it ends. */
void page_begin(FILE *out, const char *root, const char *title);
void page_end(FILE *out, const char *root);

/* A link to a table, which is in the page itself; name is that of the file it is saved as. */
void page_put_data(FILE *out, const char *name, const char *text);

/* Write the file: readers see the old one or the whole new one. Ends the program when it cannot. */
void page_write(const char *path, const char *text, size_t size);

#endif
