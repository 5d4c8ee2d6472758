// SPDX-License-Identifier: GPL-2.0-only
/* claimperf-hostbench: runs the cases on Xen's allocator, compiled for Linux. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bench/gbench.h"
#include "bench/host_modes.h"
#include "bench/xen_host.h"
#include "lib/msg.h"
#include "lib/parse.h"

#define SAMPLES 24
#define PAGE_BYTES 4096
#define DEFAULT_NODE_BYTES (16ull << 30)

struct options {
	struct session session;
	struct xen_host host;
	const char *count;
	unsigned int samples; /* asked for; 0: not said */
	bool perf, calibrate;
	uint64_t node_bytes;
	double start_s; /* what it took to have a heap */
	unsigned long start_kib;
};

enum { OPT_HEAP = 256, OPT_MEMORY, OPT_CPUS, OPT_HISTORY, OPT_COUNT, OPT_PERF, OPT_CALIBRATE };

static const struct argp_option argp_options[] = {
	{"heap", OPT_HEAP, "FILE", 0, "The allocator: what scripts/host/build prints", 0},
	{"memory", OPT_MEMORY, "SIZE", 0, "Memory of each node, a power of two (16G)", 0},
	{"cpus", OPT_CPUS, "N", 0, "CPUs of each node (1)", 0},
	{"history", OPT_HISTORY, "NAME", 0, "fresh, used, fragmented or dirty (fresh)", 0},
	{"count", OPT_COUNT, "PREFIX", 0,
	 "Count instructions; under callgrind only, whose --callgrind-out-file is PREFIX.%p", 0},
	{"perf", OPT_PERF, NULL, 0, "One more pass of each case under the machine's event counters", 0},
	{"calibrate", OPT_CALIBRATE, NULL, 0,
	 "Only what the C API of Google Benchmark costs, beside its own C++", 0},
	{0},
};

static const char *const histories[] = {
	[HEAP_FRESH] = "fresh",
	[HEAP_USED] = "used",
	[HEAP_FRAGMENTED] = "fragmented",
	[HEAP_DIRTY] = "dirty",
};
#define HISTORIES (sizeof(histories) / sizeof(*histories))

static enum heap_history parse_history(struct argp_state *state, const char *text)
{
	for (unsigned int i = 0; i < HISTORIES; i++)
		if (!strcmp(text, histories[i]))
			return (enum heap_history)i;
	argp_error(state, "--history %s: neither fresh, used, fragmented nor dirty", text);
	return HEAP_FRESH;
}

static uint64_t parse_memory(struct argp_state *state, const char *text)
{
	uint64_t bytes = 0;

	if (parse_size(text, &bytes) || bytes < PAGE_BYTES || (bytes & (bytes - 1)))
		argp_error(state, "--memory %s: not a power of two", text);
	return bytes;
}

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;

	switch (key) {
	case ARGP_KEY_INIT: state->child_inputs[0] = &o->session; break;
	case OPT_HEAP: o->host.library = arg; break;
	case OPT_MEMORY: o->node_bytes = parse_memory(state, arg); break;
	case OPT_CPUS:
		o->host.config.node_cpus = session_count(state, "--cpus", arg, HEAP_MAX_THREADS);
		break;
	case OPT_HISTORY: o->host.history = parse_history(state, arg); break;
	case OPT_COUNT: o->count = arg; break;
	case OPT_CALIBRATE: o->calibrate = true; break;
	case OPT_PERF: o->perf = true; break;
	default: return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static const struct argp argp = {
	.options = argp_options,
	.parser = parse_option,
	.children = (const struct argp_child[]){{&session_argp, 0, NULL, 0}, {0}},
	.doc = "Measures what allocations and claims cost on Xen's page allocator, in this process: times, "
	       "by Google Benchmark, or instructions.\v"
	       "claimperf bench --target host runs it as it should be run. All --benchmark_ options of "
	       "Google Benchmark work.\n\n"
	       "Exit status: 0, 1 when a case is invalid, 2 when it cannot run here.\n",
};

static struct options options = {
	.session = {.nodes = 1},
	.node_bytes = DEFAULT_NODE_BYTES,
};

/* Of this process, in KiB: /proc/self/status. */
static unsigned long peak_memory(void)
{
	FILE *in = fopen("/proc/self/status", "r");
	unsigned long kib = 0;
	char line[128];

	while (in && fgets(line, sizeof(line), in))
		if (sscanf(line, "VmHWM: %lu kB", &kib) == 1)
			break;
	if (in)
		fclose(in);
	return kib;
}

static double seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void boot(struct options *o)
{
	struct heap_config *config = &o->host.config;
	double start = seconds();
	int rc;

	if (!o->host.library)
		die(EXIT_USAGE, "--heap is missing: the file that scripts/host/build prints");
	config->nodes = o->session.nodes;
	config->node_pages = o->node_bytes / PAGE_BYTES;
	config->sparse = true;
	o->host.count = o->count;
	xen_host_boot(&o->host);
	o->start_s = seconds() - start;
	o->start_kib = peak_memory();
	rc = xen_open(&o->session.bench.xen);
	if (rc)
		die(EXIT_USAGE, "%s", strerror(-rc));
}

/* What must be equal for results to compare, beside the hypervisor. */
static json_t *describe_host(const struct options *o)
{
	return json_pack("{s:I, s:i, s:s}", "node_memory", (json_int_t)o->node_bytes, "node_cpus",
			 o->host.config.node_cpus ? (int)o->host.config.node_cpus : 1, "history",
			 histories[o->host.history]);
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
	json_object_set_new(json_object_get(context, "claimperf"), "host", describe_host(&options));
	json_object_set_new(context, "start", json_pack("{s:f, s:I}", "seconds", options.start_s,
							"peak_kib", (json_int_t)options.start_kib));
	rc = options.count ? count_cases(s, options.count)
			   : time_cases(s, options.samples, options.perf);
	if (rc == -ENOTSUP)
		die(EXIT_USAGE, "--count: this does not run under valgrind");
	if (rc)
		die(EXIT_USAGE, "%s", strerror(ENOMEM));
	if (run_stopped) {
		msg("stopped by a signal");
		s->status = EXIT_USAGE;
	}
	session_write(s);
	return s->status;
}

/* Both kinds of options keep their order; --help stays ours. */
static void take_flags(int *argc, char **argv)
{
	char **flags = calloc((size_t)*argc + 1, sizeof(*flags));
	int kept = 1, taken = 1;

	if (!flags)
		die(EXIT_USAGE, "%s", strerror(ENOMEM));
	flags[0] = program_invocation_short_name; /* what complaints begin with */
	for (int i = 1; i < *argc; i++) {
		if (!strncmp(argv[i], "--benchmark_", 12))
			flags[taken++] = argv[i];
		else
			argv[kept++] = argv[i];
	}
	argv[kept] = NULL;
	*argc = kept;
	gbench_init(&taken, flags);
	if (gbench_reject(taken, flags))
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
	if (!s->list || options.host.library)
		boot(&options);
	session_begin(s);
	session_catch_signals();
	if (s->list)
		session_print_list(s);
	else
		status = measure(s);
	session_end(s);
	return status;
}
