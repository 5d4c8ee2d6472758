// SPDX-License-Identifier: GPL-2.0-only
/* Google Benchmark for C: see gbench.h. The only C++ in the tree. */
#define NDEBUG /* the library's header asserts in every iteration of the native loop */
#include <benchmark/benchmark.h>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "bench/gbench.h"

static_assert(GBENCH_RATE == (int)benchmark::Counter::kIsRate, "flags are passed on as they are");
static_assert(GBENCH_AVG_THREADS == (int)benchmark::Counter::kAvgThreads, "");
static_assert(GBENCH_INVARIANT == (int)benchmark::Counter::kIsIterationInvariant, "");
static_assert(GBENCH_AVG_ITERATIONS == (int)benchmark::Counter::kAvgIterations, "");

namespace {

struct owner {
	gbench_case c;
	/* Written by thread 0 before, read by others after the barrier at the start of the loop. */
	bool setup_failed;
};

struct run : gbench_state {
	benchmark::State &native;
	owner &own;
	bool begun, ended;

	run(benchmark::State &state, owner &o)
		: gbench_state(), native(state), own(o), begun(false), ended(false)
	{
	}
};

std::atomic<unsigned int> failures;
bool wants_help;

run &of(gbench_state *state)
{
	return *static_cast<run *>(state);
}

const run &of(const gbench_state *state)
{
	return *static_cast<const run *>(state);
}

/* One batch of everything: the first call waits for all threads, the second does again. */
bool keep_running(run &r)
{
	bool more = r.native.KeepRunningBatch(r.native.max_iterations);

	r.begun = true;
	r.ended = !more;
	return more;
}

/* Whatever run() did, this thread passes both barriers: the others rely on it. */
void complete_loop(run &r)
{
	if (!r.begun)
		r.native.SkipWithError("run() did not loop");
	else if (!r.ended)
		r.native.SkipWithError("run() left its loop early");
	while (!r.ended)
		keep_running(r);
}

void run_case(owner &own, benchmark::State &state)
{
	const gbench_case &c = own.c;
	run r(state, own);
	bool first = state.thread_index() == 0;

	if (first && c.setup)
		c.setup(&r, c.data);
	if (first)
		own.setup_failed = state.error_occurred();
	if (!first || !own.setup_failed)
		c.run(&r, c.data);
	complete_loop(r);
	if (c.clock == GBENCH_MANUAL_TIME)
		state.SetIterationTime(r.manual_ns * 1e-9);
	if (first && c.teardown && !own.setup_failed)
		c.teardown(&r, c.data);
	failures += state.error_occurred();
}

bool is_valid(const gbench_case &c)
{
	for (int count : c.thread_counts)
		if (count < 0)
			return false;
	return c.name && *c.name && c.run && c.iterations >= 0 && c.repetitions >= 0 &&
	       c.min_time_s >= 0 && !(c.iterations && c.min_time_s > 0) &&
	       c.clock <= GBENCH_MANUAL_TIME && c.unit <= GBENCH_S;
}

void set_args(benchmark::internal::Benchmark *b, const gbench_case &c)
{
	std::vector<std::string> names;
	std::vector<int64_t> values;

	for (const auto &arg : c.args) {
		if (!arg.name)
			break;
		names.push_back(arg.name);
		values.push_back(arg.value);
	}
	if (!names.empty())
		b->ArgNames(names)->Args(values);
}

/* What a case leaves 0 is not touched, so that the flags decide. */
void set_options(benchmark::internal::Benchmark *b, const gbench_case &c)
{
	if (c.clock == GBENCH_REAL_TIME)
		b->UseRealTime();
	if (c.clock == GBENCH_MANUAL_TIME)
		b->UseManualTime();
	if (c.unit)
		b->Unit(static_cast<benchmark::TimeUnit>(c.unit - GBENCH_NS));
	if (c.iterations)
		b->Iterations(c.iterations);
	if (c.repetitions)
		b->Repetitions(c.repetitions);
	if (c.min_time_s > 0)
		b->MinTime(c.min_time_s);
	for (int count : c.thread_counts) {
		if (!count)
			break;
		b->Threads(count);
	}
}

/* The library calls this for --help, and for some bad values, and then exits with 0. */
void print_help()
{
	if (!wants_help) {
		fprintf(stderr, "--benchmark_format and --benchmark_out_format are one of console, json, "
				"csv; --benchmark_time_unit is one of ns, us, ms, s\n");
		exit(2);
	}
	benchmark::PrintDefaultHelp();
}

template <class Body> void register_native(const char *name, int64_t iterations, Body body)
{
	auto *b = benchmark::RegisterBenchmark(name, body);

	if (iterations)
		b->Iterations(iterations);
}

} // namespace

