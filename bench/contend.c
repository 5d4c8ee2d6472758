// SPDX-License-Identifier: GPL-2.0-only
/* claimperf-contend: what threads on one heap cost each other, timed by Google Benchmark. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/contend_result.h"
#include "bench/gbench.h"
#include "bench/heap_describe.h"
#include "bench/session.h"
#include "bench/watch_host.h"
#include "lib/cpus.h"
#include "lib/msg.h"
#include "lib/options.h"
#include "lib/parse.h"

#define REPETITIONS 10
#define MIN_TIME_S 0.1
#define LIMIT_MS 300
#define LIMIT_ONCE_MS 50
#define MIN_TIME_ONCE_S 0.001
/* Of each thread: pairs take a tenth of it, calls that ask for claims meanwhile about a third. */
#define TRACE_BYTES (16ul << 20)
#define MAX_FLAGS 32

struct options {
	struct session session;
	struct heap_options heap;
	unsigned int threads, limit_ms;
	uint64_t trace_bytes;
};

enum { OPT_THREADS = 256, OPT_LIMIT, OPT_TRACE_BYTES };

static const struct argp_option argp_options[] = {
	{"threads", OPT_THREADS, "N", 0,
	 "1, 2, 4 ... and N threads (as many as there are CPUs for)", 0},
	{"limit", OPT_LIMIT, "MS", 0,
	 "A run that takes longer than that (300) ends, and counts in proportion", 0},
	{"trace-bytes", OPT_TRACE_BYTES, "SIZE", 0,
	 "Trace buffer of each thread (16M), for heaps with trace points", 0},
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
	case OPT_THREADS:
		o->threads = option_number(state, "--threads", arg, CONTEND_MAX_THREADS);
		break;
	case OPT_LIMIT: o->limit_ms = option_number(state, "--limit", arg, 1000000); break;
	case OPT_TRACE_BYTES:
		if (parse_size(arg, &o->trace_bytes) || !o->trace_bytes ||
		    o->trace_bytes > UINT32_MAX)
			argp_error(state, "--trace-bytes %s: not a size below 4G", arg);
		break;
	case ARGP_KEY_ARG: argp_error(state, "%s: not an option", arg); break;
	case ARGP_KEY_END:
		if (o->session.nr_groups || o->session.plan)
			argp_error(state, "there are no groups of these cases");
		break;
	default: return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static const struct argp argp = {
	.options = argp_options,
	.parser = parse_option,
	.children = (const struct argp_child[]){{&session_argp, 0, NULL, 0},
						{&heap_argp, 0, NULL, 0},
						{0}},
	.doc = "Measures what threads that allocate and free on Xen's page allocator cost each "
	       "other.\v"
	       "A pair is one allocation and its free; of order 9, the pages go back one by one, "
	       "as "
	       "those of a domain do. With installer:yes one more thread installs, replaces and "
	       "cancels claims. Times are from the first start to the last end. More threads than "
	       "CPUs measure the scheduler: such results are marked \"oversubscribed\".\n"
	       "All --benchmark_ options of Google Benchmark work; its names of these cases have "
	       "/manual_time before /threads.\n\n"
	       "Exit status: 0, 1 when a case is invalid, 2 when it cannot run here.\n",
};

static struct options options = {.session = {.nodes = 1}, .trace_bytes = TRACE_BYTES};

/* Ours first: the user's win. */
static void init_library(char *program, char **flags, int count)
{
	char repetitions[48], min_time[48], *argv[MAX_FLAGS + 4] = {program, repetitions, min_time};
	unsigned int samples = options.session.run.samples;
	bool once = options.session.run.few;
	int argc = 3 + count;

	snprintf(repetitions, sizeof(repetitions), "--benchmark_repetitions=%u",
		 samples ? samples : REPETITIONS);
	snprintf(min_time, sizeof(min_time), "--benchmark_min_time=%g",
		 once ? MIN_TIME_ONCE_S : MIN_TIME_S);
	memcpy(argv + 3, flags, (size_t)count * sizeof(*flags));
	gbench_init(&argc, argv);
	if (gbench_reject(argc, argv))
		exit(EXIT_USAGE);
}

static void register_cases(struct contend *cases, int count)
{
	static char names[CONTEND_MAX_CASES][BENCH_NAME];

	for (int i = 0; i < count; i++) {
		const struct contend_case *c = cases[i].c;
		struct gbench_case g = {
			.name = names[i],
			.run = contend_gbench_run,
			.setup = contend_gbench_setup,
			.teardown = contend_gbench_teardown,
			.data = &cases[i],
			.thread_counts = {(int)c->threads},
			.clock = GBENCH_MANUAL_TIME,
		};

		/* The library adds the threads. */
		snprintf(names[i], BENCH_NAME, "%.*s", (int)(strrchr(c->name, '/') - c->name),
			 c->name);
		if (gbench_register(&g))
			die(EXIT_USAGE, "%s: not a case of Google Benchmark", c->name);
	}
}

/* Threads that wait in vain for a CPU must be asked for. */
static int list_cases(const struct options *o, struct contend_case **list)
{
	unsigned int cpus = count_cpus(),
		     most = cpus < CONTEND_MAX_THREADS ? cpus : CONTEND_MAX_THREADS;
	const regex_t *filter = o->session.filtered ? &o->session.filter : NULL;
	int count = o->threads ? contend_list(o->threads, 0, filter, list)
			       : contend_list(most, cpus, filter, list);

	if (count < 0)
		die(EXIT_USAGE, "%s", strerror(-count));
	if (!count)
		die(EXIT_USAGE, "--filter: no case has such a name");
	return count;
}

static void boot(struct options *o)
{
	int rc;

	heap_options_boot(&o->heap, o->session.nodes);
	rc = xen_open(&o->session.bench.xen);
	if (rc)
		die(EXIT_USAGE, "%s", strerror(-rc));
	if (!o->limit_ms)
		o->limit_ms = o->session.run.few ? LIMIT_ONCE_MS : LIMIT_MS;
	contend_use(xen_host_heap(), &o->heap.host.config,
		    xen_has_claim_sets(o->session.bench.xen), o->limit_ms, count_cpus());
}

static void trace_cases(struct contend *cases, int count)
{
	char path[PATH_MAX];

	for (int i = 0; i < count; i++) {
		if (!cases[i].nr_runs || cases[i].error[0])
			continue;
		contend_path(options.session.out, cases[i].c, ".trace.xen", path);
		contend_trace(&cases[i], options.trace_bytes, path);
		if (cases[i].error[0])
			msg("%s: %s", cases[i].c->name, cases[i].error);
	}
}

static int report(struct session *s, const struct contend *cases, int count)
{
	struct contend_report report = {.cases = cases,
					.nr = (size_t)count,
					.cpus = count_cpus(),
					.tsc_khz = xen_tsc_khz(s->bench.xen),
					.folder = s->out};
	json_t *context, *entries;

	s->unit = "ns";
	s->document = session_new_document(s, "claimperf-contend");
	if (!s->document)
		die(EXIT_USAGE, "%s", strerror(ENOMEM));
	context = json_object_get(json_object_get(s->document, "context"), "claimperf");
	json_object_set_new(context, "host", heap_describe(&options.heap));
	entries = json_object_get(s->document, "benchmarks");
	for (int i = 0; i < count; i++) {
		if (!cases[i].nr_runs)
			continue;
		json_array_append_new(entries, contend_to_json(&report, &cases[i]));
		if (cases[i].error[0])
			s->status = EXIT_REGRESSION;
	}
	session_write(s);
	return s->status;
}

static int measure(struct session *s, const struct contend_case *list, int count)
{
	size_t size = (size_t)count * sizeof(struct contend);
	struct contend *cases = aligned_alloc(_Alignof(struct contend), size);
	int status;

	if (!cases)
		die(EXIT_USAGE, "%s", strerror(ENOMEM));
	memset(cases, 0, size);
	boot(&options);
	for (int i = 0; i < count; i++)
		cases[i].c = &list[i];
	register_cases(cases, count);
	if (!gbench_run() && !s->json)
		die(EXIT_USAGE, "--benchmark_filter: no case has such a name");
	if (s->json && host_can_trace())
		trace_cases(cases, count);
	status = s->json		   ? report(s, cases, count)
		 : gbench_count_failures() ? EXIT_REGRESSION
					   : 0;
	for (int i = 0; i < count; i++)
		free(cases[i].runs);
	free(cases);
	return status;
}

int main(int argc, char **argv)
{
	struct session *s = &options.session;
	struct contend_case *list;
	char *flags[MAX_FLAGS];
	int nr_flags, count, status = 0;

	argp_err_exit_status = EXIT_USAGE;
	json_object_seed(1);
	nr_flags = option_take(&argc, argv, "--benchmark_", flags, MAX_FLAGS);
	if (nr_flags < 0)
		die(EXIT_USAGE, "more than %d options of Google Benchmark", MAX_FLAGS);
	argp_parse(&argp, argc, argv, 0, NULL, &options);
	init_library(argv[0], flags, nr_flags);
	count = list_cases(&options, &list);
	if (s->list)
		for (int i = 0; i < count; i++)
			puts(list[i].name);
	else
		status = measure(s, list, count);
	session_end(s);
	free(list);
	return status;
}
