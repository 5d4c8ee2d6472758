/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What hyperfine --export-json writes, as a result: each command is a noisy case of its name, in ns
 * per run. Where a run did not exit with 0 the case failed. "context" is not hyperfine's: claimperf
 * scenario adds it.
 */
#ifndef CLAIMPERF_RESULTS_HYPERFINE_H
#define CLAIMPERF_RESULTS_HYPERFINE_H

#include "results/reader.h"

/* Is this a document of hyperfine's? */
bool hyperfine_recognize(const json_t *root);

/* A new document in the format of results/result.h; 0, -EINVAL with a message, or -ENOMEM. */
int hyperfine_convert(struct reader *r, const json_t *root, json_t **out);

#endif
