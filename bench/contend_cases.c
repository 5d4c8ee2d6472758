// SPDX-License-Identifier: GPL-2.0-only
#include "bench/contend_cases.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

static const unsigned int orders[] = {0, 9};
#define ORDERS (sizeof(orders) / sizeof(*orders))

static struct contend_case family_case(size_t family)
{
	return (struct contend_case){.order = orders[family % ORDERS],
				     .shared = family / ORDERS % 2,
				     .installer = family / ORDERS / 2,
				     .family = family};
}

static unsigned int next_count(unsigned int count, unsigned int last)
{
	return count < last && 2 * count > last ? last : 2 * count;
}

static bool is_wanted(const struct contend_case *c, unsigned int most, const regex_t *filter)
{
	if (most && c->threads + c->installer > most)
		return false;
	return !filter || !regexec(filter, c->name, 0, NULL, 0);
}

int contend_list(unsigned int threads, unsigned int most, const regex_t *filter,
		 struct contend_case **cases)
{
	struct contend_case *next = calloc(CONTEND_MAX_CASES, sizeof(*next));

	*cases = next;
	if (!next)
		return -ENOMEM;
	for (size_t family = 0; family < CONTEND_MAX_FAMILIES; family++) {
		size_t index = 0;

		for (unsigned int n = 1; n <= threads; n = next_count(n, threads)) {
			*next = family_case(family);
			next->threads = n;
			next->index = index++;
			snprintf(next->name, sizeof(next->name),
				 "contend/order:%u/domain:%s/installer:%s/threads:%u", next->order,
				 next->shared ? "shared" : "own", next->installer ? "yes" : "no",
				 n);
			next += is_wanted(next, most, filter);
		}
	}
	return (int)(next - *cases);
}
