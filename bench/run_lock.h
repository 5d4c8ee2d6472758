/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One run on a host at a time; and what to put back after it, which is kept in the lock's file, so
 * that it outlives all processes of a run. A fork shares the lock: it is free when all of them have
 * closed it.
 */
#ifndef BENCH_RUN_LOCK_H
#define BENCH_RUN_LOCK_H

#include <stdbool.h>
#include <sys/types.h>

#define RUN_LOCK_FILE "/run/claimperf"
#define RUN_LOCK_MASK 1024

struct run_state {
	pid_t worker;
	bool pinned; /* this vCPU of dom0, which could run on these CPUs before */
	unsigned int vcpu;
	char affinity[RUN_LOCK_MASK + 1]; /* bytes in hexadecimal, CPUs 0 to 7 first */
	bool tracing; /* Xen's trace buffers may be on */
};

/*
 * Waits for so long: the guard of a run that was killed may still clean up. 0, -EBUSY and the
 * worker that holds it (0: unknown), or -errno. Closed with close().
 */
int run_lock_take(const char *path, unsigned int wait_ms, int *fd, pid_t *worker);

/* As run_lock_take() would answer, without waiting, and without making a file. */
int run_lock_look(const char *path, pid_t *worker, bool *unrestored);

/* -ENOENT: nothing to put back; -EINVAL: not such a file. */
int run_lock_read(int fd, struct run_state *state);
int run_lock_write(int fd, const struct run_state *state);
int run_lock_clear(int fd);

#endif