void gbench_init(int *argc, char **argv)
{
	for (int i = 1; i < *argc; i++)
		wants_help = wants_help || !strcmp(argv[i], "--help");
	benchmark::Initialize(argc, argv, print_help);
}

void gbench_print_help(void)
{
	benchmark::PrintDefaultHelp();
}

int gbench_reject(int argc, char **argv)
{
	return benchmark::ReportUnrecognizedArguments(argc, argv) ? -EINVAL : 0;
}

int gbench_add_context(const char *key, const char *value)
{
	const auto *context = benchmark::internal::GetGlobalContext();

	if (context && context->count(key))
		return -EEXIST;
	benchmark::AddCustomContext(key, value);
	return 0;
}

int gbench_register(const struct gbench_case *c)
{
	if (!is_valid(*c))
		return -EINVAL;
	owner own = {*c, false};
	auto *b = benchmark::RegisterBenchmark(
		c->name, [own](benchmark::State &state) mutable { run_case(own, state); });
	set_args(b, *c);
	set_options(b, *c);
	return 0;
}

size_t gbench_run(void)
{
	return benchmark::RunSpecifiedBenchmarks();
}

unsigned int gbench_count_failures(void)
{
	return failures;
}

int64_t gbench_begin_loop(struct gbench_state *state)
{
	run &r = of(state);

	if (r.begun) {
		r.native.SkipWithError("run() looped twice");
		return 0;
	}
	if (!keep_running(r))
		return 0;
	if (r.own.setup_failed) {
		r.native.SkipWithError("setup failed");
		return 0;
	}
	return r.native.max_iterations;
}

void gbench_end_loop(struct gbench_state *state)
{
	run &r = of(state);

	if (!r.ended)
		keep_running(r);
}

void gbench_pause(struct gbench_state *state)
{
	if (!of(state).native.error_occurred())
		of(state).native.PauseTiming();
}

void gbench_resume(struct gbench_state *state)
{
	if (!of(state).native.error_occurred())
		of(state).native.ResumeTiming();
}

int64_t gbench_iterations(const struct gbench_state *state)
{
	return of(state).native.max_iterations;
}

int gbench_thread(const struct gbench_state *state)
{
	return of(state).native.thread_index();
}

int gbench_threads(const struct gbench_state *state)
{
	return of(state).native.threads();
}

int64_t gbench_get_arg(const struct gbench_state *state, const char *name)
{
	const gbench_case &c = of(state).own.c;

	for (const auto &arg : c.args) {
		if (!arg.name)
			break;
		if (!strcmp(arg.name, name))
			return arg.value;
	}
	fprintf(stderr, "%s has no argument '%s'\n", c.name, name);
	abort();
}

void gbench_set_counter(struct gbench_state *state, const char *name, double value,
			unsigned int flags)
{
	of(state).native.counters[name] =
		benchmark::Counter(value, static_cast<benchmark::Counter::Flags>(flags));
}

void gbench_set_items(struct gbench_state *state, int64_t items)
{
	of(state).native.SetItemsProcessed(items);
}

void gbench_set_label(struct gbench_state *state, const char *label)
{
	of(state).native.SetLabel(label);
}

void gbench_fail(struct gbench_state *state, const char *why)
{
	of(state).native.SkipWithError(why);
}

/* As the user of the library writes it; bench/calibrate.c has the same bodies. */
void gbench_register_native(int64_t iterations)
{
	register_native("calibrate/empty/native", iterations, [](benchmark::State &state) {
		for (auto _ : state)
			asm volatile("");
	});
	register_native("calibrate/barrier/native", iterations, [](benchmark::State &state) {
		for (auto _ : state)
			asm volatile("" ::: "memory");
	});
	register_native("calibrate/pause/native", iterations, [](benchmark::State &state) {
		for (auto _ : state) {
			state.PauseTiming();
			state.ResumeTiming();
		}
	});
	register_native("calibrate/time/native", iterations, [](benchmark::State &state) {
		for (auto _ : state)
			state.SetIterationTime(1e-9);
	});
}
