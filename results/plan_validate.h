/* SPDX-License-Identifier: GPL-2.0-only */
/* Predictions of what was measured, and left out of the fit; beside what is promised. */
#ifndef CLAIMPERF_RESULTS_PLAN_VALIDATE_H
#define CLAIMPERF_RESULTS_PLAN_VALIDATE_H

#include <stdbool.h>

#include <jansson.h>

#include "results/plan_calibration.h"

#define VALIDATE_COUNTS 0.05
#define VALIDATE_TIMES 0.15
#define VALIDATE_WAITS 0.25

enum validate_kind { VALIDATED_COUNT, VALIDATED_TIME, VALIDATED_WAIT, VALIDATED_KINDS };

/* The worst point of what was held out together. */
struct validated {
	enum validate_kind kind;
	char what[160], held_out[64];
	double predicted, measured;
	size_t points;
	bool not_judged; /* the threads did not meet as predicted: they had no CPUs */
};

struct validation {
	struct validated *rows;
	size_t nr;
};

/* 0 or -ENOMEM; validation_free() after both. */
int validate(const struct plan_calibration *calibration, struct validation *out);
void validation_free(struct validation *v);

/* How far a row is off, as a share; is that more than what is promised of its kind? */
double validated_error(const struct validated *row);
bool validated_is_worse(const struct validated *row);

/* A table: the worst of each path, and all waits. */
void validation_print(const struct validation *v);
json_t *validation_to_json(const struct validation *v);

#endif
