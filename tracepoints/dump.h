/* SPDX-License-Identifier: GPL-2.0-only */
/* Items of a trace as lines: text for people, or JSON objects. */
#ifndef CLAIMPERF_TRACEPOINTS_DUMP_H
#define CLAIMPERF_TRACEPOINTS_DUMP_H

#include <stdio.h>

#include "tracepoints/reader.h"

struct dump;

/* Dump to out, through a buffer of our own. NULL without memory. */
struct dump *dump_start(FILE *out, bool json);

/*
 * One line. Text leaves out fields whose words the record has not, which are
 * zeros; JSON has all fields, and a list's value is a string when it has a name.
 */
void dump_item(struct dump *dump, const struct trace_item *item);

/* Write what is buffered and release. Returns 0 or the -errno of a write that failed. */
int dump_end(struct dump *dump);

#endif
