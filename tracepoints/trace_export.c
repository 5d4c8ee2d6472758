// SPDX-License-Identifier: GPL-2.0-only
/* claimperf trace export: a part of a trace for other programs. */
#include <argp.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "lib/msg.h"
#include "lib/options.h"
#include "lib/parse.h"
#include "tracepoints/commands.h"
#include "tracepoints/export.h"

static const struct format {
	const char *name;
	int (*write)(struct export *e);
	uint64_t limit;
	bool whole; /* too much is refused, not cut */
	bool binary;
} formats[] = {
	{"csv", export_csv, EXPORT_LIMIT, false, false},
	{"jsonl", export_jsonl, EXPORT_LIMIT, false, false},
	{"perfetto", export_perfetto, EXPORT_LIMIT, false, true},
	{"trace-event", export_trace_event, EXPORT_LIMIT_SMALL, true, false},
	{0},
};

struct options {
	struct export export;
	const struct format *format;
	const char *out;
	uint64_t limit; /* 0: the format's */
};

enum { HZ = 0x100, LIMIT };

static const struct argp_option option_table[] = {
	{"format", 'f', "FORMAT", 0, "csv, jsonl, perfetto or trace-event", 0},
	{"out", 'o', "FILE", 0, "Write there instead of to standard output", 0},
	{"hz", HZ, "N", 0, "TSC cycles in a second (1000000000, as in the lab's exact mode)", 0},
	{"limit", LIMIT, "SIZE", 0,
	 "Write at most so much (100 MB, trace-event 10 MB, which is also the most)", 0},
	{0},
};

static const char doc[] =
	"Write a part of a trace for other programs."
	"\vcsv has a row for each record and a column for each field that any of the chosen events "
	"has. "
	"jsonl has an object for each record, loss and anomaly. perfetto is the format of "
	"ui.perfetto.dev "
	"and trace_processor: tracks of CPUs and domains with slices for lock sections, waits and "
	"calls, and "
	"counters of free and claimed pages. trace-event is the same as JSON for "
	"chrome://tracing.\n\n"
	"An export has at most 100 MB. What comes after is left out, and told on stderr; "
	"trace-event is "
	"refused beyond 10 MB.\n\n"
	"Exit status: 0 fine, 1 something was left out or the trace is damaged, 2 usage, no trace, "
	"or "
	"too big.\n\n"
	"Examples:\n"
	"  claimperf trace export trace.xen --format csv --events lock --out lock.csv\n"
	"  claimperf trace export trace.xen --format perfetto --cpu 0-3 --out trace.pftrace\n"
	"  claimperf trace export trace.xen --format trace-event --around 123456 --out "
	"small.json\n";

static const struct format *find_format(struct argp_state *state, const char *name)
{
	const struct format *f;

	for (f = formats; f->name; f++)
		if (!strcmp(f->name, name))
			return f;
	argp_error(state, "--format %s: not csv, jsonl, perfetto or trace-event", name);
	return NULL;
}

static void parse_hz(struct argp_state *state, const char *text, struct options *o)
{
	if (parse_u64(text, 1000, 1000000000000ull, &o->export.hz))
		argp_error(state, "--hz %s: not a number from 1000 to 1000000000000", text);
}

static void check_options(struct argp_state *state, struct options *o)
{
	if (!o->export.file)
		argp_error(state, "a FILE is needed");
	if (!o->format)
		argp_error(state, "--format is needed: csv, jsonl, perfetto or trace-event");
	if (o->limit > o->format->limit)
		argp_error(state, "--limit: at most %" PRIu64 " for %s", o->format->limit,
			   o->format->name);
	if (o->format->binary && !o->out && isatty(STDOUT_FILENO))
		argp_error(state, "%s is not for a terminal: --out FILE", o->format->name);
}

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;

	switch (key) {
	case ARGP_KEY_INIT: state->child_inputs[0] = &o->export.filter; return 0;
	case 'f': o->format = find_format(state, arg); return 0;
	case 'o': o->out = arg; return 0;
	case HZ: parse_hz(state, arg, o); return 0;
	case LIMIT:
		if (parse_size(arg, &o->limit) || !o->limit)
			argp_error(state, "--limit %s: not a size", arg);
		return 0;
	case ARGP_KEY_ARG:
		option_file(state, arg, &o->export.file);
		return 0;
	case ARGP_KEY_END: check_options(state, o); return 0;
	default: return ARGP_ERR_UNKNOWN;
	}
}

static void find_around(struct export *e)
{
	if (!e->filter.has_around)
		return;
	if (filter_find_around(&e->filter, e->reader))
		die(EXIT_USAGE, "%s: no record with a time stamp at offset %" PRIu64, e->file,
		    e->filter.around);
	trace_close(e->reader);
	e->reader = open_trace(e->file);
}

static void refuse(const struct options *o)
{
	die(EXIT_USAGE,
	    "%s: more than %" PRIu64 " bytes as %s; what happened before %" PRIu64
	    " fits (--to). Choose less "
	    "with --from, --to, --around, --cpu, --domain or --events, or --format perfetto",
	    o->export.file, o->export.sink.limit, o->format->name, o->export.cut_tsc);
}

static void report(const struct export *e)
{
	if (e->lost)
		msg("%s: %" PRIu64 " records were lost", e->file, e->lost);
	if (e->anomalies)
		msg("%s: %" PRIu64 " anomalies", e->file, e->anomalies);
	if (e->without_slice)
		msg("%s: %" PRIu64 " records are no section or call and not shown", e->file,
		    e->without_slice);
	if (e->crowded)
		msg("%s: %" PRIu64 " slices are left out, as too many cross each other", e->file,
		    e->crowded);
	if (e->corrections)
		msg("%s: counters were corrected %" PRIu64 " times, by at most %" PRIu64 " pages",
		    e->file, e->corrections, e->worst);
	if (e->cut)
		msg("%s: the limit of %" PRIu64
		    " bytes is reached: left out is what happened from %" PRIu64
		    " on (written: %" PRIu64 " records of %" PRIu64
		    " read). Choose a part with --from, --to, "
		    "--around, --cpu, --domain or --events",
		    e->file, e->sink.limit, e->cut_tsc, e->written, e->records);
}

static int run(struct options *o)
{
	struct export *e = &o->export;
	int ret;

	e->reader = open_trace(e->file);
	find_around(e);
	sink_open(&e->sink, o->out, e->file, o->limit ? o->limit : o->format->limit);
	ret = o->format->write(e);
	trace_close(e->reader);
	if (ret || (e->cut && o->format->whole)) {
		sink_drop(&e->sink);
		if (ret)
			die(EXIT_USAGE, "%s: %s", e->file, strerror(-ret));
		refuse(o);
	}
	sink_close(&e->sink);
	report(e);
	return e->cut || e->crowded || e->anomalies ? EXIT_REGRESSION : 0;
}

int trace_export(int argc, char **argv)
{
	static const struct argp_child children[] = {{&filter_argp, 0, NULL, 0}, {0}};
	static const struct argp argp = {option_table, parse_option, "FILE", doc,
					 children,     NULL,	     NULL};
	struct options o = {.export.hz = 1000000000};

	filter_init(&o.export.filter);
	argp_parse(&argp, argc, argv, 0, NULL, &o);
	return run(&o);
}
