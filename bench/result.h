/* SPDX-License-Identifier: GPL-2.0-only */
/* What was measured, in the schema of Google Benchmark 1.7 (its compare.py reads it). */
#ifndef BENCH_RESULT_H
#define BENCH_RESULT_H

#include <jansson.h>

#include "bench/bench.h"

/* The lab's exact mode counts instructions; everywhere else the counter measures time. */
#define UNIT_INSTRUCTIONS "instructions"
#define UNIT_TICKS "tsc"

struct bench_result {
	const struct bench_case *c;
	uint64_t *samples;
	size_t count;
	char error[200]; /* why it is invalid; empty: it is fine */
	json_t *proof;	 /* of its branches, of a pass that only proves; NULL: it was measured */
};

uint64_t result_min(const struct bench_result *r);

/*
 * One entry of "benchmarks"; NULL when memory is short. A skipped or invalid case gets
 * error_occurred and error_message; skipped ones also "skipped": true in "claimperf".
 * index: of the case in its family. tsc_khz: turns ticks to nanoseconds; unused for instructions.
 */
json_t *result_to_json(const struct bench_result *r, size_t family, size_t index,
		       const char *unit, uint64_t tsc_khz);

/* An entry that was written is invalid after all. */
void result_fail(json_t *entry, const char *why);

/* A file name made of a case's name: '/' and ':' become '_'. */
void result_slug(const char *name, char slug[BENCH_NAME]);

/* A reader sees the old file or the new one. 0 or an error for replace_error(). */
int result_write(json_t *document, const char *path);

#endif
