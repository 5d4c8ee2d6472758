/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A plot: a gnuplot script of plots/, its parameters and a table of data.
 *
 * The script finds its parameters as gnuplot variables, the data as "data.tsv"
 * (tab-separated, in the folder it runs in), and writes SVG to standard output
 * with the terminal that plots/common.gp sets up.
 */
#ifndef CLAIMPERF_PLOTS_PLOT_H
#define CLAIMPERF_PLOTS_PLOT_H

#include <stdio.h>

struct plot {
	char folder[64]; /* temporary */
	char *script;	 /* absolute path */
	FILE *data;	 /* data.tsv, for the caller to fill */
	FILE *settings;
	unsigned int width, height; /* in pixels at a scale of 1 */
};

/* Ends the program with a message when the temporary folder cannot be made. */
void plot_begin(struct plot *plot, const char *root, const char *script, unsigned int width,
		unsigned int height);

void plot_set(struct plot *plot, const char *variable, const char *text);
void plot_set_number(struct plot *plot, const char *variable, double value);

/* A field of the data; tabs and line breaks in it become blanks. */
void plot_put(struct plot *plot, const char *text);

/*
 * End a block of `points` lines of data: the next of *series, with a name and a style, which the script
 * finds as nameN and styleN. Without points it is none: gnuplot complains of empty ones.
 */
void plot_end_series(struct plot *plot, unsigned int points, const char *name, unsigned int style,
		     unsigned int *series);

/*
 * Run gnuplot, write the picture as an inline <svg> with that title, and remove
 * the temporary folder. Names inside the picture get the prefix "pN-", so that
 * pictures of one page do not share them. Ends the program when gnuplot fails.
 */
void plot_end(struct plot *plot, FILE *out, const char *title);

#endif
