/* SPDX-License-Identifier: GPL-2.0-only */
/* The two ways in which claimperf-hostbench measures; both fill the session's document. */
#ifndef BENCH_HOST_MODES_H
#define BENCH_HOST_MODES_H

#include "bench/session.h"

/*
 * Instructions, by callgrind, whose output files begin with prefix. Profiles go to OUT/SLUG.profile.
 * 0, or -1 when memory is short; -ENOTSUP when this does not run under callgrind.
 */
int count_cases(struct session *s, const char *prefix);

/*
 * Ticks, by Google Benchmark as its flags in argv say; samples: fixed iterations, or 0. With
 * counters, a further pass of each case reads the machine's event counters. 0 or -1.
 */
int time_cases(struct session *s, unsigned int samples, bool counters);

#endif
