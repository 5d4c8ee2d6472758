/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Budgets: how many instructions per operation a case may gain. A reviewed text
 * file, one line a budget, blank lines and lines starting with '#' are skipped:
 *
 *   GLOB_OR_NAME  +MAX_INSTRUCTIONS  # why
 *
 * The reason is required. The first line that matches a case's name counts.
 */
#ifndef CLAIMPERF_RESULTS_BUDGET_H
#define CLAIMPERF_RESULTS_BUDGET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct budget_line {
	char *pattern; /* as for fnmatch(3); '*' matches '/' too */
	char *why;
	uint64_t instructions;
	unsigned int line; /* in the file, from 1 */
};

struct budget {
	struct budget_line *lines;
	size_t nr;
};

#define BUDGET_ERROR_SIZE 256

/* 0 and *out (budget_free()), or -errno with "FILE:LINE: what is wrong" in error. */
int budget_read(const char *path, struct budget *out, char error[BUDGET_ERROR_SIZE]);

void budget_free(struct budget *budget);

/* The line for that case, or NULL. */
const struct budget_line *budget_find(const struct budget *budget, const char *name);

#endif
