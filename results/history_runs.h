/* SPDX-License-Identifier: GPL-2.0-only */
/* The list of runs that figures are read for. */
#ifndef CLAIMPERF_RESULTS_HISTORY_RUNS_H
#define CLAIMPERF_RESULTS_HISTORY_RUNS_H

#include "results/history_private.h"

/* What many runs have in common. */
enum { HOST, TYPE, TARGET, VARIANT, ENVIRONMENT, NIGHT, ROLE, FINGERPRINT, NR_TEXTS };

/* A hash table: each text once. */
struct text_set {
	char **texts;
	size_t nr, room; /* a power of two */
};

struct listed_run {
	const char *texts[NR_TEXTS]; /* of the list's set: equal ones are the same */
	int64_t number;
	unsigned int nodes;
	char id[SHA256_HEX], time[32];
};

struct history_runs {
	struct history_filter filter;
	struct text_set texts;
	struct listed_run *runs;
	size_t nr, room;
	size_t *places; /* of numbers, + 1; 0: not in the list */
	int64_t last;	/* number */
};

/* In order of time, or of host and then of time. forget_runs() in any case. */
int list_runs(struct history *h, const struct history_filter *filter, bool by_host,
	      struct history_runs *list);
void forget_runs(struct history_runs *list);

#endif
