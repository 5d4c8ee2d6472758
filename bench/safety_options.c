// SPDX-License-Identifier: GPL-2.0-only
#include "bench/safety.h"
#include "lib/options.h"
#include "lib/parse.h"

enum { OPT_DRY_RUN = 768, OPT_RESERVE, OPT_BESIDE, OPT_WHAT_FITS, OPT_CLAIM_ALL };

static const struct argp_option host_options[] = {
	{"reserve", OPT_RESERVE, "SIZE", 0, "Dom0: memory that stays free and unclaimed for it (256M)", 0},
	{"beside-domains", OPT_BESIDE, NULL, 0, "Dom0: run although other domains do", 0},
	{0},
};

static const struct argp_option case_options[] = {
	{"dry-run", OPT_DRY_RUN, NULL, 0, "Dom0: say what would be done and put back; change nothing", 0},
	{"what-fits", OPT_WHAT_FITS, NULL, 0,
	 "Dom0: leave out cases that would touch the reserve, instead of refusing all", 0},
	{"claim-all", OPT_CLAIM_ALL, NULL, 0,
	 "Dom0: also run cases that claim all memory, the reserve included, for some milliseconds", 0},
	{0},
};

static error_t parse_host(int key, char *arg, struct argp_state *state)
{
	struct safety_options *o = state->input;

	switch (key) {
	case OPT_RESERVE:
		if (parse_size(arg, &o->reserve))
			argp_error(state, "--reserve %s: not a size such as 256M", arg);
		break;
	case OPT_BESIDE: o->beside_domains = true; break;
	default: return ARGP_ERR_UNKNOWN;
	}
	o->nr_given++;
	return 0;
}

static error_t parse_cases(int key, char *arg, struct argp_state *state)
{
	struct safety_options *o = state->input;

	(void)arg;
	switch (key) {
	case ARGP_KEY_INIT: state->child_inputs[0] = o; return 0;
	case OPT_DRY_RUN: o->dry_run = true; break;
	case OPT_WHAT_FITS: o->what_fits = true; break;
	case OPT_CLAIM_ALL: o->claim_all = true; break;
	default: return ARGP_ERR_UNKNOWN;
	}
	o->nr_given++;
	return 0;
}

const struct argp safety_host_argp = {.options = host_options, .parser = parse_host};
const struct argp safety_argp = {
	.options = case_options,
	.parser = parse_cases,
	.children = (const struct argp_child[]){{&safety_host_argp, 0, NULL, 0}, {0}},
};
