// SPDX-License-Identifier: GPL-2.0-only
#include "results/study_judge.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "results/stats.h"

/* Figures of the pairs whose boots both came to something. */
struct pairs {
	struct boot_figures before[PAIRED_MOST], after[PAIRED_MOST];
	size_t nr;
};

static int read_pairs(const struct study *study, const struct study_metric *metric,
		      enum study_arm arm, struct pairs *out)
{
	const struct boot *before = metric->boots[arm], *after = metric->boots[arm + 1];
	int ret = 0;

	out->nr = 0;
	for (size_t i = 0; i < study_pairs(study, arm) && !ret; i++) {
		if (!before[i].nr || !after[i].nr)
			continue;
		ret = boot_figures(&before[i], study->seed, &out->before[out->nr]);
		if (!ret)
			ret = boot_figures(&after[i], study->seed, &out->after[out->nr]);
		out->nr++;
	}
	return ret;
}

static size_t mean_ratios(const struct pairs *pairs, double ratios[PAIRED_MOST])
{
	for (size_t i = 0; i < pairs->nr; i++)
		ratios[i] = log(pairs->after[i].mean / pairs->before[i].mean);
	return pairs->nr;
}

static struct quantile_shift shift_of(const struct pairs *pairs, size_t quantile, uint64_t seed)
{
	struct quantile_shift shift = {0};
	double ratios[PAIRED_MOST];
	struct interval at90;

	for (size_t i = 0; i < pairs->nr; i++) {
		ratios[shift.nr] = log(pairs->after[i].quantiles[quantile] /
				       pairs->before[i].quantiles[quantile]);
		shift.nr += !isnan(ratios[shift.nr]);
	}
	if (!shift.nr)
		return shift;
	shift.effect = stats_mean(ratios, shift.nr);
	interval_of_mean(ratios, shift.nr, seed, &shift.at95, &at90);
	return shift;
}

static void count_rounds(const struct study *study, struct study_row *row)
{
	for (int arm = STUDY_BEFORE; arm <= STUDY_AFTER; arm++)
		for (size_t i = 0; i < study_pairs(study, STUDY_BEFORE); i++)
			row->rounds += row->metric->boots[arm][i].nr;
}

static void add_figures(struct study_row *row, const struct boot_figures *figures)
{
	row->dropped += figures->dropped;
	row->outliers += figures->outliers;
	row->unsteady += figures->unsteady;
}

static void describe(const struct study *study, const struct pairs *pairs, struct study_row *row)
{
	count_rounds(study, row);
	for (size_t i = 0; i < pairs->nr; i++) {
		row->before += pairs->before[i].mean / (double)pairs->nr;
		row->after += pairs->after[i].mean / (double)pairs->nr;
		add_figures(row, &pairs->before[i]);
		add_figures(row, &pairs->after[i]);
	}
	for (size_t i = 0; i < BOOT_QUANTILES; i++)
		row->shifts[i] = shift_of(pairs, i, study->seed);
}

static int read_aa(const struct study *study, struct study_row *row, double ratios[PAIRED_MOST],
		   size_t *nr)
{
	struct pairs aa;
	int ret;

	*nr = 0;
	if (!row->metric->boots[STUDY_AA_BEFORE])
		return 0;
	ret = read_pairs(study, row->metric, STUDY_AA_BEFORE, &aa);
	if (!ret)
		*nr = mean_ratios(&aa, ratios);
	return ret;
}

static int estimate(const struct study *study, struct study_row *row)
{
	double ratios[PAIRED_MOST], aa[PAIRED_MOST], ns, delta;
	struct pairs pairs;
	size_t nr_aa;
	int ret = read_pairs(study, row->metric, STUDY_BEFORE, &pairs);

	if (!ret)
		ret = read_aa(study, row, aa, &nr_aa);
	if (ret)
		return ret;
	describe(study, &pairs, row);
	ns = strcmp(row->metric->unit, "ns") ? 0 : row->before;
	if (nr_aa)
		paired_estimate(aa, nr_aa, paired_delta(ns, NULL, 0, 0, 0), study->seed, &row->aa);
	if (!pairs.nr)
		return 0;
	delta = paired_delta(ns, aa, nr_aa, pairs.nr, study->seed);
	mean_ratios(&pairs, ratios);
	paired_estimate(ratios, pairs.nr, delta, study->seed, &row->paired);
	return 0;
}

