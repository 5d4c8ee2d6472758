/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Pairing: which records begin, end and cross what is a table, pairs[]. An engine interprets it
 * and hands out spans of time. A new pair is a new row.
 *
 * A span of several records is never drawn over a place where records are missing: what is open
 * there is handed out as censored, and what ends after it has no beginning. A record that carries
 * its own duration needs no partner and is not touched by losses around it.
 */
#ifndef CLAIMPERF_TRACEPOINTS_PAIRS_H
#define CLAIMPERF_TRACEPOINTS_PAIRS_H

#include <stdbool.h>
#include <stdint.h>

#include "tracepoints/reader.h"

enum pair_shape {
	PAIR_TIMED,     /* one record, which carries its duration and is emitted at its end */
	PAIR_RUNS,      /* such records, joined while they say that there is more to come */
	PAIR_BEGIN_END, /* two records */
};

/* What only one span of a pair at a time can be on. */
enum pair_track {
	PAIR_ON_CPU,
	PAIR_ON_DOMAIN, /* and key, if there is one */
	PAIR_ON_VCPU,
};

/* (event & ~ignore) == event. Of event 0: nothing matches. */
struct pair_match {
	uint32_t event;
	uint32_t ignore;
};

/* A value in a record: a field of events.h by its name, or bits of Xen's own records; or neither. */
struct pair_field {
	const char *name;
	uint8_t offset, bits;
};

struct pair {
	const char *name;
	const char *doc;
	enum pair_shape shape;
	enum pair_track track;
	struct pair_match begin;  /* PAIR_BEGIN_END only */
	struct pair_match end;
	struct pair_match cross;  /* a record on the same track that cuts the span off */
	struct pair_field domain; /* of the record that begins or carries the span */
	struct pair_field key;    /* PAIR_ON_DOMAIN: tracks apart; PAIR_ON_VCPU: which */
	struct pair_field cycles; /* its duration */
	struct pair_field lead;   /* cycles waited before that */
	struct pair_field amount; /* summed over runs */
	/* PAIR_RUNS: more comes while amount < asked, and the next run asks for the rest; */
	struct pair_field asked;
	/* or while again is again_value. */
	struct pair_field again;
	uint32_t again_value;
};

#define PAIRS_MAX 32

/* Ends with name NULL. */
extern const struct pair pairs[];

enum pair_outcome {
	PAIR_COMPLETE,
	PAIR_SHORT,    /* ended without being done, or another one began in its place */
	PAIR_CENSORED, /* records are missing, or the trace ends: it lasted at least this long */
	PAIR_OUTCOMES,
};

struct pair_span {
	const struct pair *pair;
	enum pair_outcome outcome;
	uint32_t cpu;       /* of its last record */
	uint32_t domain;    /* PAIR_NO_DOMAIN when its records name none */
	uint32_t key;       /* 0 when there is none */
	unsigned int runs;  /* records of PAIR_RUNS; else 1 */
	uint64_t begin, end; /* TSC; lead comes before begin */
	uint64_t cycles;    /* of all runs; end - begin when there is but one */
	uint64_t lead;
	uint64_t amount;
	uint64_t asked;     /* by the first run */
	uint64_t first_offset, last_offset; /* of its records in the file */
};

#define PAIR_NO_DOMAIN UINT32_MAX

struct pairing;

typedef void (*pair_emit)(void *context, const struct pair_span *span);

/*
 * Hand out the spans of the pairs with their bit set in which (bit N for pairs[N]), in the order
 * of their ends. NULL when memory is short, which is about a megabyte, whatever comes.
 */
struct pairing *pairing_new(uint32_t which, pair_emit emit, void *context);

/* Items merged by time, losses and anomalies included. */
void pairing_add(struct pairing *pairing, const struct trace_item *item);

/* The trace has ended: what is open is handed out as censored. Returns how many spans found no room. */
uint64_t pairing_finish(struct pairing *pairing);

void pairing_free(struct pairing *pairing);

/* Bits of the pairs of a shape. */
uint32_t pairs_of_shape(enum pair_shape shape);

/* "complete", "short", "censored". */
const char *pair_outcome_name(enum pair_outcome outcome);

#endif
