/* SPDX-License-Identifier: GPL-2.0-only */
/* A trace file by itself, and the plots of it. */
#ifndef CLAIMPERF_PLOTS_TRACE_FILE_H
#define CLAIMPERF_PLOTS_TRACE_FILE_H

#include <jansson.h>
#include <stdbool.h>

#include "plots/plot.h"

struct trace_file {
	const char *path;
	json_t *summary, *timeline;
	const char *root; /* of the project */
};

/* Ends the program when it is no trace. build: the folder of bin/claimperf-trace. */
void trace_file_read(struct trace_file *file, const char *root, const char *build,
		     const char *path);
void trace_file_free(struct trace_file *file);

struct trace_picture {
	const char *name, *heading;
	const char *missing; /* what there is none of when it cannot be drawn */
	/* Begin and fill all but the heading; false when there is nothing to draw. */
	bool (*draw)(const struct trace_file *file, struct plot *plot);
};

/* holds, heatmap, pages; ends with a name of NULL. */
extern const struct trace_picture trace_pictures[];

#endif
