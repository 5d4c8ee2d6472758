// SPDX-License-Identifier: GPL-2.0-only
/* claimperf trace summary: what a file's records say in sum. */
#include <argp.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "lib/msg.h"
#include "tracepoints/commands.h"
#include "tracepoints/print.h"

struct options {
	const char *file;
	bool json;
};

static const struct argp_option option_table[] = {
	{"json", 'j', NULL, 0, "One JSON object instead of text", 0},
	{0},
};

static const char doc[] =
	"Sum up a trace file: counts, losses, damage, and the distribution of each metric: lock hold "
	"and wait by site and order, claim checks, redeemed pages, calls that install claims, "
	"populate runs."
	"\vTimes are TSC cycles. See docs/trace.md.\n\n"
	"Exit status: 0 fine (lost records included, figures are then marked), 1 the file is "
	"damaged (what could be read is printed, with the offset of each anomaly), 2 not a trace "
	"file.\n\n"
	"Examples:\n"
	"  claimperf trace summary trace.xen\n"
	"  claimperf trace summary --json trace.xen | jq '.metrics[0]'\n";

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;

	switch (key) {
	case 'j':
		o->json = true;
		return 0;
	case ARGP_KEY_ARG:
		if (o->file)
			argp_error(state, "one FILE at a time, not '%s' and '%s'", o->file, arg);
		o->file = arg;
		return 0;
	case ARGP_KEY_END:
		if (!o->file)
			argp_error(state, "a FILE is needed");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static void tell_damage(const char *file, const struct summary *s)
{
	if (s->lost)
		msg("%s: %llu records lost, a larger buffer (xentrace -S) may keep them", file,
		    (unsigned long long)s->lost);
	if (s->anomalies.count)
		msg("%s: %llu anomalies", file, (unsigned long long)s->anomalies.count);
}

int trace_summary(int argc, char **argv)
{
	static const struct argp argp = {option_table, parse_option, "FILE", doc, NULL, NULL, NULL};
	struct options o = {0};
	struct trace_reader *reader;
	struct summary *s;
	int ret;

	argp_parse(&argp, argc, argv, 0, NULL, &o);
	reader = open_trace(o.file);
	ret = summary_read(reader, &s);
	if (!ret && o.json)
		ret = print_summary_json(stdout, o.file, s);
	else if (!ret)
		print_summary(stdout, o.file, s);
	if (ret)
		die(EXIT_USAGE, "%s: %s", o.file, strerror(-ret));
	tell_damage(o.file, s);
	ret = s->anomalies.count ? EXIT_REGRESSION : 0;
	summary_free(s);
	trace_close(reader);
	return ret;
}
