// SPDX-License-Identifier: GPL-2.0-only
/* Of each changed count, the functions that changed, and the records that say so. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "results/compare_print.h"

#define SHOWN 3

static bool has_functions(const struct comparison_row *row)
{
	return row_compared(row) && row->verdict.size < VERDICT_INCONCLUSIVE &&
	       row->verdict.delta.num && row->profile_before && row->profile_after;
}

static void print_list(const struct profile_difference *list, size_t nr)
{
	struct fraction rest = {0, nr ? list[0].delta.den : 1};
	char delta[FRACTION_TEXT_SIZE];

	for (size_t i = 0; i < nr; i++) {
		if (i >= SHOWN && nr > SHOWN + 1)
			rest.num += list[i].delta.num;
		else
			printf("%s%s %s", i ? ", " : " ",
			       fraction_format(list[i].delta, true, delta), list[i].function);
	}
	if (nr > SHOWN + 1)
		printf(", %s in %zu others", fraction_format(rest, true, delta), nr - SHOWN);
}

static void print_case(const struct comparison *c, const struct comparison_row *row, int width)
{
	char *records = result_raw_path(c->after, row->after, "profile.txt");
	char delta[FRACTION_TEXT_SIZE];
	struct profile_difference *list;
	size_t nr;

	if (!profile_compare(row->profile_before, row->profile_after, &list, &nr)) {
		printf("%-*s %14s %s", width, row->name,
		       fraction_format(row->verdict.delta, true, delta),
		       profile_explains(list, nr, row->verdict.delta) ? "=" : "is not the sum of");
		print_list(list, nr);
		printf(" [%s]\n", records ? records : "");
		free(list);
	}
	free(records);
}

void print_functions(const struct comparison *c, int width)
{
	bool any = false;

	for (size_t i = 0; i < c->nr_rows; i++) {
		if (!has_functions(&c->rows[i]))
			continue;
		if (!any)
			printf("\nFunctions whose own instructions changed, per operation, and the "
			       "records of AFTER:\n");
		any = true;
		print_case(c, &c->rows[i], width);
	}
}
