// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>
#include <string.h>

#include "bench/frontend.h"

char *build_variant(const struct bench_run *run, const char *script, const char *variant)
{
	const struct options *o = run->options;
	struct job job = {0};
	char *path = NULL;
	int rc;

	add_word(&job, "%s/%s", run->places.root, script);
	add_word(&job, "%s", variant);
	for (unsigned int i = 0; i < o->nr_patches; i++) {
		add_word(&job, "--patch");
		add_word(&job, "%s", o->patches[i]);
	}
	rc = job_ask(&job, &path);
	if (rc || !path)
		return NULL;
	path[strcspn(path, "\n")] = '\0';
	return path;
}
