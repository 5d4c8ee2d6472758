/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Budgets: how many instructions per operation a case may gain. A reviewed text
 * file, one line a budget, blank lines and lines starting with '#' are skipped:
 *
 *   GLOB_OR_NAME [vs CASE] AMOUNT # why
 *
 * AMOUNT is +N or -N instructions: the most it may gain, or the least it must
 * save; with a % at its end it is that of what the case is compared with.
 * CASE is another case of BEFORE to compare with. One parameter alone
 * ("claim:none") is put in the place of the case's own ("claim:set").
 * The reason is required. The first line that matches a case's name counts.
 */
#ifndef CLAIMPERF_RESULTS_BUDGET_H
#define CLAIMPERF_RESULTS_BUDGET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct budget_line {
	char *pattern; /* as for fnmatch(3); '*' matches '/' too */
	char *against; /* the CASE, or NULL */
	char *why;
	int64_t amount; /* instructions, or percent */
	bool percent;
	const char *path; /* of the file */
	unsigned int line; /* in the file, from 1 */
};

struct budget {
	struct budget_line *lines;
	size_t nr;
};

#define BUDGET_ERROR_SIZE 256

/*
 * Append the lines of a file to *budget, which starts as {0} and ends with
 * budget_free(). The path must outlive it. 0, or -errno with "FILE:LINE: what is
 * wrong" in error.
 */
int budget_read(const char *path, struct budget *budget, char error[BUDGET_ERROR_SIZE]);

void budget_free(struct budget *budget);

/* The line for that case, or NULL. */
const struct budget_line *budget_find(const struct budget *budget, const char *name);

/*
 * The name of the case that a line compares case name with, to be freed. NULL
 * with errno: EINVAL when the name has no such parameter, or ENOMEM.
 */
char *budget_against(const struct budget_line *line, const char *name);

#endif
