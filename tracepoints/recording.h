/* SPDX-License-Identifier: GPL-2.0-only */
/* Takes records off Xen's buffers into a file while a command runs. */
#ifndef CLAIMPERF_TRACEPOINTS_RECORDING_H
#define CLAIMPERF_TRACEPOINTS_RECORDING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bench/tbufs.h"
#include "tracepoints/filter.h"
#include "tracepoints/sink.h"

struct recording {
	/* What to do. */
	struct tbufs *tbufs; /* with a size set */
	struct sink *sink;
	const struct select *select; /* NULL: keep all that passes the mask */
	uint32_t mask;
	bool node_states;	/* have them told at the start and at the end */
	size_t memory;		/* bytes that may wait to be written */
	unsigned int seconds;	/* 0: until the command ends, or SIGINT or SIGTERM comes */
	char **command;		/* NULL: none */

	/* What came of it. */
	struct filter_counts counts;
	unsigned int cpus_seen;
	unsigned int cpus_full; /* that were full at the end: what they lost last nobody counted */
	size_t fullest;		/* most bytes found in a buffer */
	uint64_t peak;		/* bytes per second of the busiest CPU, in its busiest tenth of a second */
	uint64_t nanoseconds;
	int command_status; /* as from wait(); 0 as well when it was we who ended it */
};

/*
 * 0, or -errno: of starting the command, of the hypervisor, or of writing; what came before the
 * error is in the file. Tracing is off afterwards. SIGINT, SIGTERM and SIGCHLD are blocked from the
 * first call on.
 */
int recording_run(struct recording *r);

#endif
