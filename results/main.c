// SPDX-License-Identifier: GPL-2.0-only
/* claimperf compare: a verdict per case from two results. */
#include <argp.h>
#include <stdio.h>
#include <stdlib.h>

#include "lib/msg.h"
#include "results/compare_print.h"

struct options {
	const char *paths[2]; /* BEFORE, AFTER */
	struct budget budget;
	bool json;
	bool force;
};

enum { KEY_BUDGET = 0x100, KEY_JSON, KEY_FORCE };

static const struct argp_option option_list[] = {
	{"budget", KEY_BUDGET, "FILE", 0, "Allowed gains, see below; may be repeated", 0},
	{"json", KEY_JSON, NULL, 0, "Machine-readable output", 0},
	{"force", KEY_FORCE, NULL, 0,
	 "Compare although more than the hypervisor differs (compiler, dom0 kernel, QEMU, topology "
	 "…)",
	 0},
	{0},
};

static const char doc[] =
	"A verdict per case from two benchmark results.\v"
	"Exact data (instruction counts) are compared as integers, per operation:\n"
	"  IDENTICAL   no difference\n"
	"  NOTE        below 0.2 % and below 8 instructions\n"
	"  MINOR       below 1 %\n"
	"  MAJOR       from 1 %, or from 64 instructions inside the claim check or\n"
	"              redeem path (when profiles lie beside both results): the\n"
	"              functions alloc_heap_pages, get_free_buddy,\n"
	"              domain_adjust_tot_pages and what checks or redeems for them\n"
	"each with 'regressed' or 'improved'. Noisy data are INCONCLUSIVE and never gated.\n\n"
	"A case that BEFORE cannot run is compared with its reference (the same without "
	"claims, or the legacy call), marked 'vs NAME', and called 'cost' or 'saving'.\n\n"
	"A budget file has lines 'NAME [vs CASE] +N # why'. NAME may be a glob, the first line that "
	"matches counts, the reason is required. +N is the most the case may gain in "
	"instructions per operation, -N the least it must save, N% is meant in percent. It is "
	"compared with the case of its name, or its reference; or with another CASE of BEFORE, "
	"where a parameter alone, such as claim:none, replaces the case's own. What BEFORE lacks "
	"cannot be held to a line: exit 2.\n\n"
	"Over budget is a case above its line; without a line, a MAJOR regression. Comparisons "
	"with a reference are gated only by a line. A case that BEFORE measured and AFTER did "
	"not, or that failed in AFTER, is lost: exit 1.\n\n"
	"The hypervisors may differ (variant, image, patches, dialect); all else in the "
	"fingerprints must be equal, the compiler and Xen's configuration included, unless "
	"--force.\n\n"
	"A result may also be what hyperfine --export-json wrote: each command is a case, in ns per "
	"run. Without the fingerprint of claimperf scenario, what could not be compared is said.\n\n"
	"Exit status: 0 fine, 1 over budget or lost, 2 bad input.\n\n"
	"Examples:\n"
	"  claimperf compare baseline.json claims.json\n"
	"  claimperf compare before.json after.json --budget budgets.txt\n"
	"  claimperf compare before.json after.json --json | jq '.cases[] | "
	"select(.over_budget)'";

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct options *options = state->input;
	char error[BUDGET_ERROR_SIZE];

	switch (key) {
	case KEY_BUDGET:
		if (budget_read(arg, &options->budget, error))
			die(EXIT_USAGE, "%s", error);
		return 0;
	case KEY_JSON:
		options->json = true;
		return 0;
	case KEY_FORCE:
		options->force = true;
		return 0;
	case ARGP_KEY_ARG:
		if (state->arg_num >= 2)
			argp_error(state, "two results at a time, not '%s' as well", arg);
		options->paths[state->arg_num] = arg;
		return 0;
	case ARGP_KEY_END:
		if (state->arg_num < 2)
			argp_error(state, "two results are needed, BEFORE and AFTER");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static struct result *read_or_die(const char *path)
{
	char error[RESULT_ERROR_SIZE];
	struct result *result;

	if (result_read(path, &result, error))
		die(EXIT_USAGE, "%s", error);
	return result;
}

static void check_fingerprints(const struct fingerprint_fields *fields,
			       const struct options *options)
{
	size_t i, wrong = 0;

	for (i = 0; i < fields->nr; i++) {
		const struct fingerprint_field *field = &fields->fields[i];

		if (!field->differs || field->may_differ)
			continue;
		wrong++;
		msg("%s: context.claimperf.%s: '%s', but '%s' in %s", options->paths[1],
		    field->path, field->after ? field->after : "(absent)",
		    field->before ? field->before : "(absent)", options->paths[0]);
	}
	if (wrong && !options->force)
		die(EXIT_USAGE,
		    "these results do not compare: %zu field%s besides the hypervisor differ%s; "
		    "--force compares all the same",
		    wrong, wrong == 1 ? "" : "s", wrong == 1 ? "s" : "");
}

/* What is not known cannot differ: it is said instead. */
static void warn_unknown(const struct fingerprint_fields *fields, const struct options *options)
{
	const bool known[2] = {fields->before_known, fields->after_known};
	char list[2048] = "";
	size_t length = 0;

	for (size_t i = 0; i < fields->nr && length < sizeof(list); i++)
		length += (size_t)snprintf(list + length, sizeof(list) - length, "%s%s",
					   i ? ", " : "", fields->fields[i].path);
	for (int i = 0; i < 2; i++)
		if (!known[i])
			msg("%s: no fingerprint is known, hyperfine alone wrote it; could not be "
			    "compared: %s",
			    options->paths[i],
			    *list ? list : "hypervisor, topology, tools");
}

static void warn_unused(const struct budget *budget, const struct comparison *c)
{
	size_t i, j;

	for (i = 0; i < budget->nr; i++) {
		for (j = 0; j < c->nr_rows; j++)
			if (c->rows[j].budget == &budget->lines[i])
				break;
		if (j == c->nr_rows)
			msg("%s:%u: '%s': no case needs it", budget->lines[i].path,
			    budget->lines[i].line, budget->lines[i].pattern);
	}
}

int main(int argc, char **argv)
{
	static const struct argp argp = {
		option_list, parse_option, "BEFORE.json AFTER.json", doc, NULL, NULL, NULL};
	struct options options = {0};
	struct result *before, *after;
	struct fingerprint_fields fields;
	struct comparison comparison;
	char error[RESULT_ERROR_SIZE];
	size_t over;

	argp_err_exit_status = EXIT_USAGE;
	argp_parse(&argp, argc, argv, 0, NULL, &options);
	before = read_or_die(options.paths[0]);
	after = read_or_die(options.paths[1]);
	if (fingerprint_compare(before->fingerprint, after->fingerprint, &fields))
		die(EXIT_USAGE, "out of memory");
	check_fingerprints(&fields, &options);
	warn_unknown(&fields, &options);
	if (compare_results(before, after, &options.budget, &comparison, error))
		die(EXIT_USAGE, "%s", error);
	warn_unused(&options.budget, &comparison);
	if (!options.json)
		print_text(&comparison, &fields);
	else if (print_json(&comparison, &fields))
		die(EXIT_USAGE, "cannot write JSON");
	if (fflush(stdout))
		die(EXIT_USAGE, "cannot write the output");
	over = comparison.nr_over_budget;
	compare_free(&comparison);
	fingerprint_free(&fields);
	budget_free(&options.budget);
	result_free(before);
	result_free(after);
	return over ? EXIT_REGRESSION : 0;
}
