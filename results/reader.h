/* SPDX-License-Identifier: GPL-2.0-only */
/* Checks of what a result file says, with messages that name file and field. */
#ifndef CLAIMPERF_RESULTS_READER_H
#define CLAIMPERF_RESULTS_READER_H

#include <stdbool.h>
#include <stdint.h>

#include <jansson.h>

/* Where a check happens, for messages. */
struct reader {
	const char *path;
	char *error;	 /* RESULT_ERROR_SIZE */
	char where[256]; /* "benchmarks[3] (populate/…)" or "context" */
};

/* Write "FILE: WHERE: FIELD: what"; returns -EINVAL. */
int reader_fail(struct reader *r, const char *field, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* A string that is not empty. Absent: NULL and 0, or an error when it is required. */
int reader_string(struct reader *r, const json_t *object, const char *key, bool required,
		  const char **out);

/* A whole number from 0 to RESULT_MAX_SAMPLE; required. */
int reader_number(struct reader *r, const json_t *object, const char *key, uint64_t *out);

/* Parse the file. 0, -errno when it cannot be read, or -EINVAL with its line. */
int reader_load(struct reader *r, json_t **out);

#endif
