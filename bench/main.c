// SPDX-License-Identifier: GPL-2.0-only
/* claimperf bench: runs the cases in the lab or here, and writes one result. */
#include <argp.h>
#include <errno.h>
#include <regex.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "bench/contend_cases.h"
#include "bench/frontend.h"
#include "bench/harness.h"
#include "bench/progress.h"
#include "bench/result.h"
#include "bench/unfinished.h"
#include "lib/msg.h"
#include "lib/options.h"
#include "lib/replace.h"

#define JOBS 2

enum { OPT_TARGET = 256, OPT_VARIANT, OPT_IMAGE, OPT_TREE, OPT_COMMIT, OPT_PATCH, OPT_NODES, OPT_FILTER, OPT_SAMPLES,
       OPT_TRACE, OPT_PERF, OPT_PROFILE, OPT_FUNCTIONS, OPT_PROBE, OPT_ONCE, OPT_JOBS, OPT_MACHINES, OPT_OUT, OPT_LIST,
       OPT_MEMORY, OPT_CPUS, OPT_HISTORY, OPT_MEASURE, OPT_THREADS, OPT_UNPROVEN, OPT_RESUME, OPT_RESTART };

static const char *const target_names[TARGETS + 1] = {
	[TARGET_LAB] = "lab",
	[TARGET_DOM0] = "dom0",
	[TARGET_HOST] = "host",
};

static const char *const measures[] = { "count", "time", NULL };

static const struct argp_option argp_options[] = {
	{ "target", OPT_TARGET, "lab|dom0|host", 0,
	  "Virtual machines made for this, the Xen this runs on, or Xen's allocator compiled for "
	  "Linux (lab)", 0 },
	{ "variant", OPT_VARIANT, "V", 0, "Lab, host: the hypervisor to build: baseline or claims, "
	  "then any of +trace, +debug, +lockprof (claims)", 0 },
	{ "image", OPT_IMAGE, "FILE", 0, "Lab: this hypervisor instead", 0 },
	{ "tree", OPT_TREE, "DIR", 0,
	  "Lab, host: build the variant from this source of Xen, as claimperf lab build does (then baseline)", 0 },
	{ "commit", OPT_COMMIT, "REV", 0, "Of that tree, a git repository: this commit", 0 },
	{ "patch", OPT_PATCH, "FILE", 0, "Lab, host: one more patch on the variant; may be repeated",
	  0 },
	{ "nodes", OPT_NODES, "N", 0, "Lab, host: NUMA nodes (1), up to 16 or 64", 0 },
	{ "memory", OPT_MEMORY, "SIZE", 0, "Host: memory of each node, a power of two (16G)", 0 },
	{ "cpus", OPT_CPUS, "N", 0, "Host: CPUs of each node (1); threads take pages from their own", 0 },
	{ "history", OPT_HISTORY, "NAME", 0,
	  "Host: a heap that is fresh, used, fragmented or dirty (fresh)", 0 },
	{ "measure", OPT_MEASURE, "count|time", 0,
	  "Host: only count instructions, or only take times (both)", 0 },
	{ "threads", OPT_THREADS, "N", 0,
	  "Host: in the end 1, 2, 4 ... and N threads on one heap; more than CPUs is marked", 0 },
	{ "filter", OPT_FILTER, "RE", 0, "Only cases whose name matches the extended regex", 0 },
	{ "profile", OPT_PROFILE, "quick|standard|full", 0,
	  "How many points of each axis: minutes, a quarter of an hour, half an hour or more (quick)", 0 },
	{ "samples", OPT_SAMPLES, "N", 0, "Samples of each case (24)", 0 },
	{ "trace", OPT_TRACE, NULL, 0,
	  "One more pass of each case, traced: under xentrace, or by the host target's own tracer", 0 },
	{ "perf", OPT_PERF, "RE", OPTION_ARG_OPTIONAL,
	  "Further passes of each case, or of those whose name matches, under perf in dom0; on the "
	  "host target of all, under the machine's event counters", 0 },
	{ "functions", OPT_FUNCTIONS, NULL, 0, "Lab: count instructions by hypervisor function too", 0 },
	{ "probe", OPT_PROBE, "FUNC,...", OPTION_ARG_OPTIONAL,
	  "Lab: follow these hypervisor functions (all), and heap_lock: calls, instructions, memory "
	  "accesses, lock holds", 0 },
	{ "once", OPT_ONCE, NULL, 0, "Two samples, one machine: does everything work?", 0 },
	{ "unproven", OPT_UNPROVEN, NULL, 0,
	  "Lab, dom0: do not let the trace prove that each case takes the branches it is about, which in the "
	  "lab takes a +trace build of the variant and one more machine per group", 0 },
	{ "machines", OPT_MACHINES, "1|2", 0,
	  "Lab, host: fresh machines per group of cases, or counting processes (2); only bit-equal "
	  "results of two are exact", 0 },
	{ "jobs", OPT_JOBS, "N", 0, "Lab, host: machines or counting processes at a time (2)", 0 },
	{ "out", OPT_OUT, "FILE", 0, "The result (bench.json); raw data goes to FILE.d", 0 },
	{ "resume", OPT_RESUME, NULL, 0,
	  "Go on with the run for --out that was stopped or killed, as it was asked for: what it has "
	  "measured stays, only the rest is measured", 0 },
	{ "restart", OPT_RESTART, NULL, 0, "Discard what such a run has measured, and begin anew", 0 },
	{ "list", OPT_LIST, NULL, 0, "List the cases of a host of that many nodes", 0 },
	{ 0 },
};

