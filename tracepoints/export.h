/* SPDX-License-Identifier: GPL-2.0-only */
/* Exports of a trace into formats of other programs, see docs/trace.md. */
#ifndef CLAIMPERF_TRACEPOINTS_EXPORT_H
#define CLAIMPERF_TRACEPOINTS_EXPORT_H

#include "tracepoints/export_filter.h"
#include "tracepoints/export_sink.h"

#define EXPORT_LIMIT 100000000u
#define EXPORT_LIMIT_SMALL 10000000u

struct export
{
	const char *file; /* the trace, for messages */
	struct trace_reader *reader;
	struct trace_filter filter;
	struct sink sink;
	uint64_t hz; /* TSC cycles in a second */

	/* What came of it. */
	uint64_t records; /* of the trace that were asked for */
	uint64_t written; /* of these */
	uint64_t lost;	  /* records that Xen lost in that part */
	uint64_t anomalies;
	bool cut;	  /* the limit was reached */
	uint64_t cut_tsc; /* what happened from then on is left out */

	/* Of formats with tracks, where records are those that make slices or instants. */
	uint64_t without_slice; /* records that make none */
	uint64_t crowded;	/* slices left out, as too many cross each other */
	uint64_t corrections;	/* of counters by node_state records */
	uint64_t worst;		/* pages: the largest correction */
};

/* The event that describes the item's words, or NULL. */
const struct catalog_event *export_find_event(const struct trace_item *item);

/* Nanoseconds since the time stamp counter was 0. */
uint64_t export_get_ns(const struct export *e, uint64_t tsc);

/* Count the item; is it asked for? Sets the event, for records of ours. */
bool export_takes(struct export *e, const struct trace_item *item,
		  const struct catalog_event **event);

/* The formats. They read the trace to its end and return 0 or -ENOMEM. */
int export_csv(struct export *e);
int export_jsonl(struct export *e);
int export_perfetto(struct export *e);
int export_trace_event(struct export *e);

#endif
