/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The history: results that were imported, with what they measured in a database and their raw
 * data beside it (docs/history.md has the folder and the tables).
 *
 * A run is one result; its id is the SHA-256 of the result's file. Times are UTC, as text
 * "2026-01-31T23:59:59Z". All return 0 or -errno with "FILE: what is wrong" in the buffer that
 * history_open() got.
 */
#ifndef CLAIMPERF_RESULTS_HISTORY_H
#define CLAIMPERF_RESULTS_HISTORY_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/sha256.h"
#include "results/result.h"

#define HISTORY_ERROR_SIZE RESULT_ERROR_SIZE

struct history;

enum history_mode {
	HISTORY_READ,
	HISTORY_WRITE, /* beside other writers; made if there is none */
	HISTORY_ALONE, /* no other writer, no reader */
};

/* Waits for those who are in the way: a minute, then -EAGAIN. -ENOENT when there is none to read.
 */
int history_open(const char *folder, enum history_mode mode, struct history **out,
		 char error[HISTORY_ERROR_SIZE]);
void history_close(struct history *h);

struct history_import {
	const char *path;  /* of the result */
	const char *host;  /* where it was measured; NULL: what it says itself, or "unknown" */
	const char *type;  /* of that host: a name for all that are alike, or NULL */
	const char *night; /* the date of the night that it belongs to, "2026-01-31", or NULL */
	const char *role;  /* in that night: one of history_roles, or NULL */
	bool raw;	   /* store raw data too: FILE.d, and FILE.trace.xen.zst if there is one */
};

/* "reference", "tonight", "before", "after", NULL. */
extern const char *const history_roles[];

/* Names of metrics, NULL at the end: what a case is about, and what the clock said beside it. */
extern const char *const history_metrics[];

enum history_imported {
	HISTORY_NEW,
	HISTORY_COMPLETED, /* the run was known, some of its files were not */
	HISTORY_KNOWN,
};

/*
 * All of it or nothing; when this returns 0, it is on the disk. What is known already is stored
 * again, which repairs a damaged file. -EINVAL for what is no result, or contradicts what is
 * stored.
 */
int history_import(struct history *h, const struct history_import *what, char id[SHA256_HEX],
		   enum history_imported *outcome);

/* The run whose id begins with prefix, of 4 digits at least; -ENOENT, -EINVAL when there are more.
 */
int history_find(struct history *h, const char *prefix, char id[SHA256_HEX]);

/* Strings are valid during the call that gets them. */
struct history_run {
	const char *id, *time, *imported, *host, *target, *variant;
	const char *type;	  /* of the host, or NULL */
	const char *seed, *plan;  /* NULL: none is known */
	const char *night, *role; /* NULL: of no night */
	const char *fingerprint;  /* JSON, the result's context.claimperf */
	const char *environment;  /* equal where exact data compare: what may not differ, hashed */
	unsigned int nodes;	  /* 0: not known */
	bool pinned;
	uint64_t cases;	       /* measured */
	uint64_t unmeasured;   /* skipped or failed */
	uint64_t files, bytes; /* raw data with the result itself, unpacked; 0: pruned */
	uint64_t newer; /* runs of the same host, target, variant, nodes; of those that are visited
			 */
};

/* NULL and 0: any. Runs from first_time on, if that is not NULL. */
struct history_filter {
	const char *id, *host, *target, *variant, *night, *role, *first_time;
	unsigned int nodes;
	bool fingerprints; /* of figures: their runs have fingerprint, which takes its time */
};

/* Visitors end the walk by returning something else than 0, which is then returned. In order of
 * time. */
int history_each_run(struct history *h, const struct history_filter *filter,
		     int (*visit)(void *data, const struct history_run *run), void *data);

/* What was measured: the name is "value", or "time" where the host target took times as well. */
struct history_metric {
	const char *case_name, *name, *unit, *per;
};

