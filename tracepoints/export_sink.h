/* SPDX-License-Identifier: GPL-2.0-only */
/* Where an export goes: a file that does not grow beyond a limit, and is not left behind half
 * written. */
#ifndef CLAIMPERF_TRACEPOINTS_EXPORT_SINK_H
#define CLAIMPERF_TRACEPOINTS_EXPORT_SINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct sink {
	FILE *file;
	const char *path; /* NULL for standard output */
	uint64_t bytes;	  /* written */
	uint64_t limit;
};

/* Ends the program when the file cannot be made, or is source, that is read meanwhile. */
void sink_open(struct sink *sink, const char *path, const char *source, uint64_t limit);

/* Would size more bytes stay within the limit? */
bool sink_has_room(const struct sink *sink, uint64_t size);

void sink_put(struct sink *sink, const void *bytes, size_t size);

/* Ends the program with a message when anything could not be written. */
void sink_close(struct sink *sink);

/* As if it had never been opened; what went to standard output stays there. */
void sink_drop(struct sink *sink);

#endif
