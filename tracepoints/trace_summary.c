// SPDX-License-Identifier: GPL-2.0-only
/* claimperf trace summary: what a file's records say in sum. */
#include <argp.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "lib/msg.h"
#include "lib/options.h"
#include "tracepoints/by.h"
#include "tracepoints/commands.h"
#include "tracepoints/print.h"
#include "tracepoints/select_option.h"

struct options {
	const char *file;
	bool json;
	bool some_events;
	struct select select;
	unsigned int by;
	struct print_options print;
};

enum { KEY_BY = 0x100, KEY_TABLES, KEY_TOP };

static const struct argp_option option_table[] = {
	{"events", 'e', "NAME,...", 0,
	 "Only these records, as if there were no others; names as claimperf trace record has them", 0},
	{"json", 'j', NULL, 0, "One JSON object instead of text", 0},
	{"by", KEY_BY, "LIST", 0, "Group sections by any of " BY_NAMES, 0},
	{"tables", KEY_TABLES, "LIST", 0,
	 "Tables of the text, of locks,hold,wait,waited,longest,fallback,claims,calls,spans,hist; "
	 "all but wait, spans and hist by default; or all",
	 0},
	{"top", KEY_TOP, "N", 0, "Show the N longest holds of each lock, 5 by default, at most 32", 0},
	{0},
};

static const char doc[] =
	"Sum up a trace file: counts, losses, damage; how long heap_lock and page_alloc_lock were held "
	"and waited for, by whom, who waited behind whom, the longest holds; claim checks, redeemed "
	"pages, nodes passed over, and the calls around them."
	"\vTimes are TSC cycles. See docs/trace.md.\n\n"
	"Exit status: 0 fine (lost records included, figures are then marked), 1 the file is "
	"damaged (what could be read is printed, with the offset of each anomaly), 2 not a trace "
	"file.\n\n"
	"Examples:\n"
	"  claimperf trace summary trace.xen\n"
	"  claimperf trace summary --by site,node,claim --tables hold trace.xen\n"
	"  claimperf trace summary --events redeem,install trace.xen\n"
	"  claimperf trace summary --json trace.xen | jq '.metrics[0]'\n";

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;

	switch (key) {
	case 'j':
		o->json = true;
		return 0;
	case 'e':
		option_events(state, arg, &o->select);
		o->some_events = true;
		return 0;
	case KEY_BY:
		o->by = parse_by(state, arg);
		return 0;
	case KEY_TABLES:
		o->print.tables = parse_tables(state, arg);
		return 0;
	case KEY_TOP:
		o->print.top = option_number(state, "--top", arg, SECTION_LONGEST);
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

static void tell_damage(const char *file, const struct summary *s)
{
	if (s->lost)
		msg("%s: %llu records lost, a larger buffer (xentrace -S) may keep them", file,
		    (unsigned long long)s->lost);
	if (s->anomalies.count)
		msg("%s: %llu anomalies", file, (unsigned long long)s->anomalies.count);
	if (s->sum_error)
		msg("%s: bytes unaccounted for: %s", file, strerror(-s->sum_error));
}

int trace_summary(int argc, char **argv)
{
	static const struct argp argp = {option_table, parse_option, "FILE", doc, NULL, NULL, NULL};
	struct options o = {.by = SUMMARY_BY, .print = {PRINT_SHORT, 5}};
	struct trace_reader *reader;
	struct summary *s;
	int ret;

	argp_parse(&argp, argc, argv, 0, NULL, &o);
	reader = open_trace(o.file);
	ret = summary_read_some(reader, o.by, o.some_events ? &o.select : NULL, &s);
	if (!ret && o.json)
		ret = print_summary_json(stdout, o.file, s);
	else if (!ret)
		print_summary(stdout, o.file, s, &o.print);
	if (ret)
		die(EXIT_USAGE, "%s: %s", o.file, strerror(-ret));
	tell_damage(o.file, s);
	ret = s->anomalies.count || s->sum_error ? EXIT_REGRESSION : 0;
	summary_free(s);
	trace_close(reader);
	return ret;
}
