// SPDX-License-Identifier: GPL-2.0-only
/* claimperf-dombench: runs the cases; this program must run in dom0. */
#include <argp.h>
#include <errno.h>
#include <limits.h>
#include <regex.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/run.h"
#include "lib/msg.h"
#include "lib/parse.h"

#define SAMPLES 24
#define SAMPLES_ONCE 2
#define SAMPLES_WATCHED 4
#define MAX_SAMPLES 10000
#define MAX_GROUPS 32

static const struct bench_family *const families[] = {
	&populate_family,
	&claim_family,
	&refused_family,
};
#define FAMILIES (sizeof(families) / sizeof(*families))

struct options {
	struct run_options run;
	const char *groups[MAX_GROUPS];
	unsigned int nr_groups;
	regex_t filter, perf_filter;
	bool filtered, list, plan, clean, trace, perf;
	unsigned int nodes; /* of the host to list for; 0: ask the hypervisor */
	const char *json;
	const char *out;
	const char *unit;
};

enum {
	OPT_LIST = 256,
	OPT_NODES,
	OPT_GROUP,
	OPT_FILTER,
	OPT_SAMPLES,
	OPT_ONCE,
	OPT_JSON,
	OPT_OUT,
	OPT_TRACE,
	OPT_PERF,
	OPT_CLEAN,
	OPT_DISPOSABLE,
	OPT_INSTRUCTIONS,
	OPT_PLAN
};

static const struct argp_option argp_options[] = {
	{"list", OPT_LIST, NULL, 0, "List the cases, with the reason for those skipped here", 0},
	{"nodes", OPT_NODES, "N", 0, "With --list: for a host of N nodes; needs no Xen", 0},
	{"filter", OPT_FILTER, "RE", 0, "Only cases whose name matches the extended regex", 0},
	{"group", OPT_GROUP, "NAME", 0, "Only the cases of a group; may be repeated", 0},
	{"samples", OPT_SAMPLES, "N", 0, "Samples of each case (24)", 0},
	{"once", OPT_ONCE, NULL, 0, "Two samples of each: does everything work?", 0},
	{"json", OPT_JSON, "FILE", 0, "Write the result to FILE (in the --out folder)", 0},
	{"out", OPT_OUT, "DIR", 0, "Folder of the files written (default: $OUT, or .)", 0},
	{"trace", OPT_TRACE, "PROGRAM", OPTION_ARG_OPTIONAL,
	 "One more pass of each case under xentrace (this one): CASE.trace.xen", 0},
	{"perf", OPT_PERF, "RE", OPTION_ARG_OPTIONAL,
	 "One more pass of each case, or of those that match, under perf stat: CASE.perf.txt", 0},
	{"clean", OPT_CLEAN, NULL, 0,
	 "Destroy the domains that a killed run left, and their claims", 0},
	{"disposable", OPT_DISPOSABLE, NULL, 0,
	 "Leave the domains: the machine is thrown away when the run is over", 0},
	{"instructions", OPT_INSTRUCTIONS, NULL, 0,
	 "The time stamp counter counts instructions (the lab's exact mode)", 0},
	{"plan", OPT_PLAN, NULL, OPTION_HIDDEN,
	 "As --list, for programs: family, index in it, group, name", 0},
	{0},
};

static unsigned int parse_count(struct argp_state *state, const char *option, const char *text,
				uint64_t max)
{
	uint64_t value;

	if (parse_u64(text, 1, max, &value))
		argp_error(state, "%s %s: not a number from 1 to %lu", option, text,
			   (unsigned long)max);
	return (unsigned int)value;
}

