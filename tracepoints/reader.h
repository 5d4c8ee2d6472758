/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reads the files that xentrace writes.
 *
 * A file is a row of windows. Each starts with a TRC_TRACE_CPU_CHANGE record
 * (CPU number, size in bytes) and holds that many bytes of one CPU's trace
 * buffer, oldest record first. A record is
 *
 *     header   bits 0-27 event, 28-30 number N of data words, 31 has a time stamp
 *     tsc      low word, high word; only when bit 31 is set
 *     data     N words of 32 bits, N <= 7
 *
 * little endian throughout. TRC_TRACE_WRAP_BUFFER records are padding.
 * TRC_LOST_RECORDS tells how many records found no room since the last one.
 *
 * The reader maps the file and hands out one item after the other in file
 * order. Every byte is part of a window header, of a record, or of an anomaly
 * that says why it was skipped; trace_position() after the last item is the
 * size of the file. Nothing is allocated per record.
 */
#ifndef CLAIMPERF_TRACEPOINTS_READER_H
#define CLAIMPERF_TRACEPOINTS_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TRACE_WORDS_MAX 7
/* More CPUs than any Xen supports: a window that names another is garbage. */
#define TRACE_CPUS_MAX 4096

#define TRACE_EVENT_LOST 0x0001f001u
#define TRACE_EVENT_WRAP 0x0001f002u
#define TRACE_EVENT_CPU_CHANGE 0x0001f003u

enum trace_item_type {
	TRACE_END,     /* no more items; only type and offset are set */
	TRACE_WINDOW,  /* a window begins: cpu, size of the window in bytes */
	TRACE_RECORD,  /* a record: cpu, event, words, tsc */
	TRACE_WRAP,    /* padding */
	TRACE_LOST,    /* records that found no room before this point: lost, tsc, first_tsc */
	TRACE_ANOMALY, /* something is wrong at offset: what; skipped bytes are not decoded */
};

struct trace_item {
	enum trace_item_type type;
	uint64_t offset; /* where it starts, in bytes from the start of the file */
	uint64_t size;   /* bytes it takes: record, padding, window header or skipped ones */
	uint32_t cpu;    /* of the window it is in */
	uint32_t event;  /* header bits 0-27 */
	bool has_tsc;
	uint64_t tsc;
	unsigned int nr_words;
	uint32_t words[TRACE_WORDS_MAX]; /* zeros beyond nr_words */
	uint64_t window;    /* TRACE_WINDOW: bytes of records that follow */
	uint32_t lost;      /* TRACE_LOST: how many */
	uint64_t first_tsc; /* TRACE_LOST: time of the first of them */
	char what[96];      /* TRACE_ANOMALY: what is wrong, for people */
};

struct trace_reader;

/*
 * Map the file. Returns 0, -ENOMEM, -EINVAL (not a regular file), -EBADMSG
 * (does not start like a trace: neither empty nor with a window), or the
 * errno of open() or mmap(). *out is set on success only.
 */
int trace_open(const char *path, struct trace_reader **out);

/* As trace_open(), for bytes in memory, which stay the caller's and must outlive the reader. */
int trace_open_memory(const void *bytes, size_t size, struct trace_reader **out);

void trace_close(struct trace_reader *reader);

/*
 * Fetch the next item. Returns its type, which is TRACE_END again after the
 * end. An anomaly never ends the reading: it goes on at the next record or
 * window that makes sense.
 */
enum trace_item_type trace_next(struct trace_reader *reader, struct trace_item *item);

/* Bytes consumed so far. */
uint64_t trace_position(const struct trace_reader *reader);

#endif
