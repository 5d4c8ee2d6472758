/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a run leaves when it is stopped or killed: FILE.d/unfinished. Another run goes on with it.
 *
 *	run.json    what was asked for, of which programs; when it is there, the rest counts
 *	done/UNIT/  what a unit of the run left, complete: a machine, a process
 *	work/       scratch
 */
#ifndef BENCH_UNFINISHED_H
#define BENCH_UNFINISHED_H

#include <jansson.h>
#include <limits.h>
#include <stdbool.h>

struct bench_run;
struct job;
struct places;

/* The command line of the run to go on with: an array of words. Ends the program if there is none. */
json_t *unfinished_words(const struct places *p);

/*
 * Make the folders. They belong to this process then. Ends the program when the user has to decide
 * first what becomes of an older run, or another process has them.
 */
void unfinished_open(const struct bench_run *run);

/*
 * Before the first unit. identity (taken over), and the contents of file (or NULL), decide what
 * the target measures, beside the programs. A new run
 * is noted now; one that goes on must have the same. 0, or -1 after a message.
 */
int unfinished_begin(struct bench_run *run, json_t *identity, const char *file);

/* Whether an earlier process has done that unit; the folder of its files, done or at work. */
bool unfinished_has(const struct bench_run *run, const char *unit);
void unfinished_folder(const struct bench_run *run, const char *unit, char folder[PATH_MAX]);
void unfinished_file(const struct bench_run *run, const char *unit, const char *name, char path[PATH_MAX]);

/* A unit is over, as that job. If it succeeded, its files are done; a failure of that is printed. */
void unfinished_keep(const struct bench_run *run, const char *unit, const struct job *job);

/* Whether there is something to go on with. */
bool unfinished_is_begun(const struct places *p);

/* It is not to be gone on with. */
void unfinished_discard(const struct places *p);

/* The result is written: put it on the disk, then remove what it was made of. */
void unfinished_end(const struct bench_run *run);

#endif
