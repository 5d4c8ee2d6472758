// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lib/msg.h"
#include "lib/options.h"
#include "results/history_commands.h"

#define DAYS_MOST 36500
#define RUNS_MOST 1000000

struct options {
	struct shared_options shared;
	unsigned int days;
	struct history_keep keep;
	char from[32];
	bool all, dry_run;
	struct doomed {
		char id[SHA256_HEX];
		char what[160];
	} * doomed;
	size_t nr_doomed, nr_kept;
	uint64_t bytes;
};

enum { KEY_DAYS = 0x100, KEY_NEWEST, KEY_ALL };

static const struct argp_option option_table[] = {
	{"keep-days", KEY_DAYS, "N", 0, "Keep what was measured in the last N days", 0},
	{"keep-newest", KEY_NEWEST, "N", 0,
	 "Keep the newest N of each host, target, variant and nodes", 0},
	{"all", KEY_ALL, NULL, 0, "Not the files alone but the figures, too", 0},
	{"dry-run", 'n', NULL, 0, "Only say what would be kept and pruned", 0},
	{0},
};

static const char doc[] = "Remove the files of old runs; their figures stay, unless --all."
			  "\vWhat either option keeps stays; so do pinned runs, and those that "
			  "were a night's reference. What is "
			  "kept is printed first, then what is pruned. Files that no run refers "
			  "to, which killed writers left, are "
			  "removed, too. A result that was pruned can be imported again.\n\n"
			  "Examples:\n"
			  "  claimperf history prune --keep-days 90 --keep-newest 5 --dry-run\n"
			  "  claimperf history prune --keep-days 365 --all\n";

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;

	switch (key) {
	case KEY_DAYS: o->days = option_number(state, "--keep-days", arg, DAYS_MOST); return 0;
	case KEY_NEWEST:
		o->keep.newest = option_number(state, "--keep-newest", arg, RUNS_MOST);
		return 0;
	case KEY_ALL: o->all = true; return 0;
	case 'n': o->dry_run = true; return 0;
	case ARGP_KEY_INIT: state->child_inputs[0] = &o->shared; return 0;
	case ARGP_KEY_ARG: argp_error(state, "no argument such as '%s'", arg); return 0;
	case ARGP_KEY_END:
		if (!o->days && !o->keep.newest)
			argp_error(state, "what is to be kept? --keep-days N or --keep-newest N");
		return 0;
	default: return ARGP_ERR_UNKNOWN;
	}
}

static void set_from(struct options *o)
{
	time_t from = time(NULL) - (time_t)o->days * 24 * 60 * 60;
	struct tm tm;

	if (!o->days)
		return;
	strftime(o->from, sizeof(o->from), "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&from, &tm));
	o->keep.from = o->from;
}

static int decide(void *data, const struct history_run *run, const char *kept)
{
	struct options *o = data;
	struct doomed *doomed;

	if (kept) {
		printf("keep   %.*s  %s  %s %s %s: %s\n", ID_SHOWN, run->id, run->time, run->host,
		       run->target, run->variant, kept);
		o->nr_kept++;
		return 0;
	}
	doomed = reallocarray(o->doomed, o->nr_doomed + 1, sizeof(*doomed));
	if (!doomed)
		die(EXIT_USAGE, "%s", strerror(ENOMEM));
	o->doomed = doomed;
	doomed += o->nr_doomed++;
	memcpy(doomed->id, run->id, SHA256_HEX);
	snprintf(doomed->what, sizeof(doomed->what), "%s  %s %s %s", run->time, run->host,
		 run->target, run->variant);
	o->bytes += run->bytes;
	return 0;
}

/* Each line comes when it is true. */
static void prune_all(struct history *h, const struct options *o)
{
	for (size_t i = 0; i < o->nr_doomed; i++) {
		if (!o->dry_run)
			history_or_die(history_prune(h, o->doomed[i].id, o->all));
		printf("prune  %.*s  %s\n", ID_SHOWN, o->doomed[i].id, o->doomed[i].what);
	}
}

int history_command_prune(int argc, char **argv)
{
	static const struct argp_child children[] = {{&store_argp, 0, NULL, 0}, {0}};
	static const struct argp argp = {option_table, parse_option, "", doc, children, NULL, NULL};
	struct options o = {0};
	uint64_t files = 0, bytes = 0;
	struct history *h;

	argp_parse(&argp, argc, argv, 0, NULL, &o);
	set_from(&o);
	h = open_history(&o.shared, o.dry_run ? HISTORY_READ : HISTORY_ALONE);
	history_or_die(history_plan_prune(h, &o.keep, o.all, decide, &o));
	if (fflush(stdout))
		die(EXIT_USAGE, "cannot write the output, nothing was pruned: %s", strerror(errno));
	prune_all(h, &o);
	if (!o.dry_run)
		history_or_die(history_sweep(h, &files, &bytes));
	close_history(h);
	printf("%zu runs kept, %zu %s, %llu bytes of results and raw data", o.nr_kept, o.nr_doomed,
	       o.dry_run ? "would be pruned" : "pruned", (unsigned long long)o.bytes);
	if (!o.dry_run)
		printf("; %llu files, %llu bytes, removed", (unsigned long long)files,
		       (unsigned long long)bytes);
	putchar('\n');
	free(o.doomed);
	return 0;
}
