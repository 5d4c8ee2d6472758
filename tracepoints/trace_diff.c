// SPDX-License-Identifier: GPL-2.0-only
/* claimperf trace diff: two traces, or lists of them, side by side, with verdicts. */
#include <argp.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "lib/msg.h"
#include "lib/options.h"
#include "tracepoints/by.h"
#include "tracepoints/commands.h"
#include "tracepoints/diff_print.h"
#include "tracepoints/origin.h"

struct side {
	const char *paths[PAIRED_MOST];
	struct summary *summaries[PAIRED_MOST];
	struct trace_origin origins[PAIRED_MOST];
	unsigned int nr;
};

struct options {
	struct side sides[2];
	unsigned int nr_sides;
	unsigned int by;
	bool json, force, exact, noisy;
	struct diff_options diff;
};

enum { KEY_BY = 0x100, KEY_EXACT, KEY_NOISY, KEY_FORCE, KEY_DELTA, KEY_SEED };

static const struct argp_option option_table[] = {
	{"json", 'j', NULL, 0, "One JSON object instead of text", 0},
	{"by", KEY_BY, "LIST", 0, "Group sections by any of " BY_NAMES, 0},
	{"exact", KEY_EXACT, NULL, 0,
	 "Cycles are instructions, bit-equal from machine to machine: the lab's exact mode", 0},
	{"noisy", KEY_NOISY, NULL, 0, "They are not, whatever was left beside the traces", 0},
	{"force", KEY_FORCE, NULL, 0, "Compare although more than the hypervisor differs", 0},
	{"delta", KEY_DELTA, "PERMILLE", 0,
	 "The smallest change of noisy data that matters, in thousandths (10)", 0},
	{"seed", KEY_SEED, "N", 0, "For the intervals of paired data (1)", 0},
	{0},
};

static const char doc[] =
	"Compare two traces, metric by metric; or pairs of them: lists separated by commas, of which "
	"those at the same place were recorded as a pair, and none is there twice."
	"\vExact traces (RESULT.json or fingerprint.json beside them says so, or --exact): counts and "
	"means are compared as integers, IDENTICAL, NOTE, MINOR or MAJOR, as by claimperf compare. "
	"Waits are artefacts there and not gated.\n\n"
	"Noisy ones: a trace is one boot, so two of them say INCONCLUSIVE, with effects and shifts. "
	"From 8 pairs on: REGRESSED or IMPROVED when the 95 % interval of the mean log ratio excludes "
	"0, the effect matters and q <= 0.05 over the 12 metrics with the most cycles; EQUIVALENT when "
	"the 90 % interval lies within what matters; else INCONCLUSIVE.\n\n"
	"A side with lost records or damage is shown and not gated.\n\n"
	"Exit status: 0 no regression, 1 a regression (MAJOR and up, or REGRESSED) or a damaged file, "
	"2 bad input, or traces that do not compare.\n\n"
	"Examples:\n"
	"  claimperf trace diff baseline.d/CASE/trace.xen claims.d/CASE/trace.xen\n"
	"  claimperf trace diff --by site,node b1.xen,b2.xen,b3.xen a1.xen,a2.xen,a3.xen\n"
	"  claimperf trace diff --json a.xen b.xen | jq '.rows[] | select(.regressed)'\n";

static void add_side(struct argp_state *state, struct side *side, char *list)
{
	char *path;

	/* An empty name is an error: skipped, it would shift the pairs after it. */
	while ((path = strsep(&list, ","))) {
		if (!*path)
			argp_error(state, "the name of a trace is empty");
		if (side->nr == PAIRED_MOST)
			argp_error(state, "at most %d traces a side", PAIRED_MOST);
		side->paths[side->nr++] = path;
	}
}

