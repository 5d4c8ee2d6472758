/* SPDX-License-Identifier: GPL-2.0-only */
/* In the place of xentrace on the host target. */
#ifndef BENCH_WATCH_HOST_H
#define BENCH_WATCH_HOST_H

#include "bench/run.h"

extern const struct watch_tool host_trace_tool;

/* Whether the heap has trace points; before any thread but this one is in it. */
bool host_can_trace(void);

#endif
