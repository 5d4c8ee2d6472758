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

char *build_variant(const struct bench_run *run, const char *script, const char *variant)
{
	const struct options *o = run->options;
	struct job job = {0};
	char *path = NULL;
	int rc;

	add_word(&job, "%s/%s", run->places.root, script);
	add_word(&job, "%s", variant);
	add_option(&job, "--tree", o->tree);
	add_option(&job, "--commit", o->commit);
	for (unsigned int i = 0; i < o->nr_patches; i++)
		add_option(&job, "--patch", o->patches[i]);
	rc = job_ask(&job, &path);
	if (rc || !path)
		return NULL;
	path[strcspn(path, "\n")] = '\0';
	return path;
}
