/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A plot: a gnuplot script of plots/, its parameters and a table of data.
 *
 * The script finds its parameters as gnuplot variables, the data as "data.tsv"
 * (tab-separated, in the folder it runs in), and writes to standard output
 * with the terminal that plots/common.gp sets up: SVG, unless the variable format says otherwise.
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
 * End a block of `points` lines of data: the next of *series, with a name and a style, which the
 * script finds as nameN and styleN. Without points it is none: gnuplot complains of empty ones.
 */
void plot_end_series(struct plot *plot, unsigned int points, const char *name, unsigned int style,
		     unsigned int *series);

/*
 * All of these run gnuplot, end the program when it fails, and remove the temporary folder.
 *
 * As an inline <svg> with that title. Names inside of it get the prefix "pN-", so that pictures of
 * one page do not share them.
 */
void plot_end(struct plot *plot, FILE *out, const char *title);

/* The same as a <figure>, with a link to its parameters and data. */
void plot_end_figure(struct plot *plot, FILE *out, const char *title);

enum plot_format { PLOT_SVG, PLOT_PNG, PLOT_TEXT };

/* A file of that format; as text about a hundred columns wide. */
void plot_end_file(struct plot *plot, enum plot_format format, FILE *out, const char *title);

/* Draw nothing. */
void plot_drop(struct plot *plot);

#endif
