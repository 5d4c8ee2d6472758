// SPDX-License-Identifier: GPL-2.0-only
/* claimperf trace dump: each record of a file. */
#include <argp.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "lib/msg.h"
#include "lib/options.h"
#include "tracepoints/commands.h"
#include "tracepoints/dump.h"
#include "tracepoints/select_option.h"

struct options {
	const char *file;
	bool json;
	bool some_events;
	struct select select;
};

static const struct argp_option option_table[] = {
	{"events", 'e', "NAME,...", 0,
	 "Only these records, what was lost, and what is wrong; names as claimperf trace record has them",
	 0},
	{"json", 'j', NULL, 0, "One JSON object per line instead of text", 0},
	{0},
};

static const char doc[] =
	"Print each record of a trace file, and what is wrong with it."
	"\vTimes are TSC cycles. See docs/trace.md.\n\n"
	"Exit status: 0 fine (lost records included), 1 the file is damaged (what could be read is "
	"printed, with the offset of each anomaly), 2 not a trace file.\n\n"
	"Examples:\n"
	"  claimperf trace dump --events redeem,claims trace.xen\n"
	"  claimperf trace dump --json trace.xen | jq 'select(.event == \"heap_section\")'\n";

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;

	switch (key) {
	case 'e':
		option_events(state, arg, &o->select);
		o->some_events = true;
		return 0;
	case 'j':
		o->json = true;
		return 0;
	case ARGP_KEY_ARG:
		option_file(state, arg, &o->file);
		return 0;
	case ARGP_KEY_END:
		if (!o->file)
			argp_error(state, "a FILE is needed");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static bool is_asked_for(const struct options *o, const struct trace_item *item)
{
	if (!o->some_events || item->type == TRACE_LOST || item->type == TRACE_ANOMALY)
		return true;
	return item->type == TRACE_RECORD &&
	       select_matches(&o->select, item->event, item->words, item->nr_words);
}

static int dump_all(struct trace_reader *reader, struct dump *dump, const struct options *o)
{
	struct trace_item item;
	int ret = 0;

	while (trace_next(reader, &item) != TRACE_END) {
		if (item.type == TRACE_ANOMALY)
			ret = EXIT_REGRESSION;
		if (is_asked_for(o, &item))
			dump_item(dump, &item);
	}
	return ret;
}

int trace_dump(int argc, char **argv)
{
	static const struct argp argp = {option_table, parse_option, "FILE", doc, NULL, NULL, NULL};
	struct options o = {0};
	struct trace_reader *reader;
	struct dump *dump;
	int ret, error;

	argp_parse(&argp, argc, argv, 0, NULL, &o);
	reader = open_trace(o.file);
	dump = dump_start(stdout, o.json);
	if (!dump)
		die(EXIT_USAGE, "%s", strerror(ENOMEM));
	ret = dump_all(reader, dump, &o);
	error = dump_end(dump);
	if (error)
		die(EXIT_USAGE, "cannot write: %s", strerror(-error));
	trace_close(reader);
	return ret;
}
