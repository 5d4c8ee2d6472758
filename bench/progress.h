/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How far a run is, and how long it will take: one updating line on a terminal, else a line for each
 * job that is over. There is one run per process.
 */
#ifndef BENCH_PROGRESS_H
#define BENCH_PROGRESS_H

#include <stddef.h>

/*
 * So many jobs with so many cases, a few at a time. From here on it is learnt how long a case takes.
 */
void progress_begin(size_t jobs, size_t cases, unsigned int parallel);

/* Of these, so many are over. */
void progress_found(size_t jobs, size_t cases);

/* A job begins; so many of its cases are over; it is, with all of them. */
void progress_start(const char *name);
void progress_cases(size_t cases);
void progress_over(const char *name, size_t cases);

/* The line goes, for what comes after. */
void progress_end(void);

/* Time since the first call of progress_begin(), as text. */
const char *progress_elapsed(void);

/* 65 is "1:05", 7205 "2:00:05", less than 0 "?". */
void progress_format(double seconds, char text[24]);

/*
 * Seconds for what is left, when that much was over in so many seconds and about so much, which
 * counts as left, is done of what is running; -1: too early to tell.
 */
double progress_estimate(double seconds, double over, double left, double running);

#endif
