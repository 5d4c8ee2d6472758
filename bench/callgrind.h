/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Instructions of a window of this process, counted by valgrind's callgrind: exact, and by function.
 * The process must run under
 *   valgrind --tool=callgrind --instr-atstart=no --collect-atstart=no --dump-line=no
 *            --compress-strings=no --compress-pos=no --callgrind-out-file=PREFIX.%p
 * Of all windows since callgrind_forget() the cheapest is kept by function. Not thread-safe.
 */
#ifndef BENCH_CALLGRIND_H
#define BENCH_CALLGRIND_H

#include <stdint.h>
#include <valgrind/callgrind.h>

/* Instrument from here on; slow. -ENOTSUP when valgrind is not there. */
int callgrind_start(const char *prefix);

#define callgrind_open_window() CALLGRIND_TOGGLE_COLLECT
#define callgrind_close_window() CALLGRIND_TOGGLE_COLLECT

/* Of the window closed last; 0 or -errno. */
int callgrind_read(uint64_t *instructions);

void callgrind_forget(void);

/* What is kept, in the format of results/profile.h; 0 or -errno. */
int callgrind_write_profile(const char *path);

#endif
