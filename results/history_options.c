// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lib/msg.h"
#include "lib/options.h"
#include "results/history_commands.h"

char history_error[HISTORY_ERROR_SIZE];

enum {
	KEY_STORE = 0x200,
	KEY_HOST,
	KEY_TARGET,
	KEY_VARIANT,
	KEY_NODES,
	KEY_NIGHT,
	KEY_ROLE,
	KEY_SINCE
};

static const struct argp_option store_options[] = {
	{"store", KEY_STORE, "DIR", 0, "The history ($CLAIMPERF_HISTORY, else results/history)", 0},
	{0},
};

static const struct argp_option filter_options[] = {
	{"host", KEY_HOST, "NAME", 0, "Only runs of that host", 0},
	{"target", KEY_TARGET, "NAME", 0, "Only lab, host or dom0", 0},
	{"variant", KEY_VARIANT, "NAME", 0, "Only that hypervisor", 0},
	{"nodes", KEY_NODES, "N", 0, "Only hosts of so many nodes", 0},
	{"night", KEY_NIGHT, "DATE", 0, "Only runs of that night", 0},
	{"role", KEY_ROLE, "ROLE", 0, "Only reference, tonight, before or after", 0},
	{"since", KEY_SINCE, "DATE", 0, "Only runs from that day on, 2026-01-31, in UTC", 0},
	{0},
};

static error_t parse_store(int key, char *arg, struct argp_state *state)
{
	struct shared_options *o = state->input;

	if (key != KEY_STORE)
		return ARGP_ERR_UNKNOWN;
	o->store = arg;
	return 0;
}

const char *option_date(struct argp_state *state, const char *option, const char *arg)
{
	struct tm tm = {0};
	const char *end = strptime(arg, "%Y-%m-%d", &tm);
	char text[16] = "";

	/* A day that no month has, spaces, or too few digits come back as something else. */
	timegm(&tm);
	strftime(text, sizeof(text), "%Y-%m-%d", &tm);
	if (!end || *end || strcmp(arg, text))
		argp_error(state, "%s %s: no date such as 2026-01-31", option, arg);
	return arg;
}

void option_run(struct argp_state *state, const char *arg, const char **run)
{
	if (*run)
		argp_error(state, "one RUN at a time, not '%s' and '%s'", *run, arg);
	*run = arg;
}

static error_t parse_run(int key, char *arg, struct argp_state *state)
{
	struct run_options *o = state->input;

	switch (key) {
	case ARGP_KEY_INIT: state->child_inputs[0] = &o->shared; return 0;
	case ARGP_KEY_ARG: option_run(state, arg, &o->run); return 0;
	case ARGP_KEY_NO_ARGS: argp_error(state, "a RUN is needed"); return 0;
	default: return ARGP_ERR_UNKNOWN;
	}
}

void parse_run_options(int argc, char **argv, const char *doc, struct run_options *out)
{
	static const struct argp_child children[] = {{&store_argp, 0, NULL, 0}, {0}};
	const struct argp argp = {NULL, parse_run, "RUN", doc, children, NULL, NULL};

	argp_parse(&argp, argc, argv, 0, NULL, out);
}

static error_t parse_filter(int key, char *arg, struct argp_state *state)
{
	struct shared_options *o = state->input;

	switch (key) {
	case KEY_HOST: o->filter.host = arg; return 0;
	case KEY_TARGET: o->filter.target = arg; return 0;
	case KEY_VARIANT: o->filter.variant = arg; return 0;
	case KEY_NODES: o->filter.nodes = option_number(state, "--nodes", arg, 255); return 0;
	case KEY_NIGHT: o->filter.night = option_date(state, "--night", arg); return 0;
	case KEY_ROLE:
		o->filter.role = history_roles[option_word(state, "--role", arg, history_roles)];
		return 0;
	case KEY_SINCE: o->filter.first_time = option_date(state, "--since", arg); return 0;
	default: return ARGP_ERR_UNKNOWN;
	}
}

const struct argp store_argp = {store_options, parse_store, NULL, NULL, NULL, NULL, NULL};
const struct argp filter_argp = {filter_options, parse_filter, NULL, NULL, NULL, NULL, NULL};

void history_or_die(int ret)
{
	if (ret)
		die(EXIT_USAGE, "%s", history_error);
}

/* Output of who only reads, until the history is closed. */
static FILE *real_stdout;
static char *held;
static size_t held_size;

static void hold_output(void)
{
	real_stdout = stdout;
	stdout = open_memstream(&held, &held_size);
	if (!stdout)
		die(EXIT_USAGE, "%s", strerror(errno));
}

static void release_output(void)
{
	if (fclose(stdout))
		die(EXIT_USAGE, "%s", strerror(errno));
	stdout = real_stdout;
	real_stdout = NULL;
	fwrite(held, 1, held_size, stdout);
	free(held);
}

void close_history(struct history *h)
{
	history_close(h);
	if (real_stdout)
		release_output();
}

struct history *open_history(const struct shared_options *options, enum history_mode mode)
{
	const char *root = getenv("CLAIMPERF_ROOT"), *store = options->store;
	struct history *h;
	char *usual = NULL;

	if (!store)
		store = getenv("CLAIMPERF_HISTORY");
	if (!store && root && asprintf(&usual, "%s/results/history", root) >= 0)
		store = usual;
	if (!store || !*store)
		die(EXIT_USAGE, "which history? --store DIR names it");
	history_or_die(history_open(store, mode, &h, history_error));
	free(usual);
	if (mode == HISTORY_READ)
		hold_output();
	return h;
}
