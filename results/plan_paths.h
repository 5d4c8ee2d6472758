/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Paths through the allocator and what they cost: cases that differ only in order, nodes or entries
 * are points of one path, whatever run they are of.
 */
#ifndef CLAIMPERF_RESULTS_PLAN_PATHS_H
#define CLAIMPERF_RESULTS_PLAN_PATHS_H

#include "results/plan_fit.h"
#include "results/result.h"

enum path_kind { PATH_COUNTS, PATH_TIMES, PATH_KINDS };

struct plan_path {
	char name[128]; /* of its cases, without order, entries and the usual batch */
	struct path_points {
		struct fit_point *points;
		size_t nr;
		struct fit fit; /* of paths_fit(), when nr > 0 */
	} of[PATH_KINDS];
};

struct plan_paths {
	struct plan_path *paths;
	size_t nr;
};

/* Add the measured cases of the run of that number; 0 or -ENOMEM. */
int paths_add(struct plan_paths *all, const struct result *run, size_t number);

/* Fit all; where the integers do not fit, in real numbers. */
void paths_fit(struct plan_paths *all);

/* NULL: nothing of that path was measured. */
const struct plan_path *paths_find(const struct plan_paths *all, const char *name);

/*
 * How far a cost is off where it was measured, at least and at most. That without something (NULL:
 * there is nothing to compare with) has the same remainders, as a rule, so that they cancel out.
 */
void paths_remainders(const struct path_points *with, const struct path_points *without,
		      double *low, double *high);

void paths_free(struct plan_paths *all);

/* A path's name from a case's, and where the case is on it. */
void paths_name(const char *name, char path[128], uint64_t at[FIT_TERMS]);

/* A host of one node takes other branches than one of two: its paths are others, "…/nodes:1". */
void paths_on_nodes(char path[128], uint64_t nodes);

#endif
