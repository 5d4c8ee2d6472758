/* SPDX-License-Identifier: GPL-2.0-only */
/* What the programs that run cases share: which cases, and what is written about them. */
#ifndef BENCH_SESSION_H
#define BENCH_SESSION_H

#include <argp.h>
#include <regex.h>

#include "bench/journal.h"
#include "bench/run.h"

#define SESSION_MAX_GROUPS 32

struct session {
	struct run_options run;
	const char *groups[SESSION_MAX_GROUPS];
	unsigned int nr_groups;
	regex_t filter;
	enum bench_profile profile;
	bool filtered, list, plan;
	unsigned int nodes; /* asked for; 0: not said */
	const char *json;   /* the result; NULL: print it */
	const char *out;    /* folder */
	const char *journal_path;
	struct journal *journal; /* NULL before the first case, or without a path */
	const char *unit;
	struct bench bench;
	struct bench_list cases;
	json_t *document;
	int status; /* exit status */
};

/* Options that all of them have; the child's input is the session. */
extern const struct argp session_argp;

/* After the options: with bench.xen open, for its host; else for any host of that many nodes. */
void session_begin(struct session *s);
void session_end(struct session *s);

/* All cases of all families for list->host; 0 or -ENOMEM. */
int session_list_cases(struct bench_list *list);

/* Signals that ask to end set run_stopped. */
void session_catch_signals(void);

/* Whether the options ask for the case. */
bool session_selects(const struct session *s, const struct bench_case *c);

/* Calls visit for each case selected, with the number of its family and its own in there. */
int session_for_each(struct session *s, int (*visit)(struct session *s, const struct bench_case *c,
						     size_t family, size_t index));

/* --list and --plan. */
void session_print_list(struct session *s);

/* A document without entries; NULL when memory is short. */
json_t *session_new_document(const struct session *s, const char *executable);

/*
 * For a run that goes on: add what an earlier one measured of a case, if it did; whether its tools have
 * watched the case, and that these have.
 */
bool session_recall(struct session *s, const struct bench_case *c);
bool session_has_watched(struct session *s, const struct bench_case *c);
void session_note_watched(struct session *s, const struct bench_case *c);

/* Append to the document; without one that will be written, print. 0 or -1. */
int session_add(struct session *s, const struct bench_result *r, size_t family, size_t index);
void session_write(struct session *s);

#endif
