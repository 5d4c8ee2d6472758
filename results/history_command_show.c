// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>

#include "lib/msg.h"
#include "results/history_commands.h"

static const char doc[] = "One run: where it comes from, what it measured, and its files."
			  "\vRUN is the beginning, of 4 digits at least, of its id. Figures are "
			  "per operation; those of exact data are "
			  "the least sample, those of noisy data the median.\n\n"
			  "Example:\n"
			  "  claimperf history show 3fa9c2\n";

static int show_run(void *data, const struct history_run *run)
{
	(void)data;
	printf("run          %s\ntime         %s\nimported     %s\nhost         %s\ntarget       "
	       "%s\n"
	       "variant      %s\n",
	       run->id, run->time, run->imported, run->host, run->target, run->variant);
	if (run->type)
		printf("type         %s\n", run->type);
	if (run->nodes)
		printf("nodes        %u\n", run->nodes);
	if (run->night)
		printf("night        %s%s%s\n", run->night, run->role ? ", " : "",
		       run->role ? run->role : "");
	if (run->seed)
		printf("seed         %s\n", run->seed);
	if (run->plan)
		printf("plan         %s\n", run->plan);
	if (run->pinned)
		printf("pinned       yes\n");
	printf("environment  %.*s\nfingerprint  %s\n", ID_SHOWN, run->environment,
	       run->fingerprint);
	return 0;
}

static int show_figure(void *data, const struct history_run *run,
		       const struct history_metric *metric, const struct history_figure *f)
{
	double figure = f->kind == KIND_EXACT ? (double)f->least : f->median;

	(void)data;
	(void)run;
	printf("  %-48s %-6s %14.3f %s per %s, %s, %llu samples\n", metric->case_name, metric->name,
	       figure / (double)f->ops, metric->unit, metric->per,
	       f->kind == KIND_EXACT ? "exact" : "noisy", (unsigned long long)f->samples);
	return 0;
}

static int show_unmeasured(void *data, const char *case_name, const char *state, const char *reason)
{
	(void)data;
	printf("  %-48s %s: %s\n", case_name, state, reason);
	return 0;
}

static int show_file(void *data, const char *path, const char *sha256, uint64_t bytes)
{
	(void)data;
	printf("  %.*s  %10llu  %s\n", ID_SHOWN, sha256, (unsigned long long)bytes, path);
	return 0;
}

int history_command_show(int argc, char **argv)
{
	struct history_filter filter = {0};
	struct run_options o = {0};
	char id[SHA256_HEX];
	struct history *h;

	parse_run_options(argc, argv, doc, &o);
	h = open_history(&o.shared, HISTORY_READ);
	history_or_die(history_find(h, o.run, id));
	filter.id = id;
	history_or_die(history_each_run(h, &filter, show_run, NULL));
	printf("cases\n");
	history_or_die(history_each_figure(h, &filter, NULL, show_figure, NULL));
	history_or_die(history_each_unmeasured(h, id, show_unmeasured, NULL));
	printf("files\n");
	history_or_die(history_each_file(h, id, show_file, NULL));
	close_history(h);
	return 0;
}
