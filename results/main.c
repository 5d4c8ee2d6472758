// SPDX-License-Identifier: GPL-2.0-only
/* claimperf compare: a verdict per case from two results. */
#include <argp.h>
#include <stdio.h>
#include <stdlib.h>

#include "lib/msg.h"
#include "results/compare_print.h"
#include "results/pairs.h"
#include "results/study_judge.h"

struct options {
	const char *paths[2]; /* BEFORE, AFTER; or a study, and NULL */
	const char *aa[2];    /* two results of the same source */
	struct budget budget;
	bool json;
	bool force;
};

enum { KEY_BUDGET = 0x100, KEY_JSON, KEY_FORCE, KEY_AA };

static const struct argp_option option_list[] = {
	{"budget", KEY_BUDGET, "FILE", 0, "Allowed gains, see below; may be repeated", 0},
	{"aa", KEY_AA, "FILE", 0,
	 "Noisy data in pairs: a result of a run of the same source twice; given for both sides of it", 0},
	{"json", KEY_JSON, NULL, 0, "Machine-readable output", 0},
	{"force", KEY_FORCE, NULL, 0,
	 "Compare although more than the hypervisor differs (compiler, dom0 kernel, QEMU, topology "
	 "…)",
	 0},
	{0},
};

static const char arguments[] = "BEFORE.json AFTER.json\nSTUDY.json";
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
	"each with 'regressed' or 'improved'. Of those that changed, with counts by function on both\n"
	"sides, the functions follow that did, and add up to the change.\n\n"
	"Noisy data in pairs (claimperf scenario with two variants, or a STUDY of claimperf ab) are compared "
	"by the mean of ln(after / before), from 8 pairs to 24:\n"
	"  REGRESSED    the 95 % interval excludes 0, the effect is at least delta, and\n"
	"  IMPROVED     q <= 0.05 (sign flips, Benjamini and Hochberg over 12 cases)\n"
	"  EQUIVALENT   the 90 % interval lies within delta\n"
	"  INCONCLUSIVE all else, with what could have been seen and the pairs to settle it\n"
	"delta is 1 %, or 2 ns, or what A/A shows. All other noisy data are INCONCLUSIVE.\n\n"
	"A case that BEFORE cannot run is compared with its reference (the same without "
	"claims, or the legacy call), marked 'vs NAME', and called 'cost' or 'saving'.\n\n"
	"A budget file has lines 'NAME [vs CASE] +N # why'. NAME may be a glob, the first line that "
	"matches counts, the reason is required. +N is the most the case may gain in "
	"instructions per operation, -N the least it must save, N% is meant in percent. It is "
	"compared with the case of its name, or its reference; or with another CASE of BEFORE, "
	"where a parameter alone, such as claim:none, replaces the case's own. What BEFORE lacks "
	"cannot be held to a line: exit 2.\n\n"
	"Over budget is a case above its line; without a line, what is REGRESSED or a MAJOR regression. "
	"Of times a line counts in percent. Comparisons "
	"with a reference are gated only by a line. A case that BEFORE measured and AFTER did "
	"not, or that failed in AFTER, is lost: exit 1.\n\n"
	"The hypervisors may differ (variant, image, patches, dialect); all else in the "
	"fingerprints must be equal, the compiler and Xen's configuration included, unless "
	"--force.\n\n"
	"A result may also be what hyperfine --export-json wrote: each command is a case, in ns per "
	"run. Without the fingerprint of claimperf scenario, what could not be compared is said.\n\n"
	"A study is one file (results/study.h). A boot's warm-up is dropped, outliers are counted and stay; "
	"p50, p90 and p99 are compared beside means.\n\n"
	"Exit status: 0 fine, 1 over budget, REGRESSED or lost, 2 bad input.\n\n"
	"Examples:\n"
	"  claimperf compare baseline.json claims.json\n"
	"  claimperf compare before.json after.json --budget budgets.txt\n"
	"  claimperf compare study.json\n"
	"  claimperf compare before.json after.json --json | jq '.cases[] | "
	"select(.over_budget)'";

static void add_aa(struct argp_state *state, const char *file)
{
	struct options *options = state->input;

	if (options->aa[1])
		argp_error(state, "--aa: two results, not '%s' as well", file);
	options->aa[options->aa[0] ? 1 : 0] = file;
}

