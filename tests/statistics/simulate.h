/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Studies and series with known truth, to count how often verdicts are wrong.
 *
 * The noise is that of docs/method.md. A study is 2 · pairs boots in a row; the logarithm of what a
 * boot costs is the sum of its own (sd 0.4 %), the mean of its rounds (sd 3 % each), a drift of 2 %
 * from the first boot to the last, 1 % in the second slot of each pair, and of its layout.
 */
#ifndef CLAIMPERF_TESTS_STATISTICS_SIMULATE_H
#define CLAIMPERF_TESTS_STATISTICS_SIMULATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SIM_BOOT_SD 0.004
#define SIM_ROUND_SD 0.03
#define SIM_DRIFT 0.02
#define SIM_SLOT_BIAS 0.01
#define SIM_ROUNDS 40

struct sim_study {
	size_t pairs, metrics;
	double effect;	   /* of AFTER on the first metric, as ln of a ratio; the others have none */
	double layout;	   /* sd of what a link layout does */
	bool one_layout;   /* for all boots of an arm; else each boot has its own */
	bool aa;	   /* as many pairs of A/A, which delta heeds */
};

struct sim_verdicts {
	size_t studies;
	size_t wrong;	   /* in which a metric without effect is REGRESSED or IMPROVED */
	size_t found;	   /* in which the first metric is called what it is, by the sign of its effect */
	size_t backwards;  /* or the contrary */
	size_t equivalent; /* or EQUIVALENT */
	size_t outside95, outside90; /* in which its effect is not in its interval */
	/* Medians over the studies of what is said of the first metric. */
	double detectable, needed;
};

/* Studies of figures, judged by paired.h. */
void sim_judge(const struct sim_study *sim, size_t studies, uint64_t seed, struct sim_verdicts *out);

/* As sim_judge(), of rounds, judged by study_judge.h with warm-up, quantiles and all. */
void sim_judge_rounds(const struct sim_study *sim, size_t studies, uint64_t seed,
		      struct sim_verdicts *out);

struct sim_series {
	size_t nights;
	size_t step_at;	/* the first night with another level */
	double step;	/* in sd of a night; 0: stable */
};

#define SIM_WAITS 31

struct sim_alarms {
	size_t series;
	size_t nights;	  /* that were looked at, of all series */
	size_t alarmed;	  /* series with a change before the step, or in a stable one */
	size_t found[SIM_WAITS]; /* series whose step is found at most so many nights after its first */
};

/* Each night looks for changes in all until then, and every change counts, whatever its size. */
void sim_watch(const struct sim_series *sim, size_t series, uint64_t seed, struct sim_alarms *out);

#endif
