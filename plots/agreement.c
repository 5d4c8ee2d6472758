// SPDX-License-Identifier: GPL-2.0-only
#include "plots/agreement.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Quotients of integers below 2^53 are rounded correctly: equal fractions stay equal. */
static double value_of(struct fraction f)
{
	return (double)f.num / (double)f.den;
}

int fraction_order(struct fraction a, struct fraction b)
{
	return (value_of(a) > value_of(b)) - (value_of(a) < value_of(b));
}

int fraction_sign(struct fraction f)
{
	return (f.num > 0) - (f.num < 0);
}

bool agreement_pair(const struct agreement_case *a, const struct agreement_case *b)
{
	return fraction_order(a->lab->verdict.delta, b->lab->verdict.delta) ==
	       fraction_order(a->host->verdict.delta, b->host->verdict.delta);
}

static const struct comparison_row *find_same(const struct comparison *lab,
					      const struct comparison_row *row)
{
	size_t i;

	for (i = 0; lab && row_compared(row) && i < lab->nr_rows; i++)
		if (row_compared(&lab->rows[i]) && !strcmp(lab->rows[i].name, row->name) &&
		    !strcmp(lab->rows[i].before->name, row->before->name))
			return &lab->rows[i];
	return NULL;
}

static void rank_case(struct agreement *a, struct agreement_case *own)
{
	size_t i;

	own->lab_rank = own->host_rank = 1;
	for (i = 0; i < a->nr; i++) {
		const struct agreement_case *other = &a->cases[i];

		own->lab_rank +=
			fraction_order(other->lab->verdict.delta, own->lab->verdict.delta) < 0;
		own->host_rank +=
			fraction_order(other->host->verdict.delta, own->host->verdict.delta) < 0;
		a->nr_pairs += other < own;
		a->nr_same_order += other < own && agreement_pair(own, other);
	}
	a->nr_same_rank += own->lab_rank == own->host_rank;
}

static void judge_case(struct agreement *a, const struct agreement_case *own)
{
	struct fraction lab = own->lab->verdict.delta, host = own->host->verdict.delta;
	struct fraction apart = {host.num * (__int128)lab.den - lab.num * (__int128)host.den,
				 host.den * lab.den};

	a->nr_same_sign += fraction_sign(lab) == fraction_sign(host);
	a->nr_equal += !apart.num;
	if (apart.num < 0)
		apart.num = -apart.num;
	if (fraction_order(apart, a->most_apart) > 0)
		a->most_apart = apart;
}

int agreement_find(const struct comparison *lab, const struct comparison *host,
		   struct agreement *out)
{
	size_t i;

	*out = (struct agreement){.most_apart = {0, 1}};
	out->cases = calloc(host->nr_rows + 1, sizeof(*out->cases));
	if (!out->cases)
		return -ENOMEM;
	for (i = 0; i < host->nr_rows; i++) {
		const struct comparison_row *same = find_same(lab, &host->rows[i]);

		if (same)
			out->cases[out->nr++] =
				(struct agreement_case){.lab = same, .host = &host->rows[i]};
	}
	for (i = 0; i < out->nr; i++) {
		rank_case(out, &out->cases[i]);
		judge_case(out, &out->cases[i]);
	}
	return 0;
}

void agreement_free(struct agreement *agreement)
{
	free(agreement->cases);
	*agreement = (struct agreement){0};
}
