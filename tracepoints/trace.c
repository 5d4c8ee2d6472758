// SPDX-License-Identifier: GPL-2.0-only
/* claimperf trace: decode a file of xentrace. */
#include <argp.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/msg.h"
#include "tracepoints/print.h"

struct options {
	const char *command;
	const char *file;
	bool json;
};

static const struct argp_option option_table[] = {
	{"json", 'j', NULL, 0, "JSON instead of text: one object, or one per line for dump", 0},
	{0},
};

static const char doc[] =
	"Decode a trace file that xentrace wrote on a hypervisor with claimperf's trace points."
	"\vsummary prints counts, losses, damage, and the distribution of each metric: lock hold "
	"and wait by site and order, claim checks, redeemed pages, calls that install claims, "
	"populate runs. dump prints each record. Times are TSC cycles. See docs/trace.md.\n\n"
	"Exit status: 0 fine (lost records included, figures are then marked), 1 the file is "
	"damaged (what could be read is printed, with the offset of each anomaly), 2 not a trace "
	"file.\n\n"
	"Examples:\n"
	"  claimperf trace summary trace.xen\n"
	"  claimperf trace summary --json trace.xen | jq '.metrics[0]'\n"
	"  claimperf trace dump trace.xen | grep claim_redeem\n";

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;

	switch (key) {
	case 'j':
		o->json = true;
		return 0;
	case ARGP_KEY_ARG:
		if (!o->command)
			o->command = arg;
		else if (!o->file)
			o->file = arg;
		else
			argp_error(state, "one FILE at a time, not '%s' and '%s'", o->file, arg);
		return 0;
	case ARGP_KEY_END:
		if (!o->command || (strcmp(o->command, "summary") && strcmp(o->command, "dump")))
			argp_error(state, "the first argument is 'summary' or 'dump'");
		if (!o->file)
			argp_error(state, "%s needs a FILE", o->command);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const char *open_error(int ret)
{
	if (ret == -EBADMSG)
		return "not a trace file of xentrace";
	if (ret == -EINVAL)
		return "not a regular file";
	return strerror(-ret);
}

static int run_summary(struct trace_reader *reader, const struct options *o)
{
	struct summary *s;
	int ret = summary_read(reader, &s);

	if (!ret && o->json)
		ret = print_summary_json(stdout, o->file, s);
	else if (!ret)
		print_summary(stdout, o->file, s);
	if (ret)
		die(EXIT_USAGE, "%s: %s", o->file, strerror(-ret));
	if (s->lost)
		msg("%s: %llu records lost, a larger buffer (xentrace -S) may keep them", o->file,
		    (unsigned long long)s->lost);
	if (s->anomalies.count)
		msg("%s: %llu anomalies", o->file, (unsigned long long)s->anomalies.count);
	ret = s->anomalies.count ? EXIT_REGRESSION : 0;
	summary_free(s);
	return ret;
}

static int run_dump(struct trace_reader *reader, const struct options *o)
{
	struct trace_item item;
	int ret = 0;

	while (trace_next(reader, &item) != TRACE_END) {
		if (item.type == TRACE_ANOMALY)
			ret = EXIT_REGRESSION;
		(o->json ? print_item_json : print_item)(stdout, &item);
	}
	return ret;
}

int main(int argc, char **argv)
{
	static const struct argp argp = {option_table, parse_option, "summary|dump FILE", doc,
					 NULL, NULL, NULL};
	struct options o = {0};
	struct trace_reader *reader;
	int ret;

	argp_err_exit_status = EXIT_USAGE;
	argp_parse(&argp, argc, argv, 0, NULL, &o);
	ret = trace_open(o.file, &reader);
	if (ret)
		die(EXIT_USAGE, "%s: %s", o.file, open_error(ret));
	ret = strcmp(o.command, "dump") ? run_summary(reader, &o) : run_dump(reader, &o);
	trace_close(reader);
	if (fflush(stdout) || ferror(stdout))
		die(EXIT_USAGE, "cannot write: %s", strerror(errno));
	return ret;
}
