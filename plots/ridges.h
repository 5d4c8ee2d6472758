/* SPDX-License-Identifier: GPL-2.0-only */
/* Histograms one below the other, each scaled to its own highest bar. */
#ifndef CLAIMPERF_PLOTS_RIDGES_H
#define CLAIMPERF_PLOTS_RIDGES_H

#include "lib/hist.h"
#include "plots/report.h"

#define MAX_RIDGES 40

struct ridge {
	char name[64];
	bool after;
	struct hist *hist;
};

struct ridges {
	struct ridge ridges[MAX_RIDGES];
	unsigned int nr;
};

/* The ridge of that name and side, made when needed; NULL when there are too many. */
struct ridge *ridges_get(struct ridges *ridges, const char *name, bool after);

/* Sort by name, before ahead of after. */
void ridges_sort(struct ridges *ridges);

#define RIDGES_SCRIPT "ridges.gp"
#define RIDGES_WIDTH 620

unsigned int ridges_height(const struct ridges *ridges);

/* Fill a plot of that script; heading, subtitle, axis and captions are the caller's. The names of
 * BEFORE and AFTER, NULL for none, follow those of the rows. */
void ridges_draw(struct plot *plot, const struct ridges *ridges, const char *const sides[2]);

void ridges_plot(struct report *report, const struct topology *topology,
		 const struct ridges *ridges, const char *heading, const char *subtitle,
		 const char *axis);

void ridges_free(struct ridges *ridges);

#endif
