// SPDX-License-Identifier: GPL-2.0-only
/* claimperf plan: what will claims cost on a host that is not here? */
#include <argp.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/msg.h"
#include "lib/options.h"
#include "results/plan.h"
#include "results/plan_validate.h"

#define CALIBRATION "calibration/calibration.json"

struct options {
	const char *host, *workload, *calibration;
	bool explain, validate, json;
	char **runs; /* arguments: results in place of a calibration */
	size_t nr_runs;
	/* What if; 0 and false: as it is. */
	bool asked, has_claim, has_order, has_unused, has_fragmented, node_locks, has_seed;
	unsigned int claim, order, parts, builders, unused, fragmented;
	unsigned int seed;
};

enum {
	KEY_HOST = 0x100,
	KEY_WORKLOAD,
	KEY_CALIBRATION,
	KEY_EXPLAIN,
	KEY_VALIDATE,
	KEY_JSON,
	KEY_SEED,
	KEY_CLAIM,
	KEY_ORDER,
	KEY_PARTS,
	KEY_UNUSED,
	KEY_FRAGMENTED,
	KEY_BUILDERS,
	KEY_NODE_LOCKS
};

static const struct argp_option option_table[] = {
	{"host", KEY_HOST, "FILE", 0, "The host (docs/planning.md)", 0},
	{"workload", KEY_WORKLOAD, "FILE", 0, "What is built there, and by how many", 0},
	{"calibration", KEY_CALIBRATION, "FILE", 0, "Of claimperf calibrate (" CALIBRATION ")", 0},
	{"explain", KEY_EXPLAIN, NULL, 0, "The coefficients as well, and which runs they are from",
	 0},
	{"validate", KEY_VALIDATE, NULL, 0,
	 "Predict what was measured from the rest; RUN...: of these results, not of a calibration",
	 0},
	{"json", KEY_JSON, NULL, 0, "For machines", 0},
	{"seed", KEY_SEED, "N", 0, "In place of the workload's", 0},
	{NULL, 0, NULL, 0, "What if", 1},
	{"claim", KEY_CLAIM, "KIND", 0, "All claim so: none, legacy, host or nodes", 2},
	{"order", KEY_ORDER, "N", 0, "All memory comes in extents of order 0 to 9", 2},
	{"parts", KEY_PARTS, "N", 0, "A domain's claim comes in so many, one after the other", 2},
	{"unused", KEY_UNUSED, "PERCENT", 0, "So much is claimed beyond what is built", 2},
	{"fragmented", KEY_FRAGMENTED, "PERCENT", 0, "So much of the heap is in single pages", 2},
	{"builders", KEY_BUILDERS, "N", 0, "So many build at a time", 2},
	{"node-locks", KEY_NODE_LOCKS, NULL, 0, "A lock for each node in place of heap_lock", 2},
	{0},
};

static const char doc[] =
	"Predicts what a workload takes on a host: build times, what claims are of them, "
	"heap_lock, refusals, pages off "
	"their node, and where more builders do not help; each with how sure it is. Costs are "
	"those of a calibration; "
	"waits are simulated."
	"\vOptions of \"what if\" make a second plan, beside the first. Exit status: 0; 1 when "
	"--validate finds a prediction "
	"worse than promised; 2 on bad input.\n\n"
	"Examples:\n"
	"  claimperf plan --host results/plan-examples/four-socket-nps4.json "
	"--workload results/plan-examples/forty.json --explain\n"
	"  claimperf plan --host host.json --workload work.json --claim host --builders 16\n"
	"  claimperf plan --validate\n";

