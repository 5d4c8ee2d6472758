// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>
#include <string.h>

#include "bench/frontend.h"

static void add_option(struct job *job, const char *name, const char *value)
{
	if (!value)
		return;
	add_word(job, "%s", name);
	add_word(job, "%s", value);
}

static void add_tree(const struct bench_run *run, struct job *job)
{
	add_option(job, "--tree", run->options->tree);
	add_option(job, "--commit", run->options->commit);
}

static char *ask_path(struct job *job)
{
	char *path = NULL;
	int rc = job_ask(job, &path);

	if (rc || !path)
		return NULL;
	path[strcspn(path, "\n")] = '\0';
	return path;
}

char *build_variant(const struct bench_run *run, const char *script, const char *variant)
{
	const struct options *o = run->options;
	struct job job = {0};

	add_word(&job, "%s/%s", run->places.root, script);
	add_word(&job, "%s", variant);
	add_tree(run, &job);
	for (unsigned int i = 0; i < o->nr_patches; i++)
		add_option(&job, "--patch", o->patches[i]);
	return ask_path(&job);
}

int find_tree_programs(struct bench_run *run)
{
	struct places *p = &run->places;
	struct job job = {0};
	char *folder;

	add_word(&job, "%s/scripts/lab/tools", p->root);
	add_tree(run, &job);
	folder = ask_path(&job);
	if (!folder)
		return -1;
	join_path(p->dombench, folder, "bin/claimperf-dombench");
	join_path(p->xentrace, folder, "bin/xentrace");
	free(folder);
	return 0;
}
