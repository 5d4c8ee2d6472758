/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The verdict of a night, as one JSON document (docs/nightly.md has its keys). It follows from the
 * history, the night's study and the document of the night before, and from nothing else: no clock,
 * so that the same nights give the same bytes.
 *
 * All return 0, or -errno with a message in the buffer; -ENOMEM has none.
 */
#ifndef CLAIMPERF_RESULTS_NIGHT_H
#define CLAIMPERF_RESULTS_NIGHT_H

#include <jansson.h>

#include "results/history.h"
#include "results/result.h"
#include "results/study_judge.h"

#define NIGHT_VERSION 1

/* What goes into it; NULL: there is none. */
struct night_sources {
	struct history *history;
	const char *store;	      /* its name */
	struct history_filter filter; /* host, target, nodes, and night: the one that is judged */
	const struct verdicts *times; /* tonight's study */
	const json_t *previous, *damaged; /* by night_previous() */
	/* What was suspected, measured once more. */
	struct study *again_times;
	const struct result *again_reference, *again_tonight;
};

int night_judge(const struct night_sources *sources, json_t **out, char error[RESULT_ERROR_SIZE]);

/*
 * The newest document in folder/DATE of a night before that can be read, or NULL, and the paths of
 * newer ones that cannot.
 */
void night_previous(const char *folder, const char *night, json_t **document, json_t **damaged);

/* The document of a night that came to nothing, with an alert of that kind; previous and damaged
 * may be NULL. */
json_t *night_failed(const struct history_filter *filter, const json_t *previous,
		     const json_t *damaged, const char *kind, const char *text);

/* Is kind one of those that mean that there is no verdict: "disk", "failed" …? */
bool night_kind_fails(const char *kind);

/* What A/A of a study says of this host: an array of texts, empty where it may judge. */
json_t *night_gate(const struct verdicts *verdicts);

/* Write one side of a study as a result, for the history: a sample is the mean of a boot. */
int night_write_result(const struct study *study, enum study_arm arm, const char *path,
		       char error[RESULT_ERROR_SIZE]);

/* Write night.json, alerts.json, summary.md and junit.xml into a folder, each at once. */
int night_write(const json_t *document, const char *folder, char error[RESULT_ERROR_SIZE]);

#endif
