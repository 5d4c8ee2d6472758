/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Contention: threads that allocate and free on one heap, with or without one more that installs,
 * replaces and cancels claims all the time. One case is one set of them.
 */
#ifndef BENCH_CONTEND_H
#define BENCH_CONTEND_H

#include <pthread.h>
#include <stdatomic.h>

#include "bench/contend_cases.h"
#include "bench/heap_library.h"

#define CACHE_LINE 64

/* Each writes to lines of its own. */
struct contend_worker {
	_Alignas(CACHE_LINE) struct heap_domain *domain;
	uint64_t start_ns, end_ns; /* of its pairs, warm-up not included */
	uint64_t cpu_ns;	   /* that it had a CPU meanwhile */
	uint64_t done;		   /* pairs */
	uint64_t failed;	   /* allocations refused */
};

struct contend_installer {
	pthread_t thread;
	bool running;
	unsigned long most; /* calls, after which it ends */
	struct heap_domain *domain;
	_Alignas(CACHE_LINE) atomic_bool stop;
	_Alignas(CACHE_LINE)
		atomic_ulong calls; /* that asked for claims, cancelling them included */
	atomic_int error;
};

/* One run of all threads. */
struct contend_run {
	uint64_t pairs; /* that each thread was asked for */
	uint64_t done;	/* by all threads */
	uint64_t ns;	/* for all that was asked for: in proportion, when time was up */
	uint64_t installs;
	double ran; /* share of its time that the thread which had least of it had a CPU */
};

struct contend {
	const struct contend_case *c;
	struct contend_worker workers[CONTEND_MAX_THREADS];
	struct contend_installer installer;
	_Alignas(CACHE_LINE) atomic_uint arrived;
	struct heap_counters before;
	/* All there were; those with the number of pairs of the last one are its repetitions. */
	struct contend_run *runs;
	size_t nr_runs;
	struct contend_run traced;
	bool has_trace;
	char error[120]; /* why the case is invalid; empty: it is fine */
};

/*
 * For all cases: the heap booted, whether it knows claim sets, and after how long a thread ends
 * with less than it was asked for: where CPUs are short, waiting for a lock has no bounds.
 */
void contend_use(const struct heap_library *heap, const struct heap_config *config,
		 bool claim_sets, unsigned int limit_ms, unsigned int cpus);

/* Domains, and nothing else; by a thread that is in the heap. */
void contend_set_up(struct contend *w);
/* Returns once claims come and go; after so many calls they no longer do. */
void contend_start_installer(struct contend *w, unsigned long most);
void contend_stop_installer(struct contend *w);
/* The installer ends, the domains die; memory or claims that do not come back are an error. */
void contend_tear_down(struct contend *w);

/* Thread i's untimed pairs; those that count. */
void contend_warm_up(struct contend *w, unsigned int i);
void contend_work(struct contend *w, unsigned int i, uint64_t pairs);
/* Wait until so many have come here since the setup. */
void contend_wait(struct contend *w, unsigned int arrivals);

/* When all have worked. */
struct contend_run contend_last_run(const struct contend *w, uint64_t pairs);

/* As gbench.h has it: *data is a struct contend. One run with setup and teardown around it. */
struct gbench_state;
void contend_gbench_setup(struct gbench_state *state, void *data);
void contend_gbench_run(struct gbench_state *state, void *data);
void contend_gbench_teardown(struct gbench_state *state, void *data);

/* One short run with the trace points on, buffers of so many bytes per thread; into that file. */
void contend_trace(struct contend *w, unsigned long bytes, const char *path);

#endif
