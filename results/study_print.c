// SPDX-License-Identifier: GPL-2.0-only
#include "results/study_judge.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "results/compare_print.h"
#include "results/paired_print.h"

static void print_shifts(const struct study_row *row)
{
	for (size_t i = 0; i < BOOT_QUANTILES; i++) {
		const struct quantile_shift *shift = &row->shifts[i];

		if (!shift->nr)
			continue;
		printf(", %s %+.2f %%", boot_quantile_name((enum boot_quantile)i),
		       expm1(shift->effect) * 100);
		if (isfinite(shift->at95.low))
			printf(" [%+.2f, %+.2f]", expm1(shift->at95.low) * 100,
			       expm1(shift->at95.high) * 100);
	}
}

static void print_row(const struct study *study, const struct study_row *row, int width)
{
	size_t pairs = study_pairs(study, STUDY_BEFORE);
	char flagged[PAIRED_FLAGGED_TEXT];

	printf("%-*s %13.3f %13.3f  %s", width, row->metric->name, row->before, row->after,
	       verdict_name(row->paired.verdict));
	if (row->paired.nr) {
		putchar(' ');
		paired_print_effect(stdout, &row->paired);
		if (!row->reason)
			paired_print_judged(stdout, &row->paired);
		fputs(paired_flagged_text(&row->paired, flagged), stdout);
	}
	if (row->reason)
		printf(", %s", row->reason);
	print_shifts(row);
	if (row->aa.nr) {
		printf("; A/A %s ", row->metric->primary ? verdict_name(row->aa.verdict) : "");
		paired_print_effect(stdout, &row->aa);
		fputs(paired_flagged_text(&row->aa, flagged), stdout);
	}
	if (row->paired.nr < pairs)
		printf("; %zu of %zu pairs", row->paired.nr, pairs);
	printf("; of %zu rounds %zu warm-up, %zu outliers", row->rounds, row->dropped,
	       row->outliers);
	if (row->unsteady)
		printf(", %zu boots unsteady", row->unsteady);
	putchar('\n');
}

static void print_counts(const struct verdicts *v)
{
	size_t counts[VERDICT_SIZES] = {0};

	for (size_t i = 0; i < v->study->nr_metrics; i++)
		counts[v->rows[i].paired.verdict]++;
	printf("\n%zu REGRESSED, %zu IMPROVED, %zu EQUIVALENT, %zu INCONCLUSIVE.\n",
	       counts[VERDICT_REGRESSED], counts[VERDICT_IMPROVED], counts[VERDICT_EQUIVALENT],
	       counts[VERDICT_INCONCLUSIVE]);
}

void study_print_text(const struct verdicts *v, const struct fingerprint_fields *fields)
{
	const struct study *study = v->study;
	size_t i, width = strlen("METRIC");
	const json_t *why;

	for (i = 0; i < study->nr_metrics; i++)
		if (strlen(study->metrics[i].name) > width)
			width = strlen(study->metrics[i].name);
	printf("STUDY   %s: %zu pairs, seed %llu, order %s\n", study->path,
	       study_pairs(study, STUDY_BEFORE), (unsigned long long)study->seed, study->order);
	if (!*study->aa_order)
		printf("No A/A: nobody knows what this host shows where nothing differs.\n");
	json_array_foreach(study->failed, i, why)
		printf("Failed boot: %s\n", json_string_value(why));
	print_fingerprints(fields);
	printf("\n%-*s %13s %13s  VERDICT (per operation)\n", (int)width, "METRIC", "BEFORE",
	       "AFTER");
	for (i = 0; i < study->nr_metrics; i++)
		print_row(study, &v->rows[i], (int)width);
	print_counts(v);
}

static json_t *shifts_json(const struct study_row *row)
{
	json_t *object = json_object();
	int bad = !object;

	for (size_t i = 0; i < BOOT_QUANTILES; i++) {
		const struct quantile_shift *shift = &row->shifts[i];

		if (shift->nr)
			bad |= json_object_set_new(
				object, boot_quantile_name((enum boot_quantile)i),
				json_pack("{s:I, s:o, s:[o, o]}", "pairs", (json_int_t)shift->nr,
					  "effect", paired_real(shift->effect), "interval",
					  paired_real(shift->at95.low),
					  paired_real(shift->at95.high)));
	}
	if (!bad)
		return object;
	json_decref(object);
	return NULL;
}

static int add_paired(json_t *object, const struct paired *p)
{
	int bad = json_object_set_new(object, "verdict", json_string(verdict_name(p->verdict)));

	return bad | (p->nr ? paired_set_json(object, p)
			    : json_object_set_new(object, "pairs", json_integer(0)));
}

static json_t *row_json(const struct study_row *row)
{
	json_t *aa = row->aa.nr ? json_object() : json_null();
	json_t *object = json_pack(
		"{s:s, s:s, s:s, s:b, s:f, s:f, s:I, s:I, s:I, s:I, s:s?, s:o}", "name",
		row->metric->name, "unit", row->metric->unit, "per", row->metric->per, "primary",
		row->metric->primary, "before", row->before, "after", row->after, "rounds",
		(json_int_t)row->rounds, "dropped", (json_int_t)row->dropped, "outliers",
		(json_int_t)row->outliers, "unsteady", (json_int_t)row->unsteady, "reason",
		row->reason, "quantiles", shifts_json(row));
	int bad = add_paired(object, &row->paired);

	if (row->aa.nr)
		bad |= add_paired(aa, &row->aa);
	bad |= json_object_set_new(object, "aa", aa);
	if (!bad)
		return object;
	json_decref(object);
	return NULL;
}

int study_print_json(const struct verdicts *v, const struct fingerprint_fields *fields)
{
	const struct study *study = v->study;
	json_t *rows = json_array(), *root;
	int bad = !rows;

	for (size_t i = 0; i < study->nr_metrics && !bad; i++)
		bad = json_array_append_new(rows, row_json(&v->rows[i]));
	root = json_pack("{s:s, s:I, s:s, s:I, s:o, s:o}", "study", study->path, "seed",
			 (json_int_t)study->seed, "order", study->order, "regressed",
			 (json_int_t)v->regressed, "differences", differences_json(fields),
			 "metrics", rows);
	if (root && study->failed)
		bad |= json_object_set(root, "failed", (json_t *)study->failed);
	bad = bad || !root || json_dumpf(root, stdout, JSON_INDENT(1)) || putchar('\n') == EOF;
	json_decref(root);
	return bad ? -ENOMEM : 0;
}