static void parse_filter(regex_t *filter, struct argp_state *state, const char *option,
			 const char *text)
{
	char why[128];
	int rc = regcomp(filter, text, REG_EXTENDED | REG_NOSUB);

	if (rc) {
		regerror(rc, filter, why, sizeof(why));
		argp_error(state, "%s %s: %s", option, text, why);
	}
}

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;

	switch (key) {
	case OPT_LIST: o->list = true; break;
	case OPT_NODES: o->nodes = parse_count(state, "--nodes", arg, XEN_MAX_NODES); break;
	case OPT_GROUP:
		if (o->nr_groups == MAX_GROUPS)
			argp_error(state, "more than %d groups", MAX_GROUPS);
		o->groups[o->nr_groups++] = arg;
		break;
	case OPT_FILTER:
		parse_filter(&o->filter, state, "--filter", arg);
		o->filtered = true;
		break;
	case OPT_SAMPLES: o->run.samples = parse_count(state, "--samples", arg, MAX_SAMPLES); break;
	case OPT_ONCE: o->run.samples = o->run.few = SAMPLES_ONCE; break;
	case OPT_PLAN: o->plan = o->list = true; break;
	case OPT_JSON: o->json = arg; break;
	case OPT_OUT: o->out = arg; break;
	case OPT_TRACE:
		trace_use(arg);
		o->trace = true;
		break;
	case OPT_PERF:
		parse_filter(&o->perf_filter, state, "--perf", arg ? arg : "");
		o->perf = true;
		break;
	case OPT_CLEAN: o->clean = true; break;
	case OPT_DISPOSABLE: o->run.disposable = true; break;
	case OPT_INSTRUCTIONS: o->unit = UNIT_INSTRUCTIONS; break;
	default: return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static const struct argp argp = {
	.options = argp_options,
	.parser = parse_option,
	.doc = "Measures what allocations and claims cost, on the Xen it runs on; needs root in "
	       "dom0.\v"
	       "The result is the smallest sample divided by its operations, in ticks of the time "
	       "stamp counter; all samples are in the JSON file. Cases that leave no memory "
	       "unclaimed (tight, refused) do so for some milliseconds. Exit status: 0, 1 when a "
	       "case is invalid, 2 when it cannot run here.\n\n"
	       "Examples:\n"
	       "  claimperf-dombench --list\n"
	       "  claimperf-dombench --filter 'order:0/node:any' --json result.json\n"
	       "  claimperf-dombench --once\n"
	       "  claimperf-dombench --clean\n",
};

static void on_signal(int number)
{
	(void)number;
	run_stopped = 1;
}

static void catch_signals(void)
{
	struct sigaction action = {.sa_handler = on_signal};

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGHUP, &action, NULL);
	signal(SIGPIPE, SIG_IGN);
}

static bool selected(const struct options *o, const struct bench_case *c)
{
	/* Reasons to skip hold for the host: one machine tells them for all groups. */
	bool in_group = !o->nr_groups || c->skip;

	for (unsigned int i = 0; i < o->nr_groups; i++)
		in_group |= !strcmp(c->group, o->groups[i]);
	return in_group && (!o->filtered || !regexec(&o->filter, c->name, 0, NULL, 0));
}

static void print_result(const struct bench_result *r, const char *unit)
{
	if (r->c->skip || !r->count || r->error[0])
		printf("%-48s %s: %s\n", r->c->name, r->c->skip ? "skipped" : "invalid",
		       r->c->skip ? r->c->skip : r->error);
	else
		printf("%-48s %14.3f %s/%s\n", r->c->name, (double)result_min(r) / r->c->ops, unit,
		       r->c->ops > 1 ? "extent" : "call");
}

static json_t *new_document(struct xen *xen, const struct options *o)
{
	return json_pack(
		"{s:{s:s, s:b, s:s, s:{s:s, s:i, s:i, s:s}}, s:[]}", "context", "executable",
		"claimperf-dombench", "cpu_scaling_enabled", 0, "library_build_type", "release",
		"claimperf", "dialect", xen_dialect(xen), "nodes",
		(int)xen_nodes(xen), "samples", (int)o->run.samples, "unit", o->unit, "benchmarks");
}

struct session {
	struct options *options;
	struct bench bench;
	struct bench_list list;
	json_t *document;
	int status;
};

static int add_result(struct session *s, const struct bench_result *r, size_t family, size_t index)
{
	json_t *entry =
		result_to_json(r, family, index, s->options->unit, xen_tsc_khz(s->bench.xen));

	return entry ? json_array_append_new(json_object_get(s->document, "benchmarks"), entry)
		     : -1;
}

static int run_one(struct session *s, const struct bench_case *c, size_t family, size_t index)
{
	struct bench_result r = {.c = c};
	int rc;

	r.samples = calloc(s->options->run.samples, sizeof(*r.samples));
	if (!r.samples)
		return -1;
	if (!c->skip && !run_stopped && run_case(&s->bench, c, &s->options->run, &r))
		s->status = EXIT_REGRESSION;
	rc = add_result(s, &r, family, index);
	if (!s->options->json)
		print_result(&r, s->options->unit);
	free(r.samples);
	return rc;
}