static error_t end_options(struct argp_state *state, const struct options *o)
{
	if (o->nr_sides < 2)
		argp_error(state, "two traces are needed, BEFORE and AFTER");
	if (o->sides[0].nr != o->sides[1].nr)
		argp_error(state, "%u traces before, %u after: they are no pairs", o->sides[0].nr,
			   o->sides[1].nr);
	if (o->exact && o->noisy)
		argp_error(state, "--exact and --noisy exclude each other");
	return 0;
}

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;

	switch (key) {
	case 'j':
		o->json = true;
		return 0;
	case KEY_BY:
		o->by = parse_by(state, arg);
		return 0;
	case KEY_EXACT:
		o->exact = true;
		return 0;
	case KEY_NOISY:
		o->noisy = true;
		return 0;
	case KEY_FORCE:
		o->force = true;
		return 0;
	case KEY_DELTA:
		o->diff.delta = log1p(option_number(state, "--delta", arg, 1000) / 1000.0);
		return 0;
	case KEY_SEED:
		o->diff.seed = option_number(state, "--seed", arg, UINT32_MAX);
		return 0;
	case ARGP_KEY_ARG:
		if (o->nr_sides == 2)
			argp_error(state, "two sides at a time, not '%s' as well", arg);
		add_side(state, &o->sides[o->nr_sides++], arg);
		return 0;
	case ARGP_KEY_END:
		return end_options(state, o);
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

/* In pairs each trace counts as a boot of its own. */
static void refuse_repeated(const struct options *o)
{
	struct stat files[2 * PAIRED_MOST];
	unsigned int nr = o->sides[0].nr;

	for (unsigned int i = 0; nr > 1 && i < 2 * nr; i++) {
		const char *path = o->sides[i / nr].paths[i % nr];

		if (stat(path, &files[i]))
			die(EXIT_USAGE, "%s: %s", path, strerror(errno));
		for (unsigned int k = 0; k < i; k++)
			if (files[i].st_ino == files[k].st_ino && files[i].st_dev == files[k].st_dev)
				die(EXIT_USAGE, "%s is given twice: pairs are of different boots", path);
	}
}

static void read_side(struct side *side, unsigned int by)
{
	for (unsigned int i = 0; i < side->nr; i++) {
		struct trace_reader *reader = open_trace(side->paths[i]);
		int ret = summary_read(reader, by, &side->summaries[i]);

		if (ret)
			die(EXIT_USAGE, "%s: %s", side->paths[i], strerror(-ret));
		trace_close(reader);
		origin_find(side->paths[i], &side->origins[i]);
		if (side->summaries[i]->lost)
			msg("%s: %llu records lost: not gated", side->paths[i],
			    (unsigned long long)side->summaries[i]->lost);
		if (side->summaries[i]->anomalies.count)
			msg("%s: %llu anomalies: not gated", side->paths[i],
			    (unsigned long long)side->summaries[i]->anomalies.count);
	}
}

static void free_side(struct side *side)
{
	for (unsigned int i = 0; i < side->nr; i++) {
		summary_free(side->summaries[i]);
		origin_free(&side->origins[i]);
	}
}

/* Machines that should be bit-equal, and are not, are noisy. */
static bool side_repeats(const struct side *side)
{
	const char *where;

	for (unsigned int i = 1; i < side->nr; i++) {
		where = diff_first_difference(side->summaries[0], side->summaries[i]);
		if (!where)
			continue;
		msg("%s: not exact: %s differs from %s", side->paths[i], where, side->paths[0]);
		return false;
	}
	return true;
}

static bool is_exact(const struct options *o)
{
	bool exact = !o->noisy;

	for (unsigned int i = 0; i < o->sides[0].nr; i++)
		exact = exact && (o->exact ||
				  (o->sides[0].origins[i].exact && o->sides[1].origins[i].exact));
	return exact && side_repeats(&o->sides[0]) && side_repeats(&o->sides[1]);
}

/* The first pair stands for all: they were recorded alike. */
static void compare_fingerprints(const struct options *o, struct fingerprint_fields *fields)
{
	size_t wrong = 0;

	if (fingerprint_compare(o->sides[0].origins[0].fingerprint,
				o->sides[1].origins[0].fingerprint, fields))
		die(EXIT_USAGE, "out of memory");
	if (!fields->before_known || !fields->after_known)
		return;
	for (size_t i = 0; i < fields->nr; i++) {
		const struct fingerprint_field *field = &fields->fields[i];

		if (!field->differs || field->may_differ)
			continue;
		wrong++;
		msg("%s: %s: '%s', but '%s' in %s", o->sides[1].paths[0], field->path,
		    field->after ? field->after : "(absent)",
		    field->before ? field->before : "(absent)", o->sides[0].paths[0]);
	}
	if (wrong && !o->force)
		die(EXIT_USAGE,
		    "these traces do not compare: more than the hypervisor differs; --force compares "
		    "all the same");
}

static int compare(struct options *o, const struct fingerprint_fields *fields)
{
	struct diff_side sides[2] = {
		{.nr = o->sides[0].nr, .paths = o->sides[0].paths, .summaries = o->sides[0].summaries},
		{.nr = o->sides[1].nr, .paths = o->sides[1].paths, .summaries = o->sides[1].summaries},
	};
	struct diff diff;
	int ret;

	o->diff.exact = is_exact(o);
	ret = diff_traces(&sides[0], &sides[1], &o->diff, &diff);
	if (ret)
		die(EXIT_USAGE, "%s", strerror(-ret));
	if (!o->json)
		print_diff(stdout, &diff, fields);
	else if (print_diff_json(stdout, &diff, fields))
		die(EXIT_USAGE, "cannot write JSON");
	ret = diff.regressed || sides[0].anomalies || sides[1].anomalies ? EXIT_REGRESSION : 0;
	diff_free(&diff);
	return ret;
}

int trace_diff(int argc, char **argv)
{
	static const struct argp argp = {option_table,	  parse_option, "BEFORE[,…] AFTER[,…]", doc,
					 NULL,		  NULL,		NULL};
	struct options o = {.by = SUMMARY_BY, .diff = {.delta = log1p(PAIRED_DELTA), .seed = 1}};
	struct fingerprint_fields fields;
	int ret;

	argp_parse(&argp, argc, argv, 0, NULL, &o);
	refuse_repeated(&o);
	read_side(&o.sides[0], o.by);
	read_side(&o.sides[1], o.by);
	compare_fingerprints(&o, &fields);
	ret = compare(&o, &fields);
	fingerprint_free(&fields);
	free_side(&o.sides[0]);
	free_side(&o.sides[1]);
	return ret;
}