static error_t parse_what_if(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;

	switch (key) {
	case KEY_CLAIM:
		o->has_claim = true;
		o->claim = option_word(state, "--claim", arg, plan_claim_names);
		break;
	case KEY_ORDER:
		o->has_order = true;
		o->order = option_number_or_0(state, "--order", arg, 9);
		break;
	case KEY_PARTS: o->parts = option_number(state, "--parts", arg, 4096); break;
	case KEY_UNUSED:
		o->has_unused = true;
		o->unused = option_number_or_0(state, "--unused", arg, 100);
		break;
	case KEY_FRAGMENTED:
		o->has_fragmented = true;
		o->fragmented = option_number_or_0(state, "--fragmented", arg, 100);
		break;
	case KEY_BUILDERS:
		o->builders = option_number(state, "--builders", arg, SIM_MAX_BUILDERS);
		break;
	case KEY_NODE_LOCKS: o->node_locks = true; break;
	default: return ARGP_ERR_UNKNOWN;
	}
	o->asked = true;
	return 0;
}

static bool changes_claims(const struct options *o)
{
	return o->parts > 1 || (o->has_unused && o->unused);
}

static void check_options(struct options *o, struct argp_state *state)
{
	if (o->validate && (o->host || o->workload || o->asked || o->explain || o->has_seed))
		argp_error(state, "--validate is about the calibration alone");
	if (!o->validate && (!o->host || !o->workload))
		argp_error(state, "--host and --workload are needed, or --validate");
	if (!o->validate && o->nr_runs)
		argp_error(state, "'%s': results go with --validate", o->runs[0]);
	if (o->has_claim && o->claim == CLAIM_NONE && changes_claims(o))
		argp_error(state, "--claim none: no --parts of it, and none --unused");
	if (o->nr_runs && o->calibration)
		argp_error(state, "--calibration or results, not both");
	if (!o->calibration)
		o->calibration = CALIBRATION;
}

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;

	switch (key) {
	case KEY_HOST: o->host = arg; return 0;
	case KEY_WORKLOAD: o->workload = arg; return 0;
	case KEY_CALIBRATION: o->calibration = arg; return 0;
	case KEY_EXPLAIN: o->explain = true; return 0;
	case KEY_VALIDATE: o->validate = true; return 0;
	case KEY_JSON: o->json = true; return 0;
	case KEY_SEED:
		o->has_seed = true;
		o->seed = option_number_or_0(state, "--seed", arg, INT32_MAX);
		return 0;
	case ARGP_KEY_ARGS:
		o->runs = state->argv + state->next;
		o->nr_runs = (size_t)(state->argc - state->next);
		return 0;
	case ARGP_KEY_END: check_options(o, state); return 0;
	default: return parse_what_if(key, arg, state);
	}
}

static char error[RESULT_ERROR_SIZE];

static void or_die(int rc)
{
	if (rc)
		die(EXIT_USAGE, "%s", rc == -ENOMEM ? strerror(ENOMEM) : error);
}

static void load(const char *file, struct plan_calibration *out)
{
	if (access(file, F_OK))
		die(EXIT_USAGE, "%s: %s; claimperf calibrate makes one", file, strerror(errno));
	or_die(calibration_load(file, out, error));
}

static void print_json(json_t *document)
{
	json_dumpf(document, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(15));
	putchar('\n');
	json_decref(document);
}

static int run_validate(const struct options *o)
{
	struct plan_calibration calibration;
	struct validation v;
	size_t worse = 0, unjudged = 0;

	if (o->nr_runs)
		or_die(calibration_take(o->runs, o->nr_runs, &calibration, error));
	else
		load(o->calibration, &calibration);
	or_die(validate(&calibration, &v));
	if (!v.nr)
		die(EXIT_USAGE, "nothing can be held out: one value of each term");
	for (size_t i = 0; i < v.nr; i++) {
		worse += validated_is_worse(&v.rows[i]);
		unjudged += v.rows[i].not_judged;
	}
	if (o->json)
		print_json(validation_to_json(&v));
	else
		validation_print(&v);
	if (unjudged)
		msg("%zu of %zu are not judged: threads had a CPU for less than %g %% of the time",
		    unjudged, v.nr, 100 * HOLDS_RAN);
	if (worse)
		msg("%zu of %zu predictions are worse than promised", worse, v.nr);
	validation_free(&v);
	calibration_free(&calibration);
	return worse ? EXIT_REGRESSION : 0;
}

