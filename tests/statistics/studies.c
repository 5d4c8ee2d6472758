// SPDX-License-Identifier: GPL-2.0-only
#include "tests/statistics/simulate.h"

#include <stdlib.h>
#include <string.h>

#include "results/study_judge.h"
#include "tests/statistics/noise.h"

/* What two boots of a pair cost, in ln, without the noise of their rounds. */
struct boots {
	double before[PAIRED_MOST], after[PAIRED_MOST];
};

static void boot_pairs(const struct sim_study *sim, double effect, uint64_t *seed,
		       struct boots *out)
{
	double of_before = noise(seed, sim->layout), of_after = noise(seed, sim->layout);

	for (size_t i = 0; i < sim->pairs; i++) {
		bool after_first = random_next(seed) & 1;
		double drift = SIM_DRIFT / (double)(2 * sim->pairs - 1);

		if (!sim->one_layout) {
			of_before = noise(seed, sim->layout);
			of_after = noise(seed, sim->layout);
		}
		out->before[i] = noise(seed, SIM_BOOT_SD) + of_before +
				 drift * (double)(2 * i + after_first) +
				 (after_first ? SIM_SLOT_BIAS : 0);
		out->after[i] = noise(seed, SIM_BOOT_SD) + of_after + effect +
				drift * (double)(2 * i + !after_first) +
				(after_first ? 0 : SIM_SLOT_BIAS);
	}
}

static void draw_ratios(const struct sim_study *sim, double effect, uint64_t *seed, double *ratios)
{
	const double rounds = SIM_ROUND_SD * M_SQRT2 / sqrt(SIM_ROUNDS);
	struct boots boots;

	boot_pairs(sim, effect, seed, &boots);
	for (size_t i = 0; i < sim->pairs; i++)
		ratios[i] = boots.after[i] - boots.before[i] + noise(seed, rounds);
}

static bool excludes(const struct interval *interval, double value)
{
	return interval->low > value || interval->high < value;
}

static void count(const struct sim_study *sim, const struct paired *metrics,
		  struct sim_verdicts *out)
{
	bool wrong = false, worse = metrics->verdict == VERDICT_REGRESSED;
	bool called = worse || metrics->verdict == VERDICT_IMPROVED;

	for (size_t i = sim->effect != 0; i < sim->metrics; i++)
		wrong |= metrics[i].verdict == VERDICT_REGRESSED ||
			 metrics[i].verdict == VERDICT_IMPROVED;
	out->wrong += wrong;
	out->found += called && worse == (sim->effect > 0);
	out->backwards += called && worse != (sim->effect > 0);
	out->equivalent += metrics->verdict == VERDICT_EQUIVALENT;
	out->outside95 += excludes(&metrics->at95, sim->effect);
	out->outside90 += excludes(&metrics->at90, sim->effect);
}

static void judge_once(const struct sim_study *sim, uint64_t *seed, struct paired *metrics)
{
	double ratios[PAIRED_MOST], aa[PAIRED_MOST];

	for (size_t i = 0; i < sim->metrics; i++) {
		if (sim->aa)
			draw_ratios(sim, 0, seed, aa);
		draw_ratios(sim, i ? 0 : sim->effect, seed, ratios);
		paired_estimate(ratios, sim->pairs,
				paired_delta(0, aa, sim->aa ? sim->pairs : 0, sim->pairs, *seed),
				*seed, &metrics[i]);
	}
	paired_judge(metrics, sim->metrics);
}

/* The judged metrics of one study, into metrics. */
typedef void judge_study(const struct sim_study *sim, uint64_t *seed, struct paired *metrics);

static void judge_many(const struct sim_study *sim, size_t studies, uint64_t seed,
		       judge_study *judge, struct sim_verdicts *out)
{
	double *detectable = calloc(studies, sizeof(double)),
	       *needed = calloc(studies, sizeof(double));
	struct paired metrics[PAIRED_PRIMARY];

	if (!detectable || !needed)
		abort();
	*out = (struct sim_verdicts){.studies = studies};
	for (size_t i = 0; i < studies; i++) {
		judge(sim, &seed, metrics);
		count(sim, metrics, out);
		detectable[i] = metrics->detectable;
		needed[i] = (double)metrics->needed;
	}
	stats_sort(detectable, studies);
	stats_sort(needed, studies);
	out->detectable = detectable[studies / 2];
	out->needed = needed[studies / 2];
	free(detectable);
	free(needed);
}

void sim_judge(const struct sim_study *sim, size_t studies, uint64_t seed, struct sim_verdicts *out)
{
	judge_many(sim, studies, seed, judge_once, out);
}

/* Two arms of boots, each with its rounds, in memory of the caller. */
static void draw_rounds(const struct sim_study *sim, double effect, uint64_t *seed,
			struct boot *boots[2], double *rounds)
{
	struct boots level;

	boot_pairs(sim, effect, seed, &level);
	for (int arm = 0; arm < 2; arm++) {
		for (size_t i = 0; i < sim->pairs; i++) {
			boots[arm][i] = (struct boot){rounds, SIM_ROUNDS};
			for (size_t j = 0; j < SIM_ROUNDS; j++)
				*rounds++ = 500 * exp((arm ? level.after : level.before)[i] +
						      noise(seed, SIM_ROUND_SD));
		}
	}
}

static void judge_rounds(const struct sim_study *sim, uint64_t *seed, struct paired *metrics)
{
	static double rounds[PAIRED_PRIMARY][2][2 * PAIRED_MOST * SIM_ROUNDS];
	static struct boot boots[PAIRED_PRIMARY][STUDY_ARMS][PAIRED_MOST];
	struct study_metric list[PAIRED_PRIMARY] = {0};
	char order[PAIRED_MOST + 1] = {0};
	struct study study = {.seed = *seed,
			      .order = order,
			      .aa_order = sim->aa ? order : "",
			      .metrics = list,
			      .nr_metrics = sim->metrics};
	struct verdicts verdicts;

	memset(order, '0', sim->pairs);
	for (size_t i = 0; i < sim->metrics; i++) {
		list[i] = (struct study_metric){.name = "", .unit = "", .per = "", .primary = true};
		for (int arm = 0; arm < (sim->aa ? STUDY_ARMS : STUDY_AA_BEFORE); arm++)
			list[i].boots[arm] = boots[i][arm];
		draw_rounds(sim, i ? 0 : sim->effect, seed, &list[i].boots[STUDY_BEFORE],
			    rounds[i][0]);
		if (sim->aa)
			draw_rounds(sim, 0, seed, &list[i].boots[STUDY_AA_BEFORE], rounds[i][1]);
	}
	if (study_judge(&study, &verdicts))
		abort();
	for (size_t i = 0; i < sim->metrics; i++)
		metrics[i] = verdicts.rows[i].paired;
	verdicts_free(&verdicts);
}

void sim_judge_rounds(const struct sim_study *sim, size_t studies, uint64_t seed,
		      struct sim_verdicts *out)
{
	judge_many(sim, studies, seed, judge_rounds, out);
}
