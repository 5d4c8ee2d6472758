/* SPDX-License-Identifier: GPL-2.0-only */
/* What the harness itself costs, from the calibration cases of a result. */
#ifndef BENCH_HARNESS_H
#define BENCH_HARNESS_H

#include <jansson.h>

/* By case, without "calibrate/", and the unit; of those that were measured. NULL: none was. */
json_t *harness_costs(const json_t *benchmarks);

/* In one line, for people. */
void harness_tell(const json_t *costs, char line[200]);

#endif
