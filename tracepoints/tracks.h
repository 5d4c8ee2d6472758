/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A part of a trace as tracks: slices of time that nest, instants, and counters. This is what
 * formats for trace viewers have in common.
 */
#ifndef CLAIMPERF_TRACEPOINTS_TRACKS_H
#define CLAIMPERF_TRACEPOINTS_TRACKS_H

#include "tracepoints/export.h"

enum track_kind {
	TRACK_CPU,	  /* heap_lock sections of a CPU and the calls around them */
	TRACK_PAGE_ALLOC, /* page_alloc_lock sections of a CPU */
	TRACK_DOMAIN,	  /* calls about a domain, its claims installed and released */
	TRACK_HELD,	  /* counter: pages that a domain has claimed */
	TRACK_FREE,	  /* counter: free pages of a node or the host */
	TRACK_CLAIMED,	  /* counter: claimed pages of a node or the host */
	TRACK_FREED, /* counter: the same since the start, where no record says how many there are
		      */
	TRACK_CLAIMED_MORE,
	TRACK_KINDS,
};

/* Slices that cross share no lane: the first that has room for one takes it. */
#define TRACK_LANES 32

/* A track: kind, number of the CPU, domain or node, lane; ordered as they are shown. */
typedef uint32_t track_key;
#define TRACK_KEY(kind, number, lane) ((track_key)(kind) << 24 | (track_key)(number) << 8 | (lane))
#define TRACK_KIND(key) ((enum track_kind)((key) >> 24))
#define TRACK_NUMBER(key) ((key) >> 8 & 0xffffu)
#define TRACK_LANE(key) ((key)&0xffu)

struct slice {
	uint64_t begin, end; /* time stamps */
	uint64_t offset;     /* of the record */
	track_key track;
	uint32_t words[HEAP_WORDS_MAX];
	const struct catalog_event
		*event; /* describes the words; NULL: lost records, words[0] of them */
	const char *name;
	bool instant;
	bool bare;  /* its offset is detail enough */
	bool first; /* of those that its record makes */
	bool begun; /* written */
};

enum mark_type { MARK_BEGIN, MARK_END, MARK_INSTANT, MARK_VALUE };

/* A point in time on a track. */
struct mark {
	uint64_t tsc;
	uint32_t order; /* among equal times */
	track_key track;
	enum mark_type type;
	uint32_t slice; /* but for values */
	int64_t value;
};

struct tracks {
	struct slice *slices;
	struct mark *marks;
	track_key *keys; /* of all tracks, ascending */
	uint32_t nr_slices, nr_marks, nr_keys;
	uint64_t crowded; /* slices that found no lane */
};

/*
 * Read the trace up to its end, or until more was found than the limit has room for. On success the
 * marks are in the order of time, and nested per track. Returns 0 or -ENOMEM.
 */
int tracks_read(struct export *e, struct tracks *tracks);

/* Its part that makes marks of slices. */
int tracks_order(struct tracks *tracks);

void tracks_free(struct tracks *tracks);

/* The place of the key in keys. */
unsigned int tracks_find(const struct tracks *tracks, track_key key);

/* "CPU 3", "Node 0 free pages"; size bytes. */
void track_get_name(track_key key, char *text, size_t size);

/* "heap_lock", "page_alloc_lock", "call" or "lost". */
const char *slice_get_category(const struct slice *slice);

/*
 * Details of a slice, one call of put each: the fields of its record but for times, zeros and
 * "none", and its offset in the trace. Text is NULL when value is a number.
 */
void slice_put_details(const struct slice *slice,
		       void (*put)(void *data, const char *name, const char *text, uint64_t value),
		       void *data);

/* A format: appends to text, of at least ENCODER_TEXT bytes, and returns how many bytes. */
#define ENCODER_TEXT 4096
#define ENCODER_END_MAX 256 /* of MARK_END */
struct encoder {
	size_t (*put_track)(void *data, const struct tracks *tracks, unsigned int track,
			    char *text);
	size_t (*put_mark)(void *data, const struct tracks *tracks, const struct mark *mark,
			   uint64_t ns, char *text);
};

/* Read, encode and write up to the limit: slices that were begun are ended. 0 or -ENOMEM. */
int tracks_write(struct export *e, const struct encoder *encoder, void *data);

#endif
