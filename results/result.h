/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A stored benchmark result: Google Benchmark's JSON (schema of 1.7.1) with an
 * object "claimperf" in "context" (the fingerprint) and in each benchmark; or
 * what hyperfine exports, see hyperfine.h.
 *
 * A case is measured or not ("error_occurred": true), and then either failed
 * ("claimperf": {"skipped": false}) or skipped for a good reason. Of a measured
 * case min_sample is the least sample, in `unit`, of `ops` operations; what one
 * operation is (an extent, a call) is named by `per`. The cost of an operation
 * is min_sample / ops, kept as two integers so that exact data stay exact.
 */
#ifndef CLAIMPERF_RESULTS_RESULT_H
#define CLAIMPERF_RESULTS_RESULT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

#include "results/shares.h"

#define RESULT_MAX_SAMPLE (UINT64_C(1) << 53) /* JSON readers that use doubles keep it exact */
#define RESULT_MAX_OPS (UINT64_C(1) << 31)

enum result_kind {
	KIND_EXACT, /* integers, bit-equal from machine to machine */
	KIND_NOISY, /* times; never gated by the exact rules */
};

/* All strings belong to the result that holds the case. */
struct result_case {
	const char *name;
	const char *skipped;   /* why there is no value; NULL when measured */
	bool failed;	       /* there should be one: it ran and is invalid */
	const char *reference; /* case to compare with when BEFORE lacks this one, or NULL */
	const char *raw;       /* folder of raw data, relative to the result file, or NULL */
	const json_t
		*details; /* the case's "claimperf" object; NULL when a skipped case has none */
	/* Valid when measured: */
	enum result_kind kind;
	const char *unit; /* "instructions" for exact data */
	const char *per;  /* what an operation is: "extent", "call" */
	uint64_t min_sample;
	uint64_t ops;
	size_t nr_samples;
	struct shares shares;
};

struct result {
	char *path;		   /* as opened; named in messages */
	json_t *root;		   /* owns what the cases point to */
	bool hyperfine;		   /* root was made from an export of hyperfine */
	const json_t *fingerprint; /* context.claimperf, an object; NULL: hyperfine alone wrote it */
	struct result_case *cases; /* in the order of the file */
	size_t nr_cases;
};

#define RESULT_ERROR_SIZE 512

/*
 * Read and check the whole file. On success 0 and *out is to be released with
 * result_free(). Otherwise -ENOENT and the like (cannot be read), -EINVAL (not
 * valid) or -ENOMEM, with "FILE: FIELD: what is wrong" in error; *out is NULL.
 */
int result_read(const char *path, struct result **out, char error[RESULT_ERROR_SIZE]);

void result_free(struct result *result);

/* Was it measured, and has nobody seen which branches it takes? */
bool result_unproven(const struct result_case *test);

/* How many of its cases that holds for. */
size_t result_count_unproven(const struct result *result);

/* The median over the samples of a measured case, per operation; 0 or -ENOMEM. */
int result_median(const struct result_case *test, double *out);

/* The case of that name, or NULL. */
const struct result_case *result_find(const struct result *result, const char *name);

/*
 * The path of a raw file of the case ("trace.xen", "perf.txt" …), to be freed;
 * NULL when the case has no raw data. The file itself need not exist.
 */
char *result_raw_path(const struct result *result, const struct result_case *test,
		      const char *file);

#endif
