// SPDX-License-Identifier: GPL-2.0-only
/* claimperf-hostbench: runs the cases on Xen's allocator, compiled for Linux. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/gbench.h"
#include "bench/heap_describe.h"
#include "bench/host_modes.h"
#include "bench/watch_host.h"
#include "lib/msg.h"
#include "lib/options.h"

#define SAMPLES 24
#define SAMPLES_TRACED 4

struct options {
	struct session session;
	struct heap_options heap;
	const char *count;
	unsigned int samples; /* asked for; 0: not said */
	bool perf, calibrate, trace;
};

enum { OPT_COUNT = 256, OPT_PERF, OPT_CALIBRATE, OPT_TRACE };

static const struct argp_option argp_options[] = {
	{"count", OPT_COUNT, "PREFIX", 0,
	 "Count instructions; under callgrind only, whose --callgrind-out-file is PREFIX.%p", 0},
	{"perf", OPT_PERF, NULL, 0, "One more pass of each case under the machine's event counters", 0},
	{"trace", OPT_TRACE, NULL, 0,
	 "One more pass of each case with the trace points on: CASE.trace.xen; +trace variants", 0},
	{"calibrate", OPT_CALIBRATE, NULL, 0,
	 "Only what the C API of Google Benchmark costs, beside its own C++", 0},
	{0},
};

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &o->session;
		state->child_inputs[1] = &o->heap;
		break;
	case OPT_COUNT: o->count = arg; break;
	case OPT_CALIBRATE: o->calibrate = true; break;
	case OPT_PERF: o->perf = true; break;
	case OPT_TRACE: o->trace = true; break;
	default: return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static const struct argp argp = {
	.options = argp_options,
	.parser = parse_option,
	.children = (const struct argp_child[]){{&session_argp, 0, NULL, 0}, {&heap_argp, 0, NULL, 0}, {0}},
	.doc = "Measures what allocations and claims cost on Xen's page allocator, in this process: times, "
	       "by Google Benchmark, or instructions.\v"
	       "claimperf bench --target host runs it as it should be run. All --benchmark_ options of "
	       "Google Benchmark work.\n\n"
	       "Exit status: 0, 1 when a case is invalid, 2 when it cannot run here.\n",
};

static struct options options = {
	.session = {.nodes = 1, .run = {.few = SAMPLES_TRACED, .tracer = &host_trace_tool}},
};

static void open_heap(struct options *o)
{
	int rc;

	o->heap.host.count = o->count;
	heap_options_boot(&o->heap, o->session.nodes);
	if (o->trace && (o->count || !host_can_trace()))
		die(EXIT_USAGE, "--trace: %s",
		    o->count ? "not together with --count"
			     : "no trace points in this heap; a +trace variant has them");
	rc = xen_open(&o->session.bench.xen);
	if (rc)
		die(EXIT_USAGE, "%s", strerror(-rc));
}

/* After the samples of all cases, as in dom0. */
static int trace_case(struct session *s, const struct bench_case *c, size_t family, size_t index)
{
	(void)family;
	(void)index;
	if (!c->skip && !run_stopped && run_watched(&s->bench, c, &s->run))
		s->status = EXIT_REGRESSION;
	return 0;
}

static int measure(struct session *s)
{
	json_t *context;
	int rc;

	s->unit = options.count ? UNIT_INSTRUCTIONS : UNIT_TICKS;
	s->document = session_new_document(s, "claimperf-hostbench");
	if (!s->document)
		die(EXIT_USAGE, "%s", strerror(ENOMEM));
	context = json_object_get(s->document, "context");
	json_object_set_new(json_object_get(context, "claimperf"), "host", heap_describe(&options.heap));
	json_object_set_new(context, "start", json_pack("{s:f, s:I}", "seconds", options.heap.start_seconds,
							"peak_kib",
							(json_int_t)options.heap.start_peak_kib));
	rc = options.count ? count_cases(s, options.count)
			   : time_cases(s, options.samples, options.perf);
	if (rc == -ENOTSUP)
		die(EXIT_USAGE, "--count: this does not run under valgrind");
	if (rc)
		die(EXIT_USAGE, "%s", strerror(ENOMEM));
	if (options.trace) {
		s->run.trace_dir = s->out;
		session_for_each(s, trace_case);
	}
	if (run_stopped) {
		msg("stopped by a signal");
		s->status = EXIT_USAGE;
	}
	session_write(s);
	return s->status;
}

/* --help stays ours. */
static void take_flags(int *argc, char **argv)
{
	char **flags = calloc((size_t)*argc + 1, sizeof(*flags));
	int count;

	if (!flags)
		die(EXIT_USAGE, "%s", strerror(ENOMEM));
	flags[0] = program_invocation_short_name; /* what complaints begin with */
	count = 1 + option_take(argc, argv, "--benchmark_", flags + 1, *argc);
	gbench_init(&count, flags);
	if (gbench_reject(count, flags))
		exit(EXIT_USAGE);
	free(flags);
}

/* Samples asked for are fixed; a pass is never longer than usual, for memory ends. */
static void settle_samples(struct options *o)
{
	struct run_options *run = &o->session.run;

	o->samples = run->samples;
	if (!run->samples || (!o->count && run->samples > SAMPLES))
		run->samples = SAMPLES;
	run->disposable = o->count;
}

int main(int argc, char **argv)
{
	struct session *s = &options.session;
	int status = 0;

	argp_err_exit_status = EXIT_USAGE;
	json_object_seed(1);
	take_flags(&argc, argv);
	argp_parse(&argp, argc, argv, 0, NULL, &options);
	if (options.calibrate)
		return gbench_register_calibration(0) || !gbench_run() ? EXIT_USAGE : 0;
	settle_samples(&options);
	if (!s->list || options.heap.host.library)
		open_heap(&options);
	session_begin(s);
	session_catch_signals();
	if (s->list)
		session_print_list(s);
	else
		status = measure(s);
	session_end(s);
	return status;
}