/* Where in a row its paired comparison is: of A/B, or of A/A. */
typedef struct paired *paired_of(struct study_row *row);

static struct paired *ab_of(struct study_row *row)
{
	return &row->paired;
}

static struct paired *aa_of(struct study_row *row)
{
	return &row->aa;
}

static void judge_primary(struct verdicts *v, paired_of *of)
{
	struct paired together[PAIRED_PRIMARY], *which[PAIRED_PRIMARY];
	size_t nr = 0;

	for (size_t i = 0; i < v->study->nr_metrics; i++) {
		if (!v->rows[i].metric->primary || !of(&v->rows[i])->nr)
			continue;
		which[nr] = of(&v->rows[i]);
		together[nr] = *which[nr];
		nr++;
	}
	paired_judge(together, nr);
	for (size_t i = 0; i < nr; i++)
		*which[i] = together[i];
}

static const char *find_reason(const struct study_row *row, enum verdict_size verdict)
{
	if (!row->paired.nr)
		return row->metric->skipped;
	if (!row->metric->primary)
		return "not primary";
	if (row->aa.verdict == VERDICT_REGRESSED || row->aa.verdict == VERDICT_IMPROVED)
		return "A/A differs where nothing does";
	if (verdict == VERDICT_EQUIVALENT && row->aa.nr && row->aa.verdict != VERDICT_EQUIVALENT)
		return "A/A is not EQUIVALENT either";
	return NULL;
}

/* Bits of the pairs that came to something, as bits of all pairs. */
static uint32_t among_all_pairs(const struct study_metric *metric, enum study_arm arm,
				uint32_t flagged)
{
	uint32_t out = 0;

	for (size_t i = 0; flagged; i++) {
		if (!metric->boots[arm][i].nr || !metric->boots[arm + 1][i].nr)
			continue;
		out |= (flagged & 1) << i;
		flagged >>= 1;
	}
	return out;
}

/* A/A has to be settled too. */
static size_t pairs_needed(const struct study_row *row)
{
	const struct paired *ab = &row->paired, *aa = &row->aa;

	if (!aa->nr || aa->verdict != VERDICT_INCONCLUSIVE)
		return ab->needed;
	if (aa->needed <= aa->nr)
		return SIZE_MAX;
	return aa->needed > ab->needed ? aa->needed : ab->needed;
}

static void finish(struct study_row *row)
{
	struct paired *p = &row->paired;

	row->reason = find_reason(row, p->verdict);
	if (find_reason(row, p->without))
		p->without = VERDICT_INCONCLUSIVE;
	if (row->reason)
		p->verdict = VERDICT_INCONCLUSIVE;
	p->needed = pairs_needed(row);
	p->flagged = among_all_pairs(row->metric, STUDY_BEFORE, p->flagged);
	row->aa.flagged = among_all_pairs(row->metric, STUDY_AA_BEFORE, row->aa.flagged);
}

int study_judge(const struct study *study, struct verdicts *out)
{
	int ret = 0;

	*out = (struct verdicts){.study = study};
	out->rows = calloc(study->nr_metrics, sizeof(*out->rows));
	if (!out->rows)
		return -ENOMEM;
	for (size_t i = 0; i < study->nr_metrics && !ret; i++) {
		out->rows[i].metric = &study->metrics[i];
		ret = estimate(study, &out->rows[i]);
	}
	if (ret) {
		verdicts_free(out);
		return ret;
	}
	judge_primary(out, ab_of);
	judge_primary(out, aa_of);
	for (size_t i = 0; i < study->nr_metrics; i++) {
		finish(&out->rows[i]);
		out->regressed += out->rows[i].paired.verdict == VERDICT_REGRESSED;
	}
	return 0;
}

void verdicts_free(struct verdicts *verdicts)
{
	free(verdicts->rows);
	*verdicts = (struct verdicts){0};
}