static void check_arguments(struct argp_state *state)
{
	struct options *options = state->input;

	if (!options->paths[0])
		argp_error(state, "two results are needed, BEFORE and AFTER, or one study");
	if (!options->paths[1] && (options->aa[0] || options->budget.nr))
		argp_error(state, "%s: a study has its own A/A, and no budget", options->paths[0]);
	if (options->aa[0] && !options->aa[1])
		argp_error(state, "--aa: two results are needed, one for each side");
}

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
	case KEY_AA:
		add_aa(state, arg);
		return 0;
	case ARGP_KEY_ARG:
		if (state->arg_num >= 2)
			argp_error(state, "two results at a time, not '%s' as well", arg);
		options->paths[state->arg_num] = arg;
		return 0;
	case ARGP_KEY_END:
		check_arguments(state);
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

static void compare_fingerprints(const json_t *before, const json_t *after,
				 const struct options *options, struct fingerprint_fields *fields)
{
	if (fingerprint_compare(before, after, fields))
		die(EXIT_USAGE, "out of memory");
	check_fingerprints(fields, options);
	warn_unknown(fields, options);
}

/* Both sides of A/A; false without. */
static bool read_aa(const struct options *options, struct result *aa[2])
{
	for (int i = 0; i < 2 && options->aa[i]; i++)
		aa[i] = read_or_die(options->aa[i]);
	if (aa[0] && !pairs_recognize(aa[0], aa[1]))
		die(EXIT_USAGE, "--aa: %s and %s are not the two sides of one run in pairs",
		    options->aa[0], options->aa[1]);
	return aa[0];
}

/* How many cases fail. */
static size_t compare_two(const struct options *options)
{
	struct result *before = read_or_die(options->paths[0]);
	struct result *after = read_or_die(options->paths[1]), *aa[2] = {0};
	bool has_aa = read_aa(options, aa);
	struct fingerprint_fields fields;
	struct comparison comparison;
	char error[RESULT_ERROR_SIZE];
	size_t over;

	compare_fingerprints(before->fingerprint, after->fingerprint, options, &fields);
	if (has_aa && !pairs_recognize(before, after))
		die(EXIT_USAGE, "--aa: %s and %s are not the two sides of one run in pairs",
		    before->path, after->path);
	if (compare_results(before, after, &options->budget,
			    has_aa ? (const struct result *const *)aa : NULL, &comparison, error))
		die(EXIT_USAGE, "%s", error);
	warn_unused(&options->budget, &comparison);
	if (!options->json)
		print_text(&comparison, &fields);
	else if (print_json(&comparison, &fields))
		die(EXIT_USAGE, "cannot write JSON");
	over = comparison.nr_over_budget;
	compare_free(&comparison);
	fingerprint_free(&fields);
	result_free(before);
	result_free(after);
	result_free(aa[0]);
	result_free(aa[1]);
	return over;
}

/* How many metrics regressed. */
static size_t compare_study(struct options *options)
{
	struct fingerprint_fields fields;
	char error[RESULT_ERROR_SIZE];
	struct verdicts verdicts;
	struct study *study;
	size_t regressed;

	options->paths[1] = options->paths[0];
	if (study_read(options->paths[0], &study, error))
		die(EXIT_USAGE, "%s", error);
	compare_fingerprints(study->fingerprints[0], study->fingerprints[1], options, &fields);
	if (study_judge(study, &verdicts))
		die(EXIT_USAGE, "out of memory");
	if (!options->json)
		study_print_text(&verdicts, &fields);
	else if (study_print_json(&verdicts, &fields))
		die(EXIT_USAGE, "cannot write JSON");
	regressed = verdicts.regressed;
	verdicts_free(&verdicts);
	fingerprint_free(&fields);
	study_free(study);
	return regressed;
}

int main(int argc, char **argv)
{
	static const struct argp argp = {option_list, parse_option, arguments, doc,
					 NULL,	      NULL,	    NULL};
	struct options options = {0};
	size_t failing;

	argp_err_exit_status = EXIT_USAGE;
	argp_parse(&argp, argc, argv, 0, NULL, &options);
	failing = options.paths[1] ? compare_two(&options) : compare_study(&options);
	budget_free(&options.budget);
	if (fflush(stdout))
		die(EXIT_USAGE, "cannot write the output");
	return failing ? EXIT_REGRESSION : 0;
}
