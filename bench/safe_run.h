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
	struct session *session;
	struct safety_facts facts;
	struct machine *machine;
	struct guard guard;
	int lock;
	bool tracing; /* will Xen's trace buffers be on? */
};

/* With options, session and tracing set: 0, or -1 after saying why nothing may start. */
int safe_run_begin(struct safe_run *run);

/*
 * Before each case: is there a guard, does the case leave the reserve alone? 0, or -1 after a
 * message.
 */
int safe_run_case(struct safe_run *run, const struct bench_case *c);

/* All is put back: 0, or -1 after saying what could not be. */
int safe_run_end(struct safe_run *run);

/* What a killed run left is put back, and said. An exit status. */
int safe_run_clean(struct xen *xen);

/* --dry-run: all of it in words, for nothing is changed. An exit status: would it start? */
int safe_run_describe(struct safe_run *run);

/*
 * For these: what the host is like, -errno; then what the chosen cases need, those left out get
 * their reason.
 */
int safe_run_look(struct safe_run *run);
uint64_t safe_run_choose(struct safe_run *run);

#endif
