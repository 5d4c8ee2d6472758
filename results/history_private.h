/* SPDX-License-Identifier: GPL-2.0-only */
/* What the files of the history share; for users there is history.h. */
#ifndef CLAIMPERF_RESULTS_HISTORY_PRIVATE_H
#define CLAIMPERF_RESULTS_HISTORY_PRIVATE_H

#include "results/history.h"
#include "results/history_db.h"
#include "results/history_raw.h"

struct history {
	char *folder;
	char *raw;  /* folder of raw data */
	char *path; /* of the database: its file, or that which names a server */
	struct db *db;
	int lock;
	char *error; /* HISTORY_ERROR_SIZE */
};

_Static_assert(HISTORY_ERROR_SIZE >= DB_ERROR_SIZE && HISTORY_ERROR_SIZE >= RAW_ERROR_SIZE,
	       "one buffer for all");

/* Write a message; returns ret. */
int history_fail(struct history *h, int ret, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* What the database says of a run, from its result. */
struct digest {
	char time[32];
	const char *host; /* NULL: the result does not say */
	const char *target, *variant;
	unsigned int nodes;
	char *seed, *plan;
	char *fingerprint; /* JSON with sorted keys */
	char fingerprint_sha256[SHA256_HEX], environment[SHA256_HEX];
};

/* 0, -EINVAL or -ENOMEM with a message in error. The result must outlive it. digest_free() in any
 * case. */
int digest_run(const struct result *result, struct digest *out, char *error);
void digest_free(struct digest *digest);

#define DIGEST_METRICS 2

/* Metric number index of a measured case: 0, 1 when it has no such metric, or -errno with a
 * message. */
int digest_figure(const struct result *result, const struct result_case *test, unsigned int index,
		  struct history_metric *metric, struct history_figure *figure, char *error);

/* Files that belong to a result, relative to its folder, the result itself first. */
struct file_list {
	int folder; /* characters of the result's path that are its folder, with the slash */
	char **paths;
	size_t nr;
};

int list_files(const struct result *result, bool raw, struct file_list *out, char *error);
void free_list(struct file_list *list);

/*
 * A statement on the runs that the filter lets through, to be freed, or NULL; before and after are
 * what it has around that. Runs are called r in it, hosts h. The parameters follow.
 */
char *filter_sql(const char *before, const struct history_filter *filter, const char *after);
#define FILTER_TYPES "sssssiss"
#define FILTER_VALUES(f)                                                                           \
	(f)->id, (f)->host, (f)->target, (f)->variant, (f)->first_time, (int64_t)(f)->nodes,       \
		(f)->night, (f)->role

/* Is a file of that SHA-256 one of a run's? For raw_sweep(), with a struct history. */
int file_is_wanted(void *data, const char *sha256);

/* Is it relative, and inside of its folder? */
bool path_is_inside(const char *path);

#endif
