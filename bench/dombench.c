// SPDX-License-Identifier: GPL-2.0-only
/* claimperf-dombench: runs the cases; this program must run in dom0. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/document.h"
#include "bench/leaks.h"
#include "bench/merge.h"
#include "bench/prove.h"
#include "bench/reserve.h"
#include "bench/safe_run.h"
#include "bench/session.h"
#include "lib/msg.h"
#include "lib/options.h"

#define SAMPLES 24
#define SAMPLES_WATCHED 4
#define SAMPLES_PROVEN 2

struct options {
	struct session session;
	struct safety_options safety;
	regex_t perf_filter;
	bool clean, trace, perf, prove;
	struct leaks leaks;
	struct prover *prover;
};

static struct safe_run safe;

enum { OPT_TRACE = 256, OPT_PERF, OPT_CLEAN, OPT_PROVE, OPT_DISPOSABLE, OPT_INSTRUCTIONS, OPT_MARKDOWN };

static const struct argp_option argp_options[] = {
	{"trace", OPT_TRACE, "PROGRAM", OPTION_ARG_OPTIONAL,
	 "One more pass of each case under xentrace (this one): CASE.trace.xen", 0},
	{"perf", OPT_PERF, "RE", OPTION_ARG_OPTIONAL,
	 "Two more passes of each case, or of those that match, under perf: CASE.perf.txt, .data, .json", 0},
	{"prove", OPT_PROVE, NULL, 0,
	 "Measure nothing: does Xen's trace see each case take the branches that it is about?", 0},
	{"clean", OPT_CLEAN, NULL, 0,
	 "Destroy the domains that a killed run left, and their claims; undo its pinning", 0},
	{"disposable", OPT_DISPOSABLE, NULL, 0,
	 "The machine is thrown away when the run is over: leave the domains, guard nothing", 0},
	{"instructions", OPT_INSTRUCTIONS, NULL, 0,
	 "The time stamp counter counts instructions (the lab's exact mode)", 0},
	{"markdown", OPT_MARKDOWN, NULL, OPTION_HIDDEN, "Print docs/benchmarks.md", 0},
	{0},
};

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &o->session;
		state->child_inputs[1] = &o->safety;
		break;
	case OPT_TRACE:
		trace_use(arg);
		o->trace = true;
		break;
	case OPT_PERF:
		option_regex(state, "--perf", arg ? arg : "", &o->perf_filter);
		o->perf = true;
		break;
	case OPT_CLEAN: o->clean = true; break;
	case OPT_PROVE: o->prove = true; break;
	case OPT_DISPOSABLE: o->session.run.disposable = true; break;
	case OPT_MARKDOWN: exit(document_cases() ? EXIT_USAGE : 0);
	case OPT_INSTRUCTIONS: o->session.unit = UNIT_INSTRUCTIONS; break;
	case ARGP_KEY_END:
		if (o->prove && (o->trace || o->perf || o->clean))
			argp_error(state, "--prove goes alone, without --trace, --perf and --clean");
		break;
	default: return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static const struct argp argp = {
	.options = argp_options,
	.parser = parse_option,
	.children = (const struct argp_child[]){
		{&session_argp, 0, NULL, 0}, {&safety_argp, 0, NULL, 0}, {0}},
	.doc = "Measures what allocations and claims cost, on the Xen it runs on; needs root in "
	       "dom0.\v"
	       "The result is the smallest sample divided by its operations, in ticks of the time "
	       "stamp counter; all samples are in the JSON file. What a run changes is put back "
	       "when it ends, by a guard if it is killed. Exit status: 0, 1 when a case is invalid, "
	       "2 when it cannot or must not run here.\n\n"
	       "Examples:\n"
	       "  claimperf-dombench --list\n"
	       "  claimperf-dombench --filter 'order:0/node:any' --json result.json\n"
	       "  claimperf-dombench --once\n"
	       "  claimperf-dombench --clean\n",
};

static struct options options = {
	.safety = SAFETY_DEFAULTS,
	.session = {.run = {.samples = SAMPLES, .few = SAMPLES_WATCHED}, .unit = UNIT_TICKS},
};

/* What touched the reserve was left out; else it may have failed. */
static int add(struct session *s, struct bench_result *r, int failed, size_t family, size_t index)
{
	struct bench_case left_out = *r->c;

	if (reserve_refused()) {
		left_out.skip = "it would take memory of the reserve of dom0";
		r->c = &left_out;
	} else if (failed) {
		s->status = EXIT_REGRESSION;
	}
	return session_add(s, r, family, index);
}

static int run_one(struct session *s, const struct bench_case *c, size_t family, size_t index)
{
	struct bench_result r = {.c = c};
	int rc, failed = 0;

	if (session_recall(s, c))
		return 0;
	if (safe.options && safe_run_case(&safe, c))
		return 0;
	r.samples = calloc(s->run.samples, sizeof(*r.samples));
	if (!r.samples)
		return -1;
	if (!c->skip && !run_stopped)
		failed = run_case(&s->bench, c, &s->run, &r);
	rc = add(s, &r, failed, family, index);
	free(r.samples);
	return rc;
}

static int prove_one(struct session *s, const struct bench_case *c, size_t family, size_t index)
{
	struct bench_result r = {.c = c};
	struct proof proof;
	int rc, failed = 0;

	if (safe.options && safe_run_case(&safe, c))
		return 0;
	if (!c->skip && !run_stopped) {
		failed = prove_case(options.prover, &s->bench, c, &s->run, &proof, r.error);
		r.proof = proof_to_json(&proof);
	}
	rc = add(s, &r, failed, family, index);
	json_decref(r.proof);
	return rc;
}