static void check_filter(struct argp_state *state, const char *option, const char *text)
{
	regex_t filter;

	option_regex(state, option, text, &filter);
	regfree(&filter);
}

/* Of the options that say what is measured there may be none: the run to go on with has its own. */
static void check_resume(const struct options *o, struct argp_state *state)
{
	if (o->resume && (o->restart || o->nr_asked || o->nr_flags || o->safety.nr_given))
		argp_error(state, "--resume goes with --out and --jobs only: all else is as the run began");
}

static void check_options(struct options *o, struct argp_state *state)
{
	check_resume(o, state);
	if (o->target == TARGET_DOM0 && (o->variant || o->tree || o->nr_patches))
		argp_error(state, "--variant, --tree and --patch are for the lab and the host target");
	if (o->target != TARGET_DOM0 && o->safety.nr_given)
		argp_error(state, "--dry-run, --reserve, --what-fits, --claim-all and --beside-domains are "
				  "for the dom0 target");
	if (o->target != TARGET_LAB && (o->image || o->functions || o->probe))
		argp_error(state, "--image, --functions and --probe are for the lab");
	if (o->target != TARGET_HOST &&
	    (o->memory || o->cpus || o->history || o->measure || o->threads))
		argp_error(state, "--memory, --cpus, --history, --measure and --threads are for the "
				  "host target");
	if (o->target == TARGET_HOST && o->unproven)
		argp_error(state, "--unproven: nothing is proven on the host target");
	if (o->target == TARGET_HOST && o->trace && o->measure && strcmp(o->measure, "time"))
		argp_error(state, "--trace takes no part in --measure %s", o->measure);
	if (o->target == TARGET_HOST && o->trace && !strstr(o->variant ? o->variant : "", "+trace"))
		argp_error(state, "--trace: no trace points in this heap; a +trace variant has them");
	if (o->measure && !strcmp(o->measure, "count") && (o->perf || o->threads || o->nr_flags))
		argp_error(state, "%s takes no part in --measure count",
			   o->perf ? "--perf" : o->threads ? "--threads" : o->flags[0]);
	if (o->target != TARGET_HOST && o->nr_flags)
		argp_error(state, "%s is for the host target", o->flags[0]);
	if (o->target == TARGET_LAB && o->nodes > MAX_LAB_NODES)
		argp_error(state, "--nodes %u: not a number from 1 to %d", o->nodes, MAX_LAB_NODES);
	if (o->image && (o->variant || o->tree || o->nr_patches))
		argp_error(state, "--image is complete: no --variant, no --tree, no --patch with it");
	if (o->commit && !o->tree)
		argp_error(state, "--commit needs the --tree that it is of");
	if (o->once || o->target == TARGET_DOM0)
		o->machines = 1;
	if (!o->variant)
		o->variant = o->tree ? "baseline" : "claims";
}

