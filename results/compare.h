/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Two results, case by case.
 *
 * A case of AFTER is compared with the case of the same name in BEFORE. Where
 * BEFORE lacks it (the old hypervisor cannot do it) it is compared with the
 * case named as its reference: what the new thing costs, not a regression, so
 * only a budget line of its own gates it. A line can name yet another case. A case measured in BEFORE and not in
 * AFTER is lost, as is one that failed in AFTER. It fails the comparison: nothing
 * is known about it any more.
 */
#ifndef CLAIMPERF_RESULTS_COMPARE_H
#define CLAIMPERF_RESULTS_COMPARE_H

#include "results/budget.h"
#include "results/paired.h"
#include "results/profile.h"
#include "results/result.h"
#include "results/verdict.h"

enum row_kind {
	ROW_SAME,      /* same case on both sides */
	ROW_REFERENCE, /* AFTER's case against another case of BEFORE */
	ROW_NEW,       /* measured in AFTER only, and no reference to be had */
	ROW_LOST,      /* measured in BEFORE only, or failed in AFTER */
	ROW_SKIPPED,   /* measured on neither side */
};

struct comparison_row {
	enum row_kind kind;
	const char *name;
	const struct result_case *before; /* what it is compared with; NULL unless compared */
	const struct result_case *after;  /* NULL unless measured in AFTER */
	const char *reason;		  /* why it is not compared, or why the verdict is open */
	/*
	 * When compared, the costs of an operation that are: the least of exact data; of noisy ones
	 * the median, or in pairs the geometric mean, whose ratio is the effect.
	 */
	struct fraction cost_before, cost_after;
	struct verdict verdict;		  /* when compared */
	struct paired paired;		  /* of noisy cases that come in pairs; else nr is 0 */
	bool path_known;		  /* the profiles show the claim check and redeem path */
	struct fraction path_delta;
	/* Both profiles, when both sides have one. */
	struct profile *profile_before, *profile_after;
	const struct budget_line *budget;
	const struct result_case *against; /* what the budget's line compares it with */
	struct fraction budget_delta;	   /* and the difference from that, when compared */
	bool over_budget;
};

struct comparison {
	const struct result *before, *after;
	struct comparison_row *rows; /* in AFTER's order, then what only BEFORE has */
	size_t nr_rows;
	size_t nr_over_budget;
};

/* Noisy costs, to a thousandth, and their difference. */
void row_set_costs(struct comparison_row *row, double before, double after);

/* Was this row judged? */
static inline bool row_compared(const struct comparison_row *row)
{
	return row->kind == ROW_SAME || row->kind == ROW_REFERENCE;
}

/*
 * Judge all cases, noisy ones if they come in pairs (results/pairs.h; aa is NULL, or two results for
 * its A/A). budget may be empty. The results and the budget must outlive *out, which compare_free()
 * releases. Returns 0, -EINVAL with a message in
 * error (two cases that do not compare, a damaged profile, a budget that finds
 * nothing in BEFORE to compare its case with) or -ENOMEM.
 */
int compare_results(const struct result *before, const struct result *after,
		    const struct budget *budget, const struct result *const aa[2], struct comparison *out,
		    char error[RESULT_ERROR_SIZE]);

void compare_free(struct comparison *comparison);

/*
 * "regressed", "improved"; of reference rows "cost", "saving"; "" when equal
 * or not judged.
 */
const char *row_direction(const struct comparison_row *row);

/* "same", "reference", "new", "lost", "skipped". */
const char *row_kind_name(enum row_kind kind);

#endif