static int watch_one(struct session *s, const struct bench_case *c, size_t family, size_t index)
{
	struct run_options run = s->options->run;

	(void)family;
	(void)index;
	if (s->options->perf && regexec(&s->options->perf_filter, c->name, 0, NULL, 0))
		run.perf_dir = NULL;
	if (!c->skip && !run_stopped && run_watched(&s->bench, c, &run))
		s->status = EXIT_REGRESSION;
	return 0;
}

/* Calls visit for each case, with the number of its family and its own in there. */
static int for_each_case(struct session *s,
			 int (*visit)(struct session *s, const struct bench_case *c, size_t family,
				      size_t index))
{
	size_t index = 0;

	for (size_t i = 0, family = 0; i < s->list.count; i++, index++) {
		const struct bench_case *c = &s->list.cases[i];

		while (families[family] != c->family) {
			family++;
			index = 0;
		}
		if (selected(s->options, c) && visit(s, c, family, index))
			return -1;
	}
	return 0;
}

static void write_result(struct session *s)
{
	const struct options *o = s->options;
	char path[PATH_MAX];
	int rc;

	if (!o->json)
		return;
	snprintf(path, sizeof(path), "%s%s%s", o->json[0] == '/' ? "" : o->out,
		 o->json[0] == '/' ? "" : "/", o->json);
	rc = result_write(s->document, path);
	if (rc) {
		msg("%s: %s", path, strerror(-rc));
		s->status = EXIT_USAGE;
	}
}

static int print_case(struct session *s, const struct bench_case *c, size_t family, size_t index)
{
	if (s->options->plan)
		printf("%zu %zu %s %s\n", family, index, c->group, c->name);
	else
		printf("%s%s%s\n", c->name, c->skip ? "   skipped: " : "", c->skip ? c->skip : "");
	return 0;
}

static void make_list(struct bench_list *list)
{
	for (size_t i = 0; i < FAMILIES; i++)
		if (families[i]->list(list))
			die(EXIT_USAGE, "%s", strerror(ENOMEM));
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

static int clean(struct xen *xen)
{
	struct xen_memory memory;
	unsigned int count;
	int rc = xen_clean(xen, &count);

	if (rc)
		msg("domains of the benchmark are left: %s", strerror(-rc));
	printf("destroyed %u domain%s", count, count == 1 ? "" : "s");
	if (!xen_read_memory(xen, &memory))
		printf("; pages claimed on this host by anyone: %lu",
		       (unsigned long)memory.claimed_pages);
	putchar('\n');
	return rc ? EXIT_USAGE : 0;
}

static int measure(struct session *s)
{
	unsigned int left;

	if (!xen_count_marked(s->bench.xen, &left) && left)
		msg("%u domains of another run are there; if it was killed: claimperf clean", left);
	s->document = new_document(s->bench.xen, s->options);
	if (!s->document || for_each_case(s, run_one)) {
		msg("%s", strerror(ENOMEM));
		s->status = EXIT_USAGE;
	}
	for_each_case(s, watch_one);
	if (run_stopped) {
		msg("stopped by a signal");
		s->status = EXIT_USAGE;
	}
	write_result(s);
	json_decref(s->document);
	return s->status;
}

int main(int argc, char **argv)
{
	struct options o = {
		.run = {.samples = SAMPLES, .few = SAMPLES_WATCHED},
		.unit = UNIT_TICKS,
	};
	struct session s = {.options = &o};
	int status = 0;

	argp_err_exit_status = EXIT_USAGE;
	/* Not from /dev/urandom: a kernel that just booted takes a second to answer. */
	json_object_seed(1);
	argp_parse(&argp, argc, argv, 0, NULL, &o);
	if (!o.out)
		o.out = getenv("OUT") ? getenv("OUT") : ".";
	o.run.trace_dir = o.trace ? o.out : NULL;
	o.run.perf_dir = o.perf ? o.out : NULL;
	s.list.host = (struct bench_host){o.nodes, .legacy_claims = true, .claim_sets = true};
	if (!(o.list && o.nodes)) {
		s.bench.xen = open_xen();
		s.list.host.nodes = xen_nodes(s.bench.xen);
		s.list.host.legacy_claims = xen_has_legacy_claims(s.bench.xen);
		s.list.host.claim_sets = xen_has_claim_sets(s.bench.xen);
	}
	s.bench.host = s.list.host;
	make_list(&s.list);
	catch_signals();
	if (o.list)
		for_each_case(&s, print_case);
	else
		status = o.clean ? clean(s.bench.xen) : measure(&s);
	xen_close(s.bench.xen);
	free(s.list.cases);
	return status;
}
