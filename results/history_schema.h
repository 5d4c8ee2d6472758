/* SPDX-License-Identifier: GPL-2.0-only */
/* The tables of the history, docs/history.md describes them, and how they came to be. */
#ifndef CLAIMPERF_RESULTS_HISTORY_SCHEMA_H
#define CLAIMPERF_RESULTS_HISTORY_SCHEMA_H

#include "results/history_db.h"

/* The version of the schema that this program reads and writes. */
uint32_t schema_version(void);

/*
 * Bring the database at path to that version, from an empty one as well: all of it or nothing. 0,
 * -ENOTSUP when a newer program wrote it, or -errno of the database; with a message in error.
 */
int schema_upgrade(struct db *db, const char *path, char error[DB_ERROR_SIZE]);

#endif
