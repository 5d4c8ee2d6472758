/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Child processes: one whose output is wanted, or many, a few at a time. However this process ends,
 * they end too, with all that they started.
 */
#ifndef BENCH_JOBS_H
#define BENCH_JOBS_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct job {
	char **argv;	 /* ends with NULL; freed by jobs_free() with its strings */
	char *log;	 /* file for stdout and stderr */
	const char *name; /* what is run, for people */
	pid_t pid;
	int status;	 /* exit status, or 128 + signal; -1: not run */
};

/* A signal that asks to end has come: children are told to end, nothing new starts. */
extern volatile sig_atomic_t jobs_stopped;
void jobs_catch_signals(void);

/* Called once a second while jobs run; NULL: nothing is. */
extern void (*jobs_tick)(void);

/*
 * Run all of them, `parallel` at a time. done() is told of each that is over. Returns 0, or -EINTR
 * when stopped; all children have ended then too.
 */
int jobs_run(struct job *jobs, size_t count, unsigned int parallel,
	     void (*done)(void *data, const struct job *job), void *data);
void jobs_free(struct job *jobs, size_t count);

/* Run argv, its stderr is ours; *output is what it printed. Its exit status, or -errno. */
int job_output(char *const argv[], char **output);

/* The same with the words of a job, which are freed. */
int job_ask(struct job *job, char **output);

#endif
