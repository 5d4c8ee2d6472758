/* SPDX-License-Identifier: GPL-2.0-only */
/* What the parts of night_judge() share: the document while it grows. */
#ifndef CLAIMPERF_RESULTS_NIGHT_DOCUMENT_H
#define CLAIMPERF_RESULTS_NIGHT_DOCUMENT_H

#include "results/night.h"
#include "results/night_series.h"

struct document {
	json_t *root, *alerts, *rows, *changes;
	bool failed; /* out of memory, at some time */
};

/* With the changes that the previous document, or NULL, knows. -ENOMEM: there is none. */
int document_begin(struct document *d, const struct history_filter *filter, const json_t *previous,
		   const json_t *damaged);

/* Set status and exit by the alerts. -ENOMEM when anything before failed. */
int document_end(struct document *d);

/* case_name may be NULL. The same alert twice is one. */
void document_alert(struct document *d, const char *kind, const char *case_name, const char *fmt,
		    ...) __attribute__((format(printf, 4, 5)));

/* Take the reference of a new value; NULL is out of memory. */
void document_add(struct document *d, json_t *array, json_t *value);

/*
 * A change of a series. `of` is "tonight" (its costs; of times, against the reference) or
 * "reference" (its own costs). before and after are costs of exact data, ln of ratios or costs of
 * times. States:
 *
 *   suspected   to be measured once more; nobody is told before
 *   confirmed   measured once more; an alert told it
 *   refuted     measured once more, and not there
 *   host        the host changed at that time, and the reference with it
 */
struct change_found {
	const struct night_series *series;
	const char *of, *since;
	double before, after;
	char text[384];
};

/* That of the previous document which is the same one: it begins at most `reach` days apart. */
json_t *change_find(const struct document *d, const struct change_found *found, long reach);

/* The last one of that series which is settled, refuted ones apart, or NULL. */
const json_t *change_last(const struct document *d, const struct night_series *series,
			  const char *of);

/* Add it, told tonight. */
void change_add(struct document *d, const struct change_found *found, const char *night,
		const char *state);

/* Parts of the judgement. */
struct judging {
	const struct night_sources *sources;
	struct nights nights;
	struct document document;
};

int judge_counts(struct judging *j, const struct night_series *series);
int judge_times(struct judging *j, const struct night_series *series);

/* From which of its points on the series is one: same reference, same host. Alerts what broke it
 * tonight. */
int night_begin(struct judging *j, const struct night_series *series, size_t *out);

/* Alert regression or improvement. */
void tell_change(struct judging *j, const struct change_found *found);

#endif
