/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Verdicts on exact data: integers are compared, nothing is estimated.
 *
 *   difference of an operation                                    size
 *   0                                                             IDENTICAL
 *   at least 1 %, or at least 64 instructions inside the claim
 *   check or redeem path (known only with a profile)              MAJOR
 *   below 0.2 % and below 8 instructions                          NOTE
 *   anything else                                                 MINOR
 *
 * The sign is told apart from the size: an improvement has the same sizes.
 */
#ifndef CLAIMPERF_RESULTS_VERDICT_H
#define CLAIMPERF_RESULTS_VERDICT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* An exact fraction of instructions per operation; den >= 1. */
struct fraction {
	__int128 num;
	uint64_t den;
};

enum verdict_size {
	VERDICT_IDENTICAL,
	VERDICT_NOTE,
	VERDICT_MINOR,
	VERDICT_MAJOR,
	/* Of noisy data, to which the rules above do not apply, see paired.h: */
	VERDICT_INCONCLUSIVE,
	VERDICT_EQUIVALENT,
	VERDICT_IMPROVED,
	VERDICT_REGRESSED,
	VERDICT_SIZES,
};

struct verdict {
	enum verdict_size size;
	struct fraction delta; /* after - before, per operation; positive is worse */
	double percent;	       /* of before */
};

/* a / a_ops - b / b_ops. Sums up to 2^53, operations 1 … 2^31. */
struct fraction fraction_subtract(uint64_t a, uint64_t a_ops, uint64_t b, uint64_t b_ops);

/* Is |f| at least limit? */
bool fraction_reaches(struct fraction f, uint64_t limit);

/* Is f more than limit? */
bool fraction_exceeds(struct fraction f, int64_t limit);

/* Is f more than percent/100 of before/ops? percent up to 1000 either way. */
bool fraction_exceeds_share(struct fraction f, uint64_t before, uint64_t ops, int64_t percent);

/*
 * before and after are sums over ops operations, before not 0. path_delta is
 * the difference inside the claim check and redeem path, NULL when unknown.
 */
struct verdict judge_exact(uint64_t before, uint64_t before_ops, uint64_t after, uint64_t after_ops,
			   const struct fraction *path_delta);

/* "IDENTICAL" … "REGRESSED". */
const char *verdict_name(enum verdict_size size);

#define FRACTION_TEXT_SIZE 48

/*
 * Print as a decimal with thousands separators left out: at least three
 * places, and up to ten where that makes it exact ("1.000", "0.0009765625").
 * A fraction that no ten places hold is rounded and starts with "~".
 * With sign, positive numbers get a "+". Returns text.
 */
const char *fraction_format(struct fraction f, bool sign, char text[FRACTION_TEXT_SIZE]);

/* As fraction_format(), rounded to three places; "~" never appears. For tables. */
const char *fraction_format_short(struct fraction f, bool sign, char text[FRACTION_TEXT_SIZE]);

#endif
