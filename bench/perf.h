/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What perf in dom0 says about a case, as JSON (docs/perf.md). Readers of perf's texts return NULL when
 * memory is short, else an object; a line that is not understood is none of it.
 */
#ifndef BENCH_PERF_H
#define BENCH_PERF_H

#include <jansson.h>

/* Events that begin and end what is timed. */
#define PERF_SYSCALL_BEGIN "raw_syscalls:sys_enter"
#define PERF_SYSCALL_END "raw_syscalls:sys_exit"
#define PERF_PRIVCMD_BEGIN "claimperf:privcmd"
#define PERF_PRIVCMD_END "claimperf:privcmd_ret"
#define PERF_HYPERCALL_BEGIN "claimperf:hypercall"
#define PERF_HYPERCALL_END "claimperf:hypercall_ret"

/* The file of `perf stat -x,`: by event, null where it could not count, without zeros. NULL: no such file. */
json_t *perf_read_stat(const char *path);

/* `perf trace -s`: by system call, {"calls", "errors", "ms"}. */
json_t *perf_read_trace(char *text);

/* `perf lock contention`: by type of lock, {"waits", "ms"}. */
json_t *perf_read_contention(char *text);

/*
 * `perf script --ns -F time,event --show-lost-events` and the windows [[BEGIN_NS, END_NS], …] of the
 * measured calls: {"windows", "ns", "syscalls": {"calls", "ns"}, "privcmd", "hypercalls"} of the shortest
 * window; {"lost"} when perf says that it lost events; {} without a window.
 */
json_t *perf_read_script(char *text, const json_t *windows);

/*
 * Who did an operation: {"from", "unit", "ops", "whole", "hypervisor", "kernel", "user"}, of which the
 * last three add up to whole; or {"lacking": why}. The first is of what the probe wrote (its "window")
 * for so many operations; the other of what perf_read_script() returned, of calls with so many.
 */
json_t *shares_from_probe(const json_t *window, json_int_t ops);
json_t *shares_from_perf(const json_t *operation, json_int_t ops, const json_t *lacking);

#endif
