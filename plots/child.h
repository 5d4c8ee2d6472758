/* SPDX-License-Identifier: GPL-2.0-only */
/* Run a program and keep what it writes. */
#ifndef CLAIMPERF_PLOTS_CHILD_H
#define CLAIMPERF_PLOTS_CHILD_H

#include <stddef.h>

struct child_output {
	char *out; /* all of stdout, and a 0 */
	size_t out_size;
	char *err;  /* all of stderr */
	int status; /* exit status, 128 + signal, 127 when it could not be started */
};

/*
 * Run argv (found through PATH) in folder, or here when NULL, with LC_ALL=C.UTF-8.
 * 0, or -errno when there is no child at all; *output to be released either way.
 */
int child_run(char *const argv[], const char *folder, struct child_output *output);

void child_free(struct child_output *output);

#endif
