// SPDX-License-Identifier: GPL-2.0-only
/* claimperf trace timeline: data for pictures of a trace over time. */
#include <argp.h>
#include <string.h>

#include "lib/msg.h"
#include "lib/options.h"
#include "tracepoints/commands.h"
#include "tracepoints/timeline.h"

struct options {
	const char *file;
	unsigned int bins;
};

enum { BINS = 0x100 };

static const struct argp_option option_table[] = {
	{"bins", BINS, "N", 0, "Parts of time (300)", 0},
	{0},
};

static const char doc[] =
	"Cut a trace into equal parts of time and print, as JSON, how long heap_lock was held in "
	"each, and the "
	"least free and the most claimed pages of each node and the host."
	"\vThis is what claimperf trace plot draws. See docs/trace.md.\n\n"
	"Exit status: 0 fine, 1 the trace is damaged, 2 not a trace file.\n\n"
	"Examples:\n"
	"  claimperf trace timeline trace.xen\n"
	"  claimperf trace timeline --bins 100 trace.xen | jq -c '.nodes[] | [.node, .claimed]'\n";

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;

	switch (key) {
	case BINS: o->bins = option_number(state, "--bins", arg, TIMELINE_BINS_MAX); return 0;
	case ARGP_KEY_ARG:
		option_file(state, arg, &o->file);
		return 0;
	case ARGP_KEY_END:
		if (!o->file)
			argp_error(state, "a FILE is needed");
		return 0;
	default: return ARGP_ERR_UNKNOWN;
	}
}

int trace_timeline(int argc, char **argv)
{
	static const struct argp argp = {option_table, parse_option, "FILE", doc, NULL, NULL, NULL};
	struct options o = {.bins = 300};
	struct trace_reader *reader;
	struct timeline *timeline;
	int ret;

	argp_parse(&argp, argc, argv, 0, NULL, &o);
	reader = open_trace(o.file);
	ret = timeline_read(reader, o.bins, &timeline);
	trace_close(reader);
	if (ret)
		die(EXIT_USAGE, "%s: %s", o.file, strerror(-ret));
	timeline_print(stdout, timeline);
	ret = timeline->anomalies ? EXIT_REGRESSION : 0;
	timeline_free(timeline);
	return ret;
}
