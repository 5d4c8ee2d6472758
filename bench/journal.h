/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a run has done so far, one line of JSON each: the first says which run it is, the others are
 * a case that was measured, {"case": NAME, "entry": ...}, or watched by a tool, {"watched": NAME}.
 * A line is on the disk before the next case begins; one that was cut short by a kill is dropped.
 */
#ifndef BENCH_JOURNAL_H
#define BENCH_JOURNAL_H

#include <jansson.h>
#include <stdbool.h>

struct journal;

/*
 * Begin or go on; run says which one it is. 0, or -EINVAL when the file is of another run or no journal,
 * or -errno, after a message.
 */
int journal_open(struct journal **out, const char *path, const json_t *run);
void journal_close(struct journal *j);

/* The entry of a case (borrowed), or NULL; whether it was watched. */
json_t *journal_find(const struct journal *j, const char *name);
bool journal_has_watched(const struct journal *j, const char *name);

/* 0, or -errno after a message. */
int journal_add_case(struct journal *j, const char *name, json_t *entry);
int journal_add_watched(struct journal *j, const char *name);

#endif
