/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Inside the reader: file.c maps, windows.c cuts, merge.c orders, next.c decodes what is ordinary,
 * reader.c all else.
 */
#ifndef CLAIMPERF_TRACEPOINTS_READER_PRIVATE_H
#define CLAIMPERF_TRACEPOINTS_READER_PRIVATE_H

#include <string.h>

#include "tracepoints/reader.h"

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "words are read where they lie");

/* Five minutes at 3.6 GHz: a time stamp this far ahead of the last one is looked at twice. */
#define JUMP_CYCLES (1ull << 40)

/* Header word of a window, its CPU and its size. */
#define WINDOW_HEADER (TRACE_EVENT_CPU_CHANGE | 2u << 28)
#define WINDOW_BYTES 12u
/* Header, time stamp, seven words, and one more, as words are read by fours. */
#define RECORD_ROOM 44u
/* Where something is searched for, pages are given back after so many bytes. */
#define SEARCHED_BYTES (4u << 20)

struct window {
	uint64_t at;	   /* of its header */
	uint64_t end;	   /* of its records */
	uint64_t next;	   /* where the next window starts, or the file ends */
	uint64_t short_by; /* bytes that its header promises beyond end */
	uint32_t cpu;
};

/* A place in so many bytes of a file, or in larger parts of it; in smaller ones for the fuzzer. */
#ifndef PLACE_BYTES
#define PLACE_BYTES (4u << 20)
#endif
#define PLACES_MAX 32

/* Where the reading of one CPU is. */
struct cursor {
	uint64_t position;
	uint64_t stop; /* before here the largest record has room, at base + position */
	uintptr_t base;
	unsigned char *buffer; /* of STRIDE_BYTES at most; NULL until it is needed */
	uint64_t tsc;	       /* of the last record that has a time stamp, shifted */
	int64_t shift;
	struct window window;
	uint64_t first; /* its first window */
	uint32_t cpu;
	bool in_header;	 /* the header of window comes next */
	bool told_short; /* that the window ends early */
	bool done;
};

/* Who waits for its turn: the time of its next item, and below it the index of its cursor. */
typedef unsigned __int128 waiting_t;

/* Windows measured, as each CPU walks over those of all others. */
#define WINDOWS_KNOWN_BITS 9

/* Taken at once: as many as the first level cache holds beside what is done with them. */
#define RUN_RECORDS 256

struct trace_reader {
	const unsigned char *bytes; /* all of the file, mapped */
	uint64_t size;
	int fd; /* of the file, to copy from; -1: there is none */
	uint64_t limit;		/* the current cursor goes on up to this time */
	struct cursor *current; /* NULL at the end */
	unsigned int run_at, run_count; /* the first that was not handed out, and behind the last */
	struct trace_record run[RUN_RECORDS];
	uint64_t sums[TRACE_ITEM_TYPES];
	uint64_t lost;
	uint64_t touched; /* bytes mapped in, at most, since the pages were given back */
	/* Windows with which rounds over all CPUs begin, here and there. */
	unsigned int nr_places;
	uint64_t places[PLACES_MAX];
	bool mapped;
	bool told_last;
	char last_words[96]; /* what is wrong with the file as a whole, or "" */
	unsigned int nr_cursors, heap_size;
	struct cursor *cursors; /* ascending by CPU */
	waiting_t *heap;	/* all but current and those that are done */
	struct window known[1 << WINDOWS_KNOWN_BITS];
};

static inline uint32_t word_at(const struct trace_reader *r, uint64_t offset)
{
	uint32_t word;

	memcpy(&word, r->bytes + offset, sizeof(word));
	return word;
}

static inline uint32_t size_of(uint32_t header)
{
	return 4 + 8 * TRACE_HEADER_HAS_TSC(header) + 4 * TRACE_HEADER_WORDS(header);
}

/* windows.c */
bool is_window_at(const struct trace_reader *r, uint64_t offset);
void measure_window(struct trace_reader *r, uint64_t at, struct window *window);
int find_cursors(struct trace_reader *r);
void start_cursor(struct trace_reader *r, struct cursor *c, uint64_t first);
void look_up_window(struct trace_reader *r, uint64_t at, struct window *w);
void next_window_of(struct trace_reader *r, struct cursor *c);

/* merge.c */
void start_merge(struct trace_reader *r);
void start_merge_at(struct trace_reader *r, uint64_t at);
void switch_cursor(struct trace_reader *r, uint64_t key);
void finish_cursor(struct trace_reader *r);

/* reader.c */
enum trace_item_type next_slow(struct trace_reader *r, struct trace_item *item);
struct cursor *find_cursor(const struct trace_reader *r, uint32_t cpu);
bool find_times(struct trace_reader *r, const struct window *w, uint64_t *first, uint64_t *last);
void set_last_words(struct trace_reader *r, const char *text);

/* file.c */
void release_pages(struct trace_reader *r, uint64_t passed);
void pass_window(struct trace_reader *r, const struct window *w);
bool fetch_stride(struct trace_reader *r, struct cursor *c);

#endif
