/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The runs that coefficients come from: those of a calibration, a file that names them, and the
 * machine (claimperf calibrate writes it), or some results.
 */
#ifndef CLAIMPERF_RESULTS_PLAN_CALIBRATION_H
#define CLAIMPERF_RESULTS_PLAN_CALIBRATION_H

#include "results/plan_holds.h"
#include "results/plan_paths.h"

#define CALIBRATION_VERSION 1

/* What a whole domain took, as the mean of a run's. */
struct plan_whole {
	unsigned int nodes; /* of the host */
	double pages, seconds;
};

struct plan_calibration {
	json_t *root;		/* NULL: results without one */
	const char *cpu, *date; /* "" when unknown */
	struct result **runs;
	size_t nr;
	struct plan_paths paths; /* fitted */
	struct plan_holds holds;
	struct plan_whole *wholes;
	size_t nr_wholes;
};

/*
 * 0, -ENOMEM or -EINVAL with a message in error; calibration_free() after both. Runs must be of
 * one target and one hypervisor, but for those of threads, whose hypervisor has trace points.
 */
int calibration_load(const char *file, struct plan_calibration *out, char error[RESULT_ERROR_SIZE]);
int calibration_take(char **files, size_t nr, struct plan_calibration *out,
		     char error[RESULT_ERROR_SIZE]);
void calibration_free(struct plan_calibration *calibration);

/* What was run there: file, target, hypervisor and its key, suite, compiler. */
void calibration_name_run(const struct plan_calibration *calibration, size_t run, char text[200]);

#endif
