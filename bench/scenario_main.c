// SPDX-License-Identifier: GPL-2.0-only
/* claimperf-scenario-dom0 and -host: play one scenario, once. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bench/run.h"
#include "bench/scenario_report.h"
#include "bench/scenario_target.h"
#include "lib/msg.h"
#include "lib/options.h"
#include "lib/parse.h"

/* For memory to come back, ten seconds together. */
#define NAP_NS 10000000
#define NAPS 1000
#define STILL_MS 500

struct options {
	const char *file, *json, *perf;
	bool seeded, check, dry_run;
	unsigned int seed, builders;
};

enum { OPT_SEED = 512, OPT_BUILDERS, OPT_JSON, OPT_PERF, OPT_CHECK, OPT_DRY_RUN };

static const struct argp_option argp_options[] = {
	{"seed", OPT_SEED, "N", 0, "Of random starts (the file's)", 0},
	{"builders", OPT_BUILDERS, "N", 0, "Threads that build (the file's; on the host target 1)",
	 0},
	{"json", OPT_JSON, "FILE", 0, "Write what came of it", 0},
	{"perf", OPT_PERF, "FILE", 0, "Run perf stat meanwhile, which writes this", 0},
	{"check", OPT_CHECK, NULL, 0, "Only check the options and the file; needs no Xen", 0},
	{"dry-run", OPT_DRY_RUN, NULL, 0, "Print which domains would be built, and when", 0},
	{0},
};

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;
	uint64_t seed;

	switch (key) {
	case ARGP_KEY_INIT: target_set_inputs(state); break;
	case OPT_SEED:
		if (parse_u64(arg, 0, INT32_MAX, &seed))
			argp_error(state, "--seed %s: not a number from 0 to %d", arg, INT32_MAX);
		o->seed = (unsigned int)seed;
		o->seeded = true;
		break;
	case OPT_BUILDERS:
		o->builders = option_number(state, "--builders", arg, SPEC_MAX_BUILDERS);
		break;
	case OPT_JSON: o->json = arg; break;
	case OPT_PERF: o->perf = arg; break;
	case OPT_CHECK: o->check = true; break;
	case OPT_DRY_RUN: o->dry_run = true; break;
	case ARGP_KEY_ARG: option_file(state, arg, &o->file); break;
	case ARGP_KEY_END:
		if (!o->file)
			argp_error(state, "which scenario? FILE is missing");
		target_check_builders(o->builders);
		break;
	default: return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static void need(int rc, const char *what)
{
	if (rc)
		die(EXIT_USAGE, "%s: %s", what, strerror(-rc));
}

static struct xen *open_xen(void)
{
	struct xen *xen;
	int rc = xen_open(&xen);

	if (rc == -ENODEV)
		die(EXIT_USAGE, "no Xen here, or not for us; this must run as root in dom0");
	need(rc, "cannot talk to Xen");
	return xen;
}

/* A mode that the hypervisor lacks would be refused for every domain, which looks like a result. */
static void check_claims(const struct spec *spec, const struct xen *xen)
{
	for (unsigned int i = 0; i < spec->nr_groups; i++) {
		enum spec_claim claim = play_claim(xen, spec->groups[i].claim);
		bool sets =
			claim == MODE_HOST || claim == MODE_NODES || claim == MODE_NODES_ELSE_HOST;

		if ((sets && !xen_has_claim_sets(xen)) ||
		    (claim == MODE_LEGACY && !xen_has_legacy_claims(xen)))
			die(EXIT_USAGE, "group '%s': claim %s: this hypervisor has no such claims",
			    spec->groups[i].name, spec_claims[claim]);
	}
}

static void check_nobody(struct xen *xen)
{
	unsigned int left;

	need(xen_count_marked(xen, &left), "cannot count domains");
	if (left)
		die(EXIT_USAGE,
		    "%u domains of another run are there; if it was killed: claimperf clean", left);
}

/* Xen keeps some memory of the first domain that it ever made. */
static void warm_up(struct xen *xen)
{
	uint32_t domid;

	need(xen_create_domain(xen, XEN_HVM, 0, &domid), "cannot create a domain");
	need(xen_destroy_domain(xen, domid), "cannot destroy a domain");
}

static void look_at_memory(struct xen *xen, struct xen_memory *memory)
{
	need(xen_read_memory(xen, memory), "cannot read free memory");
}

static void nap(void)
{
	const struct timespec t = {.tv_nsec = NAP_NS};

	nanosleep(&t, NULL);
}

/*
 * When it stands still. The last of what a dead domain had comes back when no CPU can see it any
 * more: an idle one looks every 100 ms at most (rcu_idle_timer in Xen), some times over.
 */
static void read_memory(struct xen *xen, struct xen_memory *memory)
{
	int rc = xen_settle(xen, STILL_MS, NAPS * (NAP_NS / 1000000));

	if (rc == -ETIMEDOUT)
		msg("free memory does not stand still");
	else if (rc != -EINTR)
		need(rc, "cannot read free memory");
	look_at_memory(xen, memory);
}

static void await_memory(struct xen *xen, const struct xen_memory *wanted,
			 struct xen_memory *memory)
{
	look_at_memory(xen, memory);
	for (unsigned int i = 0; i < NAPS && memcmp(wanted, memory, sizeof(*wanted)); i++) {
		nap();
		look_at_memory(xen, memory);
	}
}

/* Scenarios take shares of what is free, which the reserve is not: each node has a part of it. */
static void read_host(struct xen *xen, struct schedule_host *host, struct xen_memory *memory)
{
	double left;

	read_memory(xen, memory);
	left = 1 - (double)target_reserve() / (double)memory->free_pages;
	host->nodes = xen_nodes(xen);
	for (unsigned int i = 0; i < host->nodes; i++)
		host->free_pages[i] = (uint64_t)((double)memory->node_free_pages[i] * left);
}

static unsigned int choose_builders(const struct options *o, const struct spec *spec,
				    const struct schedule *schedule)
{
	size_t builders = spec->builders ? spec->builders : schedule->nr;

	if (schedule->nr > target_max_domains)
		die(EXIT_USAGE, "%s: %zu domains, but there can be %u here", o->file, schedule->nr,
		    target_max_domains);
	if (builders > target_builders)
		builders = target_builders;
	if (o->builders)
		builders = o->builders;
	return (unsigned int)(builders < schedule->nr ? builders : schedule->nr);
}

static void print_schedule(const struct schedule *schedule, unsigned int nodes)
{
	for (size_t i = 0; i < schedule->nr; i++) {
		const struct schedule_domain *d = &schedule->domains[i];

		printf("%10.3f ms  %-12s", (double)d->start_ns / 1e6, d->group->name);
		for (unsigned int n = 0; n < nodes; n++)
			printf(" %lu", (unsigned long)d->pages[n]);
		printf(" pages\n");
	}
}

/* perf counts threads that are there when it starts. */
static void play_watched(struct play *play, struct report_source *source)
{
	struct watcher *perf = NULL;

	if (source->perf)
		need(perf_tool.start(&perf, source->perf), "perf stat");
	getrusage(RUSAGE_SELF, &source->usage[0]);
	play_run(play);
	getrusage(RUSAGE_SELF, &source->usage[1]);
	if (perf)
		need(perf_tool.stop(perf), "perf stat");
}

static int write_report(const json_t *report, const char *path)
{
	if (!path || !json_dump_file(report, path, JSON_INDENT(1)))
		return 0;
	msg("%s: cannot write it: %s", path, strerror(errno));
	return EXIT_USAGE;
}

static int report(const struct report_source *source, const char *path)
{
	json_t *document = report_make(source);
	int status = write_report(document, path);

	report_print(stdout, document);
	if (!status && json_array_size(json_object_get(document, "failures")))
		status = EXIT_REGRESSION;
	json_decref(document);
	if (guests_stopped) {
		msg("stopped by a signal");
		status = EXIT_USAGE;
	}
	return status;
}

static int play(const struct options *o, const struct spec *spec, struct xen *xen,
		const struct schedule_host *host, const struct xen_memory *before)
{
	struct play play = {.spec = spec,
			    .enter_thread = target_enter_thread,
			    .leave_thread = target_leave_thread};
	struct report_source source = {.play = &play,
				       .host = host,
				       .seed = o->seed,
				       .xen = xen,
				       .before = *before,
				       .perf = o->perf};
	struct schedule schedule;
	char error[KEYS_ERROR];
	int status = 0;

	if (schedule_make(spec, host, o->seed, &schedule, error))
		die(EXIT_USAGE, "%s: %s", o->file, error);
	play.schedule = &schedule;
	play.nr_builders = choose_builders(o, spec, &schedule);
	if (o->dry_run) {
		print_schedule(&schedule, host->nodes);
		goto out;
	}
	need(play_open(&play), "cannot open a way to Xen for each builder");
	play_ahead(&play);
	play_watched(&play, &source);
	look_at_memory(xen, &source.full);
	play_close(&play);
	await_memory(xen, before, &source.after);
	need(xen_count_marked(xen, &source.left), "cannot count domains");
	status = report(&source, o->json);
	play_free(&play);
out:
	schedule_free(&schedule);
	return status;
}

/* A dry run makes no domain, not even one to warm up. */
static int play_safely(const struct options *o, const struct spec *spec, struct xen *xen)
{
	struct schedule_host host = {0};
	struct xen_memory memory;
	int status;

	if (o->dry_run) {
		read_host(xen, &host, &memory);
		return play(o, spec, xen, &host, &memory);
	}
	if (target_begin(xen))
		return EXIT_USAGE;
	check_nobody(xen);
	warm_up(xen);
	read_host(xen, &host, &memory);
	status = play(o, spec, xen, &host, &memory);
	return target_end() ? EXIT_USAGE : status;
}

int main(int argc, char **argv)
{
	const struct argp argp = {
		.options = argp_options,
		.parser = parse_option,
		.children = target_children,
		.args_doc = "FILE",
		.doc = target_doc,
	};
	char name[] = "claimperf scenario run", error[KEYS_ERROR];
	struct options o = {0};
	struct spec spec;
	struct xen *xen;
	int status = 0;

	argp_err_exit_status = EXIT_USAGE;
	msg_call_us(argv, name);
	json_object_seed(1);
	argp_parse(&argp, argc, argv, 0, NULL, &o);
	if (spec_load(o.file, &spec, error))
		die(EXIT_USAGE, "%s", error);
	if (!o.seeded)
		o.seed = spec.seed;
	if (!o.check) {
		target_start();
		xen = open_xen();
		check_claims(&spec, xen);
		status = play_safely(&o, &spec, xen);
		xen_close(xen);
	}
	spec_free(&spec);
	return status;
}
