/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Google Benchmark (Debian's libbenchmark 1.7) for C. Link with $(gbench_ldlibs) of bench/build.mk.
 *
 *	static void run_pair(struct gbench_state *state, void *heap)
 *	{
 *		unsigned int order = gbench_get_arg(state, "order");
 *
 *		gbench_loop(state)
 *			free_pages(heap, alloc_pages(heap, order), order);
 *		gbench_set_counter(state, "pages", 1 << order, GBENCH_INVARIANT | GBENCH_RATE);
 *	}
 *
 *	int main(int argc, char **argv)
 *	{
 *		gbench_init(&argc, argv);
 *		if (gbench_reject(argc, argv))
 *			return EXIT_USAGE;
 *		gbench_register(&(struct gbench_case){
 *			.name = "pair", .run = run_pair, .data = heap, .args = {{"order", 9}}});
 *		if (!gbench_run())
 *			return EXIT_USAGE;
 *		return gbench_count_failures() ? EXIT_REGRESSION : 0;
 *	}
 *
 * Threads. The library averages the real time over the threads and divides it by all iterations of
 * all threads: with T threads, real_time is the reciprocal of the throughput, an operation took
 * T * real_time, and straight scaling shows as real_time / T. cpu_time is the CPU time of one
 * operation. Rates and items per second are sums over the threads: divided by real time (.clock =
 * GBENCH_REAL_TIME) they are the throughput of all threads, divided by CPU time (the default) that
 * of one. Each thread has a clock that runs while it loops: with more threads than CPUs, or loops
 * so short that they do not overlap, the throughput looks better than it is.
 *
 * Out of memory ends the program, as in the library.
 */
#ifndef CLAIMPERF_BENCH_GBENCH_H
#define CLAIMPERF_BENCH_GBENCH_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define GBENCH_MAX_ARGS 8
#define GBENCH_MAX_THREAD_COUNTS 16

/* What times and rates are based on, and what decides how many iterations run. */
enum gbench_clock {
	GBENCH_CPU_TIME,    /* of the thread; the library's default */
	GBENCH_REAL_TIME,   /* "/real_time" is appended to the name */
	GBENCH_MANUAL_TIME, /* gbench_add_time_ns() only; "/manual_time" */
};

/* Of the times printed. */
enum gbench_unit {
	GBENCH_UNIT_DEFAULT, /* --benchmark_time_unit, or ns */
	GBENCH_NS,
	GBENCH_US,
	GBENCH_MS,
	GBENCH_S,
};

/* How a counter is reported: the sum of its values in all threads, then each that is set. */
enum gbench_counter {
	GBENCH_PLAIN = 0,
	GBENCH_RATE = 1,           /* divided by seconds */
	GBENCH_AVG_THREADS = 2,    /* divided by the number of threads */
	GBENCH_INVARIANT = 4,      /* same in every iteration: multiplied by the iterations */
	GBENCH_AVG_ITERATIONS = 8, /* divided by the iterations (of all threads) */
};

/* One run of a case in one thread. Its field is for gbench_add_time_ns(). */
struct gbench_state {
	double manual_ns;
};

typedef void gbench_function(struct gbench_state *state, void *data);

/* All but name and run may be left 0. */
struct gbench_case {
	const char *name;
	/* Called in each thread, several times with growing iterations. Must loop exactly once. */
	gbench_function *run;
	/*
	 * Before and after each call of run, in thread 0 only, untimed. The other threads' run()
	 * may start earlier, but its loop does not; teardown comes when all have left the loop. A
	 * setup that calls gbench_fail() has no run (the other threads' do not loop), no teardown.
	 */
	gbench_function *setup, *teardown;
	void *data;
	/* The name becomes NAME/ARG:VALUE/...; ends at a NULL name. */
	struct {
		const char *name;
		int64_t value;
	} args[GBENCH_MAX_ARGS];
	/* One run for each: NAME/threads:N; ends at 0. */
	int thread_counts[GBENCH_MAX_THREAD_COUNTS];
	enum gbench_clock clock;
	enum gbench_unit unit;
	/* 0 leaves each to the flags of the command line; else it overrides them, and is in the name. */
	int64_t iterations; /* of each thread; not together with min_time_s */
	int repetitions;
	double min_time_s;
};

/*
 * Take the library's options out of the command line; call it first. --help prints them and exits
 * with 0; exits with 2 when the value of an option that names a format or a unit is not valid.
 */
void gbench_init(int *argc, char **argv);

/* Print the library's options to stdout, for a --help of one's own. */
void gbench_print_help(void);

/* Complain about each argument that is left (other bad values too); 0, or -EINVAL if any was. */
int gbench_reject(int argc, char **argv);

/* Add a line to the context part of the output; 0, or -EEXIST if the key was there already. */
int gbench_add_context(const char *key, const char *value);

/*
 * Copies *c, not what it points to: that must stay until gbench_run() returns. 0, or -EINVAL (no
 * name or run, a negative number, iterations together with min_time_s, a clock or unit unknown).
 */
int gbench_register(const struct gbench_case *c);

/* Run, or list, what the flags ask for. Returns the number of cases: 0 if the filter matches none. */
size_t gbench_run(void);

/* Calls of run() so far, in any thread, that ended in gbench_fail(), or should have. */
unsigned int gbench_count_failures(void);

/*
 * Register pairs of cases of the same body, calibrate/BODY/native (C++) and calibrate/BODY/api (C):
 * their difference is what this API costs. iterations: fixed, or 0. Lives in bench/calibrate.c.
 */
int gbench_register_calibration(int64_t iterations);
void gbench_register_native(int64_t iterations); /* the C++ half of it */

/* What follows is called from run, setup and teardown. */

/*
 * gbench_loop(state) statement: runs it gbench_iterations(state) times. The clock runs inside only.
 * The counter is a local variable: an iteration costs what it costs in C++. Leave it early only
 * after gbench_fail(); anything else is reported as a failure.
 */
#define gbench_loop(state) \
	for (int64_t gbench_left_ = gbench_begin_loop(state); \
	     __builtin_expect(gbench_left_ != 0, 1) || (gbench_end_loop(state), 0); gbench_left_--)

int64_t gbench_begin_loop(struct gbench_state *state);
void gbench_end_loop(struct gbench_state *state);

/*
 * GBENCH_MANUAL_TIME: the time of an iteration, or of many; the sum counts. A sum of 0 makes the
 * library go on to 10^9 iterations.
 */
static inline void gbench_add_time_ns(struct gbench_state *state, double ns)
{
	state->manual_ns += ns;
}

/*
 * Inside the loop: stop and restart this thread's clock; nothing after gbench_fail(). A pair costs
 * hundreds of ns, a part of which is timed: pause around what takes microseconds.
 */
void gbench_pause(struct gbench_state *state);
void gbench_resume(struct gbench_state *state);

/* How often the loop of this run goes round in each thread; valid in setup too. */
int64_t gbench_iterations(const struct gbench_state *state);
/* 0 to gbench_threads() - 1 */
int gbench_thread(const struct gbench_state *state);
int gbench_threads(const struct gbench_state *state);
/* The value of a named argument; a name that the case does not have ends the program. */
int64_t gbench_get_arg(const struct gbench_state *state, const char *name);

/* Set this thread's part of a counter. flags: GBENCH_RATE | ... */
void gbench_set_counter(struct gbench_state *state, const char *name, double value,
			unsigned int flags);
/* Done by this thread in the whole loop; reported as items_per_second. */
void gbench_set_items(struct gbench_state *state, int64_t items);
/* A text beside the result. */
void gbench_set_label(struct gbench_state *state, const char *label);
/* The run is void (error_occurred, error_message: the first of all threads'); leave the loop. */
void gbench_fail(struct gbench_state *state, const char *why);

#ifdef __cplusplus
}
#endif

#endif
