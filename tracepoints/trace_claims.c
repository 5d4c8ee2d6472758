// SPDX-License-Identifier: GPL-2.0-only
/* claimperf trace claims: what became of each claim. */
#include <argp.h>
#include <string.h>

#include "lib/msg.h"
#include "lib/options.h"
#include "tracepoints/claims.h"
#include "tracepoints/commands.h"

struct options {
	const char *file;
	bool json;
};

static const struct argp_option option_table[] = {
	{"json", 'j', NULL, 0, "One JSON object instead of text", 0},
	{0},
};

static const char doc[] = "Follow each claim of each domain: when it was installed, by which "
			  "allocations it was redeemed and on "
			  "which node, when and why it ended."
			  "\vA claim adds up when the pages installed are those redeemed, "
			  "released, and left. 'off node' are pages "
			  "of a claim on a node that were allocated on another one. Times are TSC "
			  "cycles. See docs/trace.md.\n\n"
			  "Exit status: 0 fine, 1 the trace is damaged, or a claim does not add up "
			  "though no records were lost, "
			  "2 not a trace file.\n\n"
			  "Examples:\n"
			  "  claimperf trace claims trace.xen\n"
			  "  claimperf trace claims --json trace.xen | jq '.domains[].claims[] | "
			  "select(.off_node > 0)'\n";

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;

	switch (key) {
	case 'j': o->json = true; return 0;
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

int trace_claims(int argc, char **argv)
{
	static const struct argp argp = {option_table, parse_option, "FILE", doc, NULL, NULL, NULL};
	struct options o = {0};
	struct trace_reader *reader;
	struct claims *claims;
	int ret;

	argp_parse(&argp, argc, argv, 0, NULL, &o);
	reader = open_trace(o.file);
	ret = claims_read(reader, &claims);
	trace_close(reader);
	if (ret)
		die(EXIT_USAGE, "%s: %s", o.file, strerror(-ret));
	(o.json ? claims_print_json : claims_print)(stdout, o.file, claims);
	if (claims->anomalies)
		msg("%s: %llu anomalies", o.file, (unsigned long long)claims->anomalies);
	ret = claims->anomalies || (claims_count_unexplained(claims) && !claims->lost)
		      ? EXIT_REGRESSION
		      : 0;
	claims_free(claims);
	return ret;
}