static void change_group(const struct options *o, struct plan_group *group)
{
	if (o->has_claim)
		group->claim = o->claim;
	if (o->has_order)
		group->mix = (struct extent_shares){{{o->order, 1}}, 1};
	if (o->parts)
		group->parts = o->parts;
	if (o->has_unused)
		group->unused = o->unused / 100.;
	if (group->claim == CLAIM_NONE) {
		group->parts = 1;
		group->unused = 0;
	}
}

static void change(const struct options *o, struct plan_host *host, struct plan_workload *workload)
{
	if (o->has_fragmented)
		host->fragmented = o->fragmented / 100.;
	if (o->builders)
		workload->builders = o->builders;
	workload->node_locks = o->node_locks;
	for (unsigned int g = 0; g < workload->nr_groups; g++)
		change_group(o, &workload->groups[g]);
}

/* Where all groups, changed, claim nothing, there is nothing to change of claims. */
static void check_claims(const struct options *o, const struct plan_workload *workload)
{
	bool claims = !changes_claims(o);

	for (unsigned int g = 0; g < workload->nr_groups; g++)
		claims |= workload->groups[g].claim != CLAIM_NONE;
	if (!claims)
		die(EXIT_USAGE, "%s: no group claims anything: --parts and --unused change nothing",
		    o->workload);
}

static json_t *document(const struct options *o, const struct plan_workload *workload,
			const struct plan *plan)
{
	json_t *object = plan_to_json(workload, plan);

	if (o->explain)
		json_object_set_new(object, "coefficients",
				    plan_explain_json(plan->ctx.calibration, plan));
	return object;
}

static void show(const struct options *o, const struct plan_workload *workload,
		 const struct plan_workload *changed, const struct plan *plan,
		 const struct plan *what_if)
{
	json_t *object;

	if (!o->json) {
		plan_print(workload, plan, what_if);
		if (o->explain)
			plan_explain(plan->ctx.calibration, what_if ? what_if : plan);
		return;
	}
	object = document(o, workload, plan);
	if (what_if)
		json_object_set_new(object, "what_if", document(o, changed, what_if));
	print_json(object);
}

static int run_plan(const struct options *o)
{
	static struct plan_workload workload, changed;
	static struct plan plan, what_if;
	struct plan_calibration calibration;
	struct plan_host host, other;

	or_die(plan_read_host(o->host, &host, error));
	or_die(plan_read_workload(o->workload, &workload, error));
	load(o->calibration, &calibration);
	if (o->has_seed)
		workload.seed = o->seed;
	or_die(plan_make(&calibration, &host, &workload, &plan, error));
	other = host;
	changed = workload;
	change(o, &other, &changed);
	check_claims(o, &changed);
	if (o->asked)
		or_die(plan_make(&calibration, &other, &changed, &what_if, error));
	show(o, &workload, &changed, &plan, o->asked ? &what_if : NULL);
	calibration_free(&calibration);
	plan_free_workload(&workload);
	plan_free_host(&host);
	return 0;
}

int main(int argc, char **argv)
{
	static const struct argp argp = {option_table, parse_option, "[RUN...]", doc,
					 NULL,	       NULL,	     NULL};
	static struct options options;
	static char name[] = "claimperf plan";
	int status;

	msg_call_us(argv, name);
	argp_err_exit_status = EXIT_USAGE;
	argp_parse(&argp, argc, argv, 0, NULL, &options);
	status = options.validate ? run_validate(&options) : run_plan(&options);
	if (fflush(stdout))
		die(EXIT_USAGE, "cannot write the output: %s", strerror(errno));
	return status;
}
