/* SPDX-License-Identifier: GPL-2.0-only */
/* The commands of claimperf trace, one file each; trace.c has the table. */
#ifndef CLAIMPERF_TRACEPOINTS_COMMANDS_H
#define CLAIMPERF_TRACEPOINTS_COMMANDS_H

#include "tracepoints/reader.h"

/*
 * argv[0] is "claimperf trace COMMAND", for argp's messages. They return the exit status: 0 fine,
 * 1 a damaged file or a failed check, 2 usage or environment. The caller flushes stdout.
 */
int trace_summary(int argc, char **argv);
int trace_dump(int argc, char **argv);
int trace_diff(int argc, char **argv);
int trace_export(int argc, char **argv);
int trace_claims(int argc, char **argv);
int trace_timeline(int argc, char **argv);

/* Open path or end the program with what is wrong about it. */
struct trace_reader *open_trace(const char *path);

#endif