/* Of all samples, in the metric's unit per `ops` operations. */
struct history_figure {
	enum result_kind kind;
	uint64_t ops, samples;
	uint64_t least, p90, p99, greatest; /* quantiles are samples: the nearest rank */
	double median, mean;
};

/*
 * Runs that are read once, for the figures of many: of one host side by side, in order of time. Of
 * a run only what names it is known: imported, seed, plan and fingerprint are NULL, counts 0.
 */
struct history_runs;

/* To be freed in any case. The filter's strings are still needed then. */
int history_list_runs(struct history *h, const struct history_filter *filter,
		      struct history_runs **out);
void history_free_runs(struct history_runs *runs);
size_t history_count_runs(const struct history_runs *runs);

/* Its strings stay with the list. */
struct history_run history_listed_run(const struct history_runs *runs, size_t i);

/*
 * Figures of the runs that the filter lets through, in order of case, metric and time. glob, as
 * for fnmatch(3), chooses cases; NULL: all. Of the runs only what names them is known: imported,
 * seed, plan and fingerprint are NULL, counts 0.
 */
int history_each_figure(struct history *h, const struct history_filter *filter, const char *glob,
			int (*visit)(void *data, const struct history_run *run,
				     const struct history_metric *metric,
				     const struct history_figure *figure),
			void *data);

/*
 * All figures of a metric at once, in order of case and metric: figures[i] is that of run i of the
 * list, which has none if there are no samples. They are there during the call.
 */
int history_each_metric(struct history *h, const struct history_runs *runs, const char *glob,
			int (*visit)(void *data, const struct history_metric *metric,
				     const struct history_figure *figures),
			void *data);

/* Cases of a run that were not measured; state is "skipped" or "failed". */
int history_each_unmeasured(struct history *h, const char *id,
			    int (*visit)(void *data, const char *case_name, const char *state,
					 const char *reason),
			    void *data);

/* path is relative to the folder of the result, whose own file is one of them: its sha256 is the
 * id. */
int history_each_file(struct history *h, const char *id,
		      int (*visit)(void *data, const char *path, const char *sha256,
				   uint64_t bytes),
		      void *data);

/* Write a file of a run to fd, as history_each_file() names it. */
int history_write_file(struct history *h, const char *sha256, uint64_t bytes, int fd);

/* Write the run's result to fd, as it was imported. */
int history_write_result(struct history *h, const char *id, int fd);

/*
 * Write all files of the run below folder, which is made if need be, byte for byte as they were
 * imported, the result last. -EEXIST when one of them is there already.
 */
int history_restore(struct history *h, const char *id, const char *folder);

/* A pinned run is never pruned. */
int history_pin(struct history *h, const char *id, bool pinned);

/* What stays, besides what is pinned and the references of nights. */
struct history_keep {
	const char
		*from; /* what was measured from that time on; NULL: nothing because of its age */
	unsigned int newest; /* so many of each host, target, variant and nodes */
};

/*
 * Visit each run that has files, or with all each run: kept says why it stays, NULL that it would
 * be pruned. Changes nothing.
 */
int history_plan_prune(struct history *h, const struct history_keep *keep, bool all,
		       int (*visit)(void *data, const struct history_run *run, const char *kept),
		       void *data);

/* Forget the run's files, its figures stay; with all the run itself. Its own files go in
 * history_sweep(). */
int history_prune(struct history *h, const char *id, bool all);

/* Remove files that no run refers to. Opened with HISTORY_ALONE only. */
int history_sweep(struct history *h, uint64_t *files, uint64_t *bytes);

struct history_state {
	uint64_t runs, files;		   /* looked at */
	uint64_t faults;		   /* told */
	uint64_t extra_files, extra_bytes; /* that no run refers to: of writers that died */
};

/*
 * Look at everything: the database, each stored file, and that the figures are those that its
 * result has today. Each fault is told; 0 all the same, unless the check itself cannot go on.
 */
int history_check(struct history *h, void (*tell)(void *data, const char *fault), void *data,
		  struct history_state *out);

#endif
