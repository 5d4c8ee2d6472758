/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A run on a real dom0: what is checked before it, what it changes, and that all of this is put
 * back, whatever ends it. A guard (guard.h) does the latter; the file of the lock (run_lock.h)
 * knows what it is, should the guard die too.
 */
#ifndef BENCH_SAFE_RUN_H
#define BENCH_SAFE_RUN_H

#include "bench/guard.h"
#include "bench/safety.h"
#include "bench/session.h"

struct safe_run {
	const struct safety_options *options;
	struct xen *xen;
	struct session *session; /* whose cases are run; NULL: none are, and nothing is pinned */
	/* Pages that are needed at a time, once the facts are known; NULL: it makes do with what is there. */
	uint64_t (*choose)(struct safe_run *run);
	struct safety_facts facts;
	struct machine *machine;
	struct guard guard;
	int lock;
	bool tracing; /* will Xen's trace buffers be on? */
};

/* With options, xen, session, choose and tracing set: 0, or -1 after saying why nothing may start. */
int safe_run_begin(struct safe_run *run);

/* Another guard if that one is gone: 0, or -1 after saying why there is none. */
int safe_run_guard(struct safe_run *run);

/* All is put back: 0, or -1 after saying what could not be. */
int safe_run_end(struct safe_run *run);

/* What a killed run left is put back, and said. An exit status. */
int safe_run_clean(struct xen *xen);

/* --dry-run of a session: all of it in words, for nothing is changed. An exit status: would it start? */
int safe_run_describe(struct safe_run *run);

/* What the host is like: 0, or -1 after saying what cannot be seen. */
int safe_run_look(struct safe_run *run);

/* Of a session: what its cases need at most, those left out get their reason. */
uint64_t safe_run_choose(struct safe_run *run);

/* Before each of them: is there a guard, does it leave the reserve alone? 0, or -1 after a message. */
int safe_run_case(struct safe_run *run, const struct bench_case *c);

#endif