static int watch_one(struct session *s, const struct bench_case *c, size_t family, size_t index)
{
	struct run_options run = s->run;

	if (safe.options && safe_run_case(&safe, c))
		return 0;
	(void)family;
	(void)index;
	if (options.perf && regexec(&options.perf_filter, c->name, 0, NULL, 0))
		run.perf_dir = NULL;
	if (c->skip || run_stopped || session_has_watched(s, c))
		return 0;
	if (run_watched(&s->bench, c, &run))
		s->status = EXIT_REGRESSION;
	else
		session_note_watched(s, c);
	return 0;
}

static struct xen *open_xen(void)
{
	struct xen *xen;
	int rc = xen_open(&xen);

	if (rc == -ENODEV)
		die(EXIT_USAGE, "no Xen here: /dev/xen/privcmd is missing or not for us; "
				"this must run as root in dom0");
	if (rc)
		die(EXIT_USAGE, "cannot talk to Xen: %s", strerror(-rc));
	return xen;
}

static void fill_safely(struct session *s)
{
	safe = (struct safe_run){.options = &options.safety, .xen = s->bench.xen, .session = s,
				 .choose = safe_run_choose, .tracing = options.trace || options.prove};
}

static int begin_safely(struct session *s)
{
	if (s->run.disposable)
		return 0;
	fill_safely(s);
	return safe_run_begin(&safe);
}

/* Domains first: what the guard then finds was left by mistake. */
static void end_safely(struct session *s)
{
	xen_destroy_domains(s->bench.xen);
	if (safe.options && safe_run_end(&safe))
		s->status = EXIT_USAGE;
}

static int describe(struct session *s)
{
	fill_safely(s);
	return safe_run_describe(&safe);
}

static void note_safety(const struct session *s)
{
	json_t *context = json_object_get(s->document, "context");

	if (safe.options)
		json_object_set_new(json_object_get(context, "claimperf"), "safety",
				    safety_to_json(&safe.facts, safe.options));
}

/* What machines that are thrown away still have of each case; who seems to leak is asked again. */
static int return_all(struct session *s)
{
	struct leaks *l = &options.leaks;
	const struct bench_case **suspects = calloc(l->count + 1, sizeof(*suspects));
	char what[LEAKS_WHAT_SIZE];
	size_t count = 0;

	/* For the profiler it is no part of the last case. */
	xen_profile(s->bench.xen, true);
	xen_profile(s->bench.xen, false);
	if (!suspects)
		return -1;
	while (l->count && !run_stopped)
		count += leaks_return(l, &suspects[count], what) != 0;
	for (size_t i = 0; i < count; i++) {
		if (!run_again(&s->bench, suspects[i]))
			continue;
		msg("%s: %s", suspects[i]->name, s->bench.error);
		result_fail(merge_find(s->document, suspects[i]->name), s->bench.error);
		s->status = EXIT_REGRESSION;
	}
	free(suspects);
	leaks_free(l);
	return 0;
}

/* Without trace points there is no proof; why is in the document. */
static int prove_all(struct session *s)
{
	int rc = prover_open(&options.prover);
	const char *why = rc == -EOPNOTSUPP ? "this hypervisor has no trace points" : strerror(-rc);

	if (rc) {
		msg("nothing is proven: %s", why);
		s->status = EXIT_REGRESSION;
		return json_object_set_new(s->document, "unproven", json_string(why));
	}
	rc = session_for_each(s, prove_one);
	prover_close(options.prover);
	return rc;
}

static int measure_all(struct session *s)
{
	int rc = session_for_each(s, run_one);

	return rc ? rc : session_for_each(s, watch_one);
}

static int measure(struct session *s)
{
	if (begin_safely(s))
		return EXIT_USAGE;
	s->document = session_new_document(s, "claimperf-dombench");
	note_safety(s);
	s->bench.leaks = &options.leaks;
	options.leaks.xen = s->bench.xen;
	if (!s->document || (options.prove ? prove_all(s) : measure_all(s)) || return_all(s)) {
		msg("%s", strerror(ENOMEM));
		s->status = EXIT_USAGE;
	}
	if (run_stopped) {
		msg("stopped by a signal");
		s->status = EXIT_USAGE;
	}
	session_write(s);
	end_safely(s);
	return s->status;
}

int main(int argc, char **argv)
{
	struct session *s = &options.session;
	int status = 0;

	argp_err_exit_status = EXIT_USAGE;
	/* Not from /dev/urandom: a kernel that just booted takes a second to answer. */
	json_object_seed(1);
	argp_parse(&argp, argc, argv, 0, NULL, &options);
	if (!(s->list && s->nodes))
		s->bench.xen = open_xen();
	session_begin(s);
	if (options.prove)
		s->run.few = SAMPLES_PROVEN;
	s->run.trace_dir = options.trace ? s->out : NULL;
	s->run.perf_dir = options.perf ? s->out : NULL;
	session_catch_signals();
	if (s->list)
		session_print_list(s);
	else
		status = options.clean ? safe_run_clean(s->bench.xen) :
			 options.safety.dry_run ? describe(s) : measure(s);
	session_end(s);
	return status;
}
