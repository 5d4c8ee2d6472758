/* SPDX-License-Identifier: GPL-2.0-only */
/* One of the plots that a report has, as a file: those that are drawn go by, and one is kept. */
#ifndef CLAIMPERF_PLOTS_PICTURES_H
#define CLAIMPERF_PLOTS_PICTURES_H

#include <stdbool.h>

#include "plots/plot.h"

struct pictures {
	const char *only; /* a part of the heading of the wanted one; NULL: any */
	enum plot_format format;
	char *bytes; /* of the first that fits */
	size_t size;
	size_t nr, nr_fit; /* all, and those that fit */
	char *headings;	   /* of all, a line each */
	size_t headings_size;
	FILE *list;
};

void pictures_begin(struct pictures *pictures, const char *only, enum plot_format format);

/* Ends the plot. */
void pictures_take(struct pictures *pictures, struct plot *plot, const char *heading);

/* Write the one that fits; ends the program when none does, or more than one. what is told then. */
void pictures_end(struct pictures *pictures, const char *what, const char *path);

#endif
