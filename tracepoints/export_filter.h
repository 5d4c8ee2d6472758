/* SPDX-License-Identifier: GPL-2.0-only */
/* Which records of a trace are asked for: by time, CPU, domain and event. */
#ifndef CLAIMPERF_TRACEPOINTS_EXPORT_FILTER_H
#define CLAIMPERF_TRACEPOINTS_EXPORT_FILTER_H

#include <argp.h>
#include <stdbool.h>
#include <stdint.h>

#include "tracepoints/catalog.h"
#include "tracepoints/reader.h"
#include "tracepoints/select.h"

#define FILTER_DOMAINS (1u << 16)

struct trace_filter {
	uint64_t from, to;     /* time stamps, both included */
	uint64_t around, span; /* resolved by filter_find_around() */
	bool has_around, has_span;
	bool in_time; /* the last item with a time stamp is within the limits */
	bool some_cpus, some_domains, some_events; /* else all */
	uint64_t cpus[TRACE_CPUS_MAX / 64];
	uint64_t domains[FILTER_DOMAINS / 64];
	struct select events;
};

/* --from, --to, --around, --span, --cpu, --domain, --events; the parser's input is a struct
 * trace_filter. */
extern const struct argp filter_argp;

void filter_init(struct trace_filter *filter);

/*
 * Turn --around into times, by reading the trace up to there. Returns 0, or -ENOENT when no record
 * with a time stamp is at that offset.
 */
int filter_find_around(struct trace_filter *filter, struct trace_reader *reader);

/*
 * Is the time within the limits? Items without a time stamp follow one of their CPU, and have its
 * time: so ask in their order.
 */
bool filter_has_time(struct trace_filter *filter, const struct trace_item *item);

/* May records of that event be asked for? */
bool filter_has_event(const struct trace_filter *filter, const struct catalog_event *event);

/* All of it, for records, losses and anomalies; event NULL for a record that is none of ours. */
bool filter_passes(struct trace_filter *filter, const struct trace_item *item,
		   const struct catalog_event *event);

#endif
