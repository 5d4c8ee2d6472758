/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Do the clocks of the CPUs of a trace agree? What can be known from a trace:
 *
 * - Window order. xentrace reads one buffer after the other, CPUs ascending,
 *   round after round, and writes a window each. What CPU A recorded up to one
 *   window is older than what CPU B records after a window of B that comes later
 *   in the file. So the clock of B cannot be ahead of that of A by more than the
 *   first time after minus the last time before: a bound as tight as the records
 *   are dense for two windows of one round, and a round wide the other way.
 * - Sections of heap_lock cannot overlap. Where those of two CPUs overlap more
 *   than a quarter as often as they would by chance, their clocks may differ: by
 *   what lets hardly any overlap. That is looked for within SKEW_RANGE cycles of
 *   zero, and of the tight bound by windows.
 *
 * A difference is corrected when sections overlap no more after it. Else it is
 * refused if they overlap half as often as by chance, and none if less. The
 * estimate is good to about the time that the lock is free in between; a smaller
 * difference cannot be found, nor put two sections in wrong order.
 * Looked at are windows of SKEW_BYTES and SKEW_ITEMS items from the start, and
 * SKEW_CPUS CPUs. A clock that drifts off later is told, and nothing done about
 * it: at every PLACE_BYTES, or at PLACES_MAX places of a large file, a CPU's
 * sections may not overlap those of others three quarters as often as by chance.
 */
#ifndef CLAIMPERF_TRACEPOINTS_SKEW_H
#define CLAIMPERF_TRACEPOINTS_SKEW_H

#include "tracepoints/reader.h"

#define SKEW_CPUS 64
#define SKEW_BYTES (32u << 20)
#define SKEW_ITEMS (1u << 20)
/* The fuzzer is built with a smaller one. */
#ifndef SKEW_RANGE
#define SKEW_RANGE (1 << 18)
#endif
#define SKEW_STEP 64
/* The end of a section is known from its record only, which comes a little later. */
#define SKEW_SLACK 100

enum skew_state {
	SKEW_UNKNOWN,	/* too little in common with the reference */
	SKEW_NONE,	/* agrees with the reference, as far as can be told */
	SKEW_CORRECTED, /* differs: shift was given to trace_shift_cpu() */
	SKEW_REFUSED,	/* differs, but no shift was found that makes it agree */
	SKEW_DRIFTED,	/* agrees at first, with the shift, but no longer from drifted_from on */
};

struct skew_cpu {
	uint32_t cpu;
	enum skew_state state;
	int64_t ahead; /* cycles that its clock is ahead of the reference, when corrected */
	int64_t shift; /* added to its time stamps; never negative */
};

struct skew {
	unsigned int count;
	unsigned int reference;		 /* index of the lowest CPU with many sections */
	unsigned int corrected, refused, drifted; /* how many CPUs */
	uint64_t drifted_from;			  /* a window's place in the file */
	struct skew_cpu cpus[SKEW_CPUS];
};

/*
 * Compare the clocks, correct those that differ, and rewind. When a CPU is
 * refused nothing is corrected. The reader then reports an anomaly after the
 * last item, as it does for clocks that drift: order across CPUs means nothing. Returns 0 or -ENOMEM.
 */
int skew_correct(struct trace_reader *reader, struct skew *skew);

#endif
