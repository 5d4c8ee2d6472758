// SPDX-License-Identifier: GPL-2.0-only
/* Random operations on Xen's allocator and on the specification, side by side. */
#include <argp.h>
#include <stdio.h>
#include <sys/resource.h>

#include "lib/msg.h"
#include "lib/parse.h"
#include "tests/model/trial.h"

#define TRIAL_OPS 200000ul

struct options {
	uint64_t seed, ops, nodes, node_pages, first_frame;
	bool no_shrink;
};

static const struct argp_option argp_options[] = {
	{"seed", 's', "N", 0, "of the first trial; the next has the next (1)", 0},
	{"ops", 'o', "N", 0, "operations, in trials of 200000 (1000000)", 0},
	{"nodes", 'n', "N", 0, "NUMA nodes (2)", 0},
	{"pages", 'p', "N", 0, "of each node, a power of two (512)", 0},
	{"first", 'f', "FRAME", 0, "number of the first frame, a multiple of --pages (0x100000)",
	 0},
	{"no-shrink", 'q', NULL, 0, "only say what failed", 0},
	{0}};

static const char doc[] =
	"Runs Xen's page allocator and the specification of the claim sets side by side on random "
	"operations, and compares results, counters and claims.\v"
	"On a difference it prints the shortest sequence that shows it, as a C program, and exits "
	"with 1.\n\n"
	"Examples:\n"
	"  claims-model --nodes 4 --ops 2000000\n"
	"  claims-model --seed 1234 --ops 200000      # one trial, again\n";

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;
	uint64_t *number, max = UINT64_MAX;

	switch (key) {
	case 's': number = &o->seed; break;
	case 'o': number = &o->ops; break;
	case 'n': number = &o->nodes, max = HEAP_MAX_NODES; break;
	case 'p': number = &o->node_pages, max = 1 << 20; break;
	case 'f': number = &o->first_frame, max = 1 << 28; break;
	case 'q': o->no_shrink = true; return 0;
	default: return ARGP_ERR_UNKNOWN;
	}
	if (parse_u64(arg, key == 's' ? 0 : 1, max, number))
		argp_error(state, "-%c %s: not a number from 1 to %ju", key, arg, (uintmax_t)max);
	return 0;
}

/* Of processor time, by all trials: they are one after the other. */
static double seconds(void)
{
	struct rusage used;

	getrusage(RUSAGE_CHILDREN, &used);
	return (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
	       (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

static int report_failure(const struct options *o, struct trial *t, uint64_t seed)
{
	printf("FAILED: %u nodes, seed %ju, operation %zu: %s\n", t->config.nodes, (uintmax_t)seed,
	       t->done + 1, t->text);
	if (o->no_shrink)
		return EXIT_REGRESSION;
	trial_shrink(t);
	printf("\n");
	trial_print(t);
	return EXIT_REGRESSION;
}

int main(int argc, char **argv)
{
	static const struct argp argp = {argp_options, parse_option, NULL, doc, NULL, NULL, NULL};
	struct options o = {
		.seed = 1, .ops = 1000000, .nodes = 2, .node_pages = 512, .first_frame = 0x100000};
	uint64_t done = 0, skipped = 0;

	argp_err_exit_status = EXIT_USAGE;
	argp_parse(&argp, argc, argv, 0, NULL, &o);
	if ((o.node_pages & (o.node_pages - 1)) || o.first_frame % o.node_pages)
		die(EXIT_USAGE, "--pages is no power of two, or --first no multiple of it");
	struct trial *t = must_create_trial(&(struct heap_config){.nodes = o.nodes,
								  .node_pages = o.node_pages,
								  .first_frame = o.first_frame},
					    TRIAL_OPS);

	for (uint64_t seed = o.seed; done < o.ops; seed++) {
		trial_generate(t, seed, o.ops - done < TRIAL_OPS ? o.ops - done : TRIAL_OPS);
		if (t->failed)
			return report_failure(&o, t, seed);
		done += t->count;
		skipped += t->skipped;
	}
	printf("%ju operations on %ju nodes agree, %ju more had nothing to do"
	       " (%.0f checked in a second of processor time)\n",
	       (uintmax_t)(done - skipped), (uintmax_t)o.nodes, (uintmax_t)skipped,
	       (double)(done - skipped) / seconds());
	return 0;
}
