// SPDX-License-Identifier: GPL-2.0-only
/* What a night takes from its study besides the verdicts: whether the host may judge, and results.
 */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "results/night.h"
#include "results/paired_print.h"
#include "results/stats.h"

/* A sample is of so many operations, so that whole numbers are fine enough. */
#define OPS 1000

static json_t *reason_of(const struct study_row *row)
{
	char interval[64] = "", flagged[PAIRED_FLAGGED_TEXT];

	if (!row->aa.nr)
		return json_sprintf("%s: no A/A, which shows what this host makes of no difference",
				    row->metric->name);
	if (row->aa.verdict == VERDICT_EQUIVALENT)
		return NULL;
	if (isfinite(row->aa.at90.low))
		snprintf(interval, sizeof(interval), " [%+.2f, %+.2f]",
			 expm1(row->aa.at90.low) * 100, expm1(row->aa.at90.high) * 100);
	return json_sprintf("%s: A/A is %s, %+.2f %%%s at 90 %%, where EQUIVALENT is within %.2f "
			    "%%%s: no verdicts tonight",
			    row->metric->name, verdict_name(row->aa.verdict),
			    expm1(row->aa.effect) * 100, interval, expm1(row->aa.delta) * 100,
			    paired_flagged_text(&row->aa, flagged));
}

json_t *night_gate(const struct verdicts *verdicts)
{
	json_t *reasons = json_array(), *reason;

	for (size_t i = 0; i < verdicts->study->nr_metrics; i++) {
		if (!verdicts->rows[i].metric->primary)
			continue;
		reason = reason_of(&verdicts->rows[i]);
		if (reason)
			json_array_append_new(reasons, reason);
	}
	return reasons;
}

/* Means of the boots whose pair is whole; the number of them, or -ENOMEM. */
static int boot_means(const struct study *study, const struct study_metric *metric,
		      enum study_arm arm, double means[PAIRED_MOST])
{
	int nr = 0;

	for (size_t i = 0; i < study_pairs(study, arm); i++) {
		struct boot_figures figures;

		if (!metric->boots[STUDY_BEFORE][i].nr || !metric->boots[STUDY_AFTER][i].nr)
			continue;
		if (boot_figures(&metric->boots[arm][i], study->seed, &figures))
			return -ENOMEM;
		means[nr++] = figures.mean;
	}
	return nr;
}

static json_t *case_json(const struct study *study, const struct study_metric *metric,
			 enum study_arm arm)
{
	double means[PAIRED_MOST], least = INFINITY;
	int nr = boot_means(study, metric, arm, means);
	json_t *samples = json_array();

	if (nr < 0)
		return NULL;
	if (!nr)
		return json_pack("{s:s, s:b, s:s}", "name", metric->name, "error_occurred", 1,
				 "error_message", metric->skipped);
	for (int i = 0; i < nr; i++) {
		double sample = fmax(1, round(means[i] * OPS));

		least = fmin(least, sample);
		json_array_append_new(samples, json_integer((json_int_t)sample));
	}
	return json_pack("{s:s, s:f, s:s, s:{s:s, s:s, s:s, s:f, s:I, s:i, s:o}}", "name",
			 metric->name, "real_time", stats_mean(means, (size_t)nr), "time_unit",
			 metric->unit, "claimperf", "kind", "noisy", "unit", metric->unit, "per",
			 metric->per, "value", least / OPS, "min_sample", (json_int_t)least, "ops",
			 OPS, "samples", samples);
}

int night_write_result(const struct study *study, enum study_arm arm, const char *path,
		       char error[RESULT_ERROR_SIZE])
{
	json_t *cases = json_array(), *root;
	int ret = 0;

	for (size_t i = 0; i < study->nr_metrics && !ret; i++)
		if (json_array_append_new(cases, case_json(study, &study->metrics[i], arm)))
			ret = -ENOMEM;
	root = json_pack("{s:{s:O, s:O}, s:o}", "context", "date",
			 json_object_get(study->root, "date"), "claimperf",
			 study->fingerprints[arm == STUDY_AFTER], "benchmarks", cases);
	if (!ret && !root)
		ret = -ENOMEM;
	if (!ret && json_dump_file(root, path, JSON_INDENT(1))) {
		ret = errno ? -errno : -EIO;
		snprintf(error, RESULT_ERROR_SIZE, "%s: cannot write it", path);
	}
	json_decref(root);
	return ret;
}
