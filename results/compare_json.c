// SPDX-License-Identifier: GPL-2.0-only
#include "results/compare_print.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "results/paired_print.h"

/* Every function returns a new reference or NULL; the _new setters of jansson pass NULL on as an
 * error. */

static json_t *side_json(const struct result_case *test, struct fraction cost)
{
	json_t *side = json_pack("{s:s, s:s, s:s, s:s, s:I, s:I, s:f}", "name", test->name, "kind",
				 test->kind == KIND_EXACT ? "exact" : "noisy", "unit", test->unit,
				 "per", test->per, "min_sample", (json_int_t)test->min_sample, "ops",
				 (json_int_t)test->ops, "value",
				 (double)cost.num / (double)cost.den);
	double median;

	if (test->kind == KIND_NOISY && !result_median(test, &median))
		json_object_set_new(side, "median", json_real(median));
	return side;
}

static json_t *fraction_json(struct fraction f)
{
	char text[FRACTION_TEXT_SIZE];

	return json_pack("{s:I, s:I, s:s}", "num", (json_int_t)f.num, "den", (json_int_t)f.den,
			 "text", fraction_format(f, true, text));
}

static json_t *paired_json(const struct paired *p)
{
	json_t *object = json_object();

	if (!paired_set_json(object, p))
		return object;
	json_decref(object);
	return NULL;
}

static json_t *list_functions(const struct profile_difference *list, size_t nr)
{
	json_t *array = json_array();

	for (size_t i = 0; i < nr; i++) {
		if (!json_array_append_new(array, json_pack("{s:s, s:o}", "name", list[i].function, "delta",
							    fraction_json(list[i].delta))))
			continue;
		json_decref(array);
		return NULL;
	}
	return array;
}

static json_t *profile_path_json(const struct result *result, const struct result_case *test)
{
	char *path = result_raw_path(result, test, "profile.txt");
	json_t *string = path ? json_string(path) : NULL;

	free(path);
	return string;
}

/* What the verdict is the sum of, and the records that say so. */
static json_t *attribution_json(const struct comparison *c, const struct comparison_row *row)
{
	struct profile_difference *list;
	json_t *object;
	size_t nr;

	if (profile_compare(row->profile_before, row->profile_after, &list, &nr))
		return NULL;
	object = json_pack("{s:o, s:b, s:o, s:o}", "functions", list_functions(list, nr), "complete",
			   profile_explains(list, nr, row->verdict.delta),
			   "before", profile_path_json(c->before, row->before), "after",
			   profile_path_json(c->after, row->after));
	free(list);
	return object;
}

static int add_verdict(json_t *object, const struct comparison *c, const struct comparison_row *row)
{
	int bad = json_object_set_new(object, "before", side_json(row->before, row->cost_before));

	bad |= json_object_set_new(object, "after", side_json(row->after, row->cost_after));
	bad |= json_object_set_new(object, "delta", fraction_json(row->verdict.delta));
	bad |= json_object_set_new(object, "percent", json_real(row->verdict.percent));
	bad |= json_object_set_new(object, "verdict", json_string(verdict_name(row->verdict.size)));
	bad |= json_object_set_new(object, "direction", json_string(row_direction(row)));
	if (row->paired.nr)
		bad |= json_object_set_new(object, "paired", paired_json(&row->paired));
	if (row->path_known)
		bad |= json_object_set_new(object, "claim_path_delta",
					   fraction_json(row->path_delta));
	if (row->profile_before && row->profile_after)
		bad |= json_object_set_new(object, "attribution", attribution_json(c, row));
	return bad;
}

static json_t *budget_json(const struct comparison_row *row)
{
	const struct budget_line *line = row->budget;
	json_t *object = json_pack("{s:I, s:s, s:s, s:i}", line->percent ? "percent" : "instructions",
				   (json_int_t)line->amount, "why", line->why, "file", line->path,
				   "line", line->line);

	if (object && row->against &&
	    (json_object_set_new(object, "against", json_string(row->against->name)) ||
	     json_object_set_new(object, "delta", fraction_json(row->budget_delta)))) {
		json_decref(object);
		return NULL;
	}
	return object;
}

static json_t *row_json(const struct comparison *c, const struct comparison_row *row)
{
	json_t *object = json_pack("{s:s, s:s, s:b}", "name", row->name, "compared",
				   row_kind_name(row->kind), "over_budget", row->over_budget);
	int bad = !object;

	if (row->reason)
		bad |= json_object_set_new(object, "reason", json_string(row->reason));
	if (row_compared(row))
		bad |= add_verdict(object, c, row);
	if (row->budget)
		bad |= json_object_set_new(object, "budget", budget_json(row));
	if (!bad)
		return object;
	json_decref(object);
	return NULL;
}

json_t *differences_json(const struct fingerprint_fields *fields)
{
	json_t *list = json_array();
	size_t i;

	for (i = 0; i < fields->nr; i++) {
		const struct fingerprint_field *field = &fields->fields[i];

		if (field->differs &&
		    json_array_append_new(list,
					  json_pack("{s:s, s:s?, s:s?, s:b}", "field", field->path,
						    "before", field->before, "after", field->after,
						    "may_differ", field->may_differ))) {
			json_decref(list);
			return NULL;
		}
	}
	return list;
}

int print_json(const struct comparison *c, const struct fingerprint_fields *fields)
{
	json_t *root = json_pack("{s:s, s:s, s:I, s:b, s:{s:I, s:I}}", "before", c->before->path, "after",
				 c->after->path, "over_budget", (json_int_t)c->nr_over_budget,
				 "fingerprints_known", fields->before_known && fields->after_known,
				 "unproven", "before",
				 (json_int_t)result_count_unproven(c->before), "after",
				 (json_int_t)result_count_unproven(c->after));
	json_t *rows = json_array();
	int bad = !root;
	size_t i;

	for (i = 0; i < c->nr_rows && !bad; i++)
		bad |= json_array_append_new(rows, row_json(c, &c->rows[i]));
	bad |= json_object_set_new(root, "differences", differences_json(fields));
	bad |= json_object_set_new(root, "cases", rows);
	if (!bad)
		bad = json_dumpf(root, stdout, JSON_INDENT(1)) || putchar('\n') == EOF;
	json_decref(root);
	return bad ? -ENOMEM : 0;
}