/* "--option=WORD", "--option WORD", or just "--option". */
static const char *optional_word(struct argp_state *state, const char *arg, const char *without)
{
	if (arg)
		return arg;
	if (state->next < state->argc && state->argv[state->next][0] != '-')
		return state->argv[state->next++];
	return without;
}

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;

	o->nr_asked += key >= OPT_TARGET && key != OPT_OUT && key != OPT_JOBS && key < OPT_RESUME;
	switch (key) {
	case ARGP_KEY_INIT: state->child_inputs[0] = &o->safety; break;
	case OPT_TARGET: o->target = (enum target)option_word(state, "--target", arg, target_names); break;
	case OPT_VARIANT: o->variant = arg; break;
	case OPT_IMAGE: o->image = arg; break;
	case OPT_TREE: o->tree = arg; break;
	case OPT_COMMIT: o->commit = arg; break;
	case OPT_PATCH:
		if (o->nr_patches == MAX_PATCHES)
			argp_error(state, "more than %d patches", MAX_PATCHES);
		o->patches[o->nr_patches++] = arg;
		break;
	case OPT_NODES: o->nodes = option_number(state, "--nodes", arg, 64); break;
	case OPT_MEMORY: o->memory = arg; break;
	case OPT_CPUS: o->cpus = option_number(state, "--cpus", arg, 64); break;
	case OPT_HISTORY: o->history = arg; break;
	case OPT_MEASURE:
		option_word(state, "--measure", arg, measures);
		o->measure = arg;
		break;
	case OPT_THREADS: o->threads = option_number(state, "--threads", arg, CONTEND_MAX_THREADS); break;
	case OPT_FILTER:
		check_filter(state, "--filter", arg);
		o->filter = arg;
		break;
	case OPT_SAMPLES: o->samples = option_number(state, "--samples", arg, 1000); break;
	case OPT_TRACE: o->trace = true; break;
	case OPT_PERF:
		o->perf = arg ? arg : "";
		check_filter(state, "--perf", o->perf);
		break;
	case OPT_PROFILE:
		option_word(state, "--profile", arg, plan_profiles);
		o->profile = arg;
		break;
	case OPT_FUNCTIONS: o->functions = true; break;
	case OPT_PROBE: o->probe = optional_word(state, arg, ALL_FUNCTIONS); break;
	case OPT_UNPROVEN: o->unproven = true; break;
	case OPT_ONCE: o->once = true; break;
	case OPT_JOBS: o->jobs = option_number(state, "--jobs", arg, 64); break;
	case OPT_MACHINES: o->machines = option_number(state, "--machines", arg, MERGE_MAX_RUNS); break;
	case OPT_OUT: o->out = arg; break;
	case OPT_RESUME: o->resume = true; break;
	case OPT_RESTART: o->restart = true; break;
	case OPT_LIST: o->list = true; break;
	case ARGP_KEY_ARG: argp_error(state, "%s: not an option", arg); break;
	case ARGP_KEY_END: check_options(o, state); break;
	default: return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static const struct argp argp = {
	.options = argp_options,
	.parser = parse_option,
	.children = (const struct argp_child[]){{ &safety_argp, 0, NULL, 0 }, { 0 }},
	.doc = "Measures what allocations and claims cost under each kind of claim.\v"
	       "The lab runs each group of cases in fresh machines that count instructions; what two "
	       "of them agree on to the bit is exact. The result follows the JSON schema of Google "
	       "Benchmark; an object \"claimperf\" in each entry has unit, raw samples and kind. On a "
	       "real dom0 times are noisy; memory is left to dom0, and what a run changes is put back "
	       "even if it is killed. "
	       "A case is invalid when it leaves pages, claims or domains behind, or when the trace of a "
	       "hypervisor with trace points does not see it take the branches it is about. "
	       "The host target counts instructions exactly, under callgrind, and takes times by "
	       "Google Benchmark, all of whose --benchmark_ options work.\n"
	       "Exit status: 0, or 2 when a case could not be measured.\n\n"
	       "Examples:\n"
	       "  claimperf bench --list --nodes 4\n"
	       "  claimperf bench --variant baseline --nodes 4 --out baseline.json\n"
	       "  claimperf bench --variant claims --patch change.patch --filter 'claim:(host|set)$'\n"
	       "  claimperf bench --probe alloc_heap_pages,get_free_buddy --filter order:0\n"
	       "  claimperf bench --target dom0 --dry-run\n"
	       "  claimperf bench --target host --nodes 64 --memory 256G --history used\n"
	       "  claimperf bench --target host --measure time --benchmark_repetitions=10\n"
	       "  claimperf bench --target host --variant claims+trace --threads 2 --filter ^contend\n",
};

void add_word(struct job *job, const char *fmt, ...)
{
	size_t count = 0;
	va_list args;
	char *word;

	while (job->argv && job->argv[count])
		count++;
	job->argv = reallocarray(job->argv, count + 2, sizeof(*job->argv));
	va_start(args, fmt);
	if (!job->argv || vasprintf(&word, fmt, args) < 0)
		die(EXIT_USAGE, "%s", strerror(ENOMEM));
	va_end(args);
	job->argv[count] = word;
	job->argv[count + 1] = NULL;
}

void add_common_words(struct job *job, const struct options *o)
{
	if (o->once)
		add_word(job, "--once");
	if (o->samples)
		add_word(job, "--samples=%u", o->samples);
	if (o->profile)
		add_word(job, "--profile=%s", o->profile);
}

/* Programs of the suite begin their complaints with their name, the allocator with "heap". */
static void find_complaint(const char *path, char *complaint, size_t size)
{
	FILE *f = fopen(path, "r");
	char line[200];

	snprintf(complaint, size, "no result");
	while (f && fgets(line, sizeof(line), f)) {
		line[strcspn(line, "\n")] = '\0';
		if ((!strncmp(line, "claimperf", 9) || !strncmp(line, "heap: ", 6)) &&
		    !strstr(line, "last console lines"))
			snprintf(complaint, size, "%s", line);
	}
	if (f)
		fclose(f);
}

json_t *load_document(const struct bench_run *run, const char *path,
		      const struct job *job, char error[200])
{
	json_error_t why;
	json_t *document = json_load_file(path, 0, &why);
	char complaint[200], kept[PATH_MAX];

	/* Status 1 is a document with invalid cases in it. */
	if (document && (!job || job->status == 0 || job->status == 1))
		return document;
	json_decref(document);
	if (!job) {
		snprintf(error, 200, "%.150s: %.40s", path, why.text);
		msg("%s", error);
		return NULL;
	}
	find_complaint(job->log, complaint, sizeof(complaint));
	snprintf(error, 200, "%s: exit status %d: %.120s", job->name, job->status, complaint);
	/* The rest, such as the machine's last words, stays beside the raw data. */
	if (snprintf(kept, sizeof(kept), "%s%s", run->places.raw, strrchr(job->log, '/')) <
		    PATH_MAX &&
	    !rename(job->log, kept))
		msg("%s; see %s", error, kept);
	else
		msg("%s", error);
	return NULL;
}

static int read_plan(struct bench_run *run)
{
	const struct options *o = run->options;
	struct job job = { 0 };
	char *text = NULL;
	int rc;

	add_word(&job, "%s", o->target == TARGET_HOST ? run->places.hostbench : run->places.dombench);
	add_word(&job, o->list ? "--list" : "--plan");
	if (o->target == TARGET_HOST) {
		/* It refuses what it does not like now, not after the counts were taken. */
		add_heap_words(&job, o);
		add_flags(&job, o);
	} else {
		if (o->target == TARGET_LAB)
			add_word(&job, "--nodes=%u", o->nodes);
		if (o->filter)
			add_word(&job, "--filter=%s", o->filter);
	}
	if (o->profile)
		add_word(&job, "--profile=%s", o->profile);
	rc = job_ask(&job, &text);
	if (!rc && o->list)
		run->listed = fputs(text, stdout) >= 0 && *text;
	else if (!rc)
		rc = plan_parse(text, &run->plan);
	free(text);
	return rc;
}

static void make_groups(struct bench_run *run)
{
	size_t max = run->plan.count + 1; /* contention has one of its own */
	const char **names = calloc(max, sizeof(*names));

	run->groups = calloc(max, sizeof(*run->groups));
	if (!names || !run->groups)
		die(EXIT_USAGE, "%s", strerror(ENOMEM));
	run->nr_groups = plan_groups(&run->plan, names, max);
	for (size_t i = 0; i < run->nr_groups; i++)
		run->groups[i] = (struct merge_group){ .name = names[i],
						       .machines = run->options->machines };
	free(names);
}

static char *suite_version(const struct places *p)
{
	char path[PATH_MAX], *argv[] = { path, NULL }, *text = NULL;

	join_path(path, p->root, "scripts/version");
	if (job_output(argv, &text) || !text) {
		free(text);
		return strdup("unknown");
	}
	text[strcspn(text, "\n")] = '\0';
	return text;
}

static json_t *make_context(const struct bench_run *run)
{
	json_t *host = json_object_get(json_object_get(run->first, "context"), "claimperf");
	char date[32], name[64] = "";
	time_t now = time(NULL);
	json_t *own, *context;

	strftime(date, sizeof(date), "%Y-%m-%dT%H:%M:%S%z", localtime(&now));
	gethostname(name, sizeof(name) - 1);
	own = json_pack("{s:s, s:s, s:i}", "suite", run->suite, "target",
			target_names[run->options->target], "machines",
			(int)run->options->machines);
	json_object_update(own, host);
	json_object_update(own, run->identity);
	context = json_pack("{s:s, s:s, s:s, s:i, s:i, s:b, s:[], s:[], s:s, s:o}", "date", date,
			    "host_name", name, "executable", "claimperf-bench", "num_cpus",
			    (int)sysconf(_SC_NPROCESSORS_ONLN), "mhz_per_cpu", 0,
			    "cpu_scaling_enabled", 0, "caches", "load_avg", "library_build_type",
			    "release", "claimperf", own);
	if (run->start)
		json_object_set(context, "start", run->start);
	return context;
}

static void report_groups(const struct bench_run *run)
{
	for (size_t i = 0; i < run->nr_groups; i++) {
		const struct merge_group *g = &run->groups[i];
		char first[200];

		if (!g->error[0] && g->runs[0] && g->machines > 1 && !merge_equal(g, first))
			msg("group %s is noisy, its machines disagree: %s", g->name, first);
	}
}

/* What part of each figure is not Xen's. */
static void add_harness(json_t *document, const json_t *benchmarks)
{
	json_t *costs = harness_costs(benchmarks);
	char line[200];

	if (!costs)
		return;
	harness_tell(costs, line);
	msg("%s", line);
	/* No part of what two results must have in common. */
	json_object_set_new(json_object_get(document, "context"), "harness", costs);
}

/* Once: it is the hypervisor that has none, in all machines. */
static void report_unproven(const struct bench_run *run)
{
	for (size_t i = 0; i < run->nr_groups; i++) {
		const char *why = json_string_value(
			json_object_get(run->groups[i].proof, "unproven"));

		if (!why)
			continue;
		msg("nothing is proven: %s", why);
		return;
	}
}

static int write_result(struct bench_run *run)
{
	unsigned int invalid = 0;
	json_t *benchmarks, *document;
	int rc;

	benchmarks = merge_benchmarks(&run->plan, run->groups, run->nr_groups, run->first, &invalid);
	if (!benchmarks)
		die(EXIT_USAGE, "%s", strerror(ENOMEM));
	json_array_extend(benchmarks, run->contention);
	add_perf(run, benchmarks);
	link_raw(run, benchmarks);
	document = json_pack("{s:o, s:o}", "context", make_context(run), "benchmarks", benchmarks);
	add_harness(document, benchmarks);
	rc = document ? result_write(document, run->options->out) : -ENOMEM;
	if (rc) {
		msg("%s: %s; what was measured stays, for --resume", run->options->out, replace_error(rc));
	} else {
		publish_raw(run, benchmarks);
		unfinished_end(run);
		msg("%s: %zu cases in %s%s", run->options->out, run->plan.count + run->nr_contended,
		    progress_elapsed(), invalid ? ", not all valid" : "");
	}
	json_decref(document);
	return rc || invalid || run->failures ? EXIT_USAGE : 0;
}

static void free_run(struct bench_run *run)
{
	for (size_t i = 0; i < run->nr_groups; i++) {
		for (unsigned int j = 0; j < MERGE_MAX_RUNS; j++)
			json_decref(run->groups[i].runs[j]);
		json_decref(run->groups[i].proof);
	}
	free(run->groups);
	free(run->suite);
	json_decref(run->identity);
	json_decref(run->start);
	json_decref(run->contention);
	plan_free(&run->plan);
}

static int (*const run_target[TARGETS])(struct bench_run *run) = {
	[TARGET_LAB] = run_lab,
	[TARGET_DOM0] = run_dom0,
	[TARGET_HOST] = run_host,
};

/* Of a run without result. */
static void tell_left(const struct bench_run *run)
{
	const struct options *o = run->options;

	if (!unfinished_is_begun(&run->places) || (!o->resume && !jobs_stopped)) {
		unfinished_discard(&run->places);
		if (jobs_stopped)
			msg("stopped; nothing was measured");
		return;
	}
	msg("%swhat was measured is in %s; claimperf bench --resume --out %s goes on",
	    jobs_stopped ? "stopped; " : "", run->places.unfinished, o->out);
}

static int measure(struct bench_run *run)
{
	int rc;

	unfinished_open(run);
	run->suite = suite_version(&run->places);
	make_groups(run);
	rc = run_target[run->options->target](run);
	progress_end();
	if (rc || jobs_stopped) {
		tell_left(run);
		return EXIT_USAGE;
	}
	report_groups(run);
	report_unproven(run);
	return write_result(run);
}

/* Google Benchmark's own options are not ours to know. */
static void take_flags(struct options *o, int *argc, char **argv)
{
	int count = option_take(argc, argv, "--benchmark_", o->flags, MAX_FLAGS);

	if (count < 0)
		die(EXIT_USAGE, "more than %d options of Google Benchmark", MAX_FLAGS);
	o->nr_flags = (unsigned int)count;
}

static void parse_words(struct options *o, int argc, char **argv)
{
	*o = (struct options){ .nodes = 1, .machines = 2, .out = "bench.json", .words = json_array(),
			      .safety = SAFETY_DEFAULTS };
	for (int i = 0; i < argc; i++)
		if (json_array_append_new(o->words, json_string(argv[i])))
			die(EXIT_USAGE, "%s: not UTF-8", argv[i]);
	take_flags(o, &argc, argv);
	argp_parse(&argp, argc, argv, 0, NULL, o);
}

/* Be the run that is to go on. */
static void take_over(struct options *o, struct places *p)
{
	char *out = o->out[0] == '/' ? NULL : realpath(".", NULL), **argv;
	unsigned int jobs = o->jobs;
	json_t *words, *word;
	size_t i;

	if (out && asprintf(&out, "%s/%s", out, o->out) < 0)
		die(EXIT_USAGE, "%s", strerror(ENOMEM));
	name_places(p, out ? out : o->out);
	words = unfinished_words(p);
	argv = calloc(json_array_size(words) + 1, sizeof(*argv));
	if (!argv)
		die(EXIT_USAGE, "%s", strerror(ENOMEM));
	json_array_foreach(words, i, word)
		argv[i] = (char *)json_string_value(word);
	out = out ? out : (char *)o->out;
	parse_words(o, (int)json_array_size(words), argv);
	o->out = out;
	o->jobs = jobs ? jobs : o->jobs;
	o->resume = true;
	o->restart = false;
}

int main(int argc, char **argv)
{
	struct options o;
	struct bench_run run = { .options = &o };
	int rc;

	argp_err_exit_status = EXIT_USAGE;
	parse_words(&o, argc, argv);
	if (o.resume)
		take_over(&o, &run.places);
	else if (!o.list)
		name_places(&run.places, o.out);
	o.jobs = o.jobs ? o.jobs : JOBS;
	jobs_catch_signals();
	find_programs(&run.places);
	if (o.target == TARGET_DOM0 && access("/proc/xen", F_OK) && !o.list)
		die(EXIT_USAGE, "--target dom0: this machine does not run Xen (no /proc/xen)");
	rc = read_plan(&run);
	if (rc == EXIT_USAGE) /* it said why */
		return rc;
	if (rc)
		die(EXIT_USAGE, "the cases cannot be listed");
	run.nr_contended = count_contention(&o);
	if (!run.plan.count && !run.listed && !run.nr_contended)
		die(EXIT_USAGE, "--filter %s: no case has such a name", o.filter ? o.filter : "");
	if (o.list)
		return 0;
	rc = o.safety.dry_run ? describe_dom0(&run) : measure(&run);
	free_run(&run);
	return rc;
}
