// SPDX-License-Identifier: GPL-2.0-only
#include "results/plan_whole.h"

#include <math.h>

#include "results/plan_cost.h"

/* As scripts/calibrate has them built: a claim on the node, 2 % in single pages. */
static int factor_of(const struct plan_calibration *calibration, const struct plan_whole *whole,
		     double *factor, char error[RESULT_ERROR_SIZE])
{
	static struct plan_ctx ctx;
	struct plan_host host = {.nodes = whole->nodes};
	struct plan_group group = {.memory = (uint64_t)whole->pages * PLAN_PAGE,
				   .claim = CLAIM_NODES,
				   .parts = 1,
				   .mix = {{{9, 0.98}, {0, 0.02}}, 2}};
	struct plan_domain_cost cost;
	int rc;

	ctx = (struct plan_ctx){.calibration = calibration,
				.host = &host,
				.alone = true,
				.factor = 1,
				.error = error};
	rc = plan_cost(&ctx, &group, &cost);
	if (!rc)
		*factor = whole->seconds * 1e9 / cost.ns;
	return rc;
}

int whole_factor(const struct plan_calibration *calibration, size_t number, double *factor,
		 char error[RESULT_ERROR_SIZE])
{
	double one, least = INFINITY;
	int rc = 0;

	*factor = 1;
	if (!calibration->nr_wholes)
		return 0;
	if (number != SIZE_MAX)
		return factor_of(calibration, &calibration->wholes[number % calibration->nr_wholes],
				 factor, error);
	for (size_t i = 0; !rc && i < calibration->nr_wholes; i++) {
		rc = factor_of(calibration, &calibration->wholes[i], &one, error);
		least = fmin(least, one);
	}
	*factor = least;
	return rc;
}
