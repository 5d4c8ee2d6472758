/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reads the files that xentrace writes, plain or compressed by zstd.
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
 * Order: items come merged by time over all CPUs. Items of one CPU keep the
 * order of the file; what has no time stamp (padding, anomalies, some records)
 * comes right after its predecessor on that CPU, a window header right before
 * its first record. So time never goes
 * back from item to item, but for one case: an anomaly says that a CPU's clock
 * went back, and what follows on that CPU is merged from there. On equal times
 * one CPU goes on. With one CPU this is the order of the file.
 *
 * Bytes: each byte of the file is part of exactly one item: of a window header,
 * a record, padding, a loss marker, or an anomaly that says why it was skipped.
 * trace_get_sum() checks it at the end. Bytes between two windows belong to the
 * window before. Where a window ends is a matter of headers alone: if neither
 * another window nor the end of the file follows where its size says, it ends
 * where the next window header is found, inside or behind.
 *
 * Memory: the file is mapped, and given back every TRACE_MAPPED_BYTES. Records
 * are decoded from copies of up to 64 KiB per CPU, 16 MiB for 4096 of them.
 * Nothing is allocated per record or per window. A
 * compressed file is first unpacked into an unlinked file in $TMPDIR, else
 * /var/tmp. A file that is cut by another process while it is read is a SIGBUS.
 *
 * Time: trace_shift_cpu() corrects the clock of a CPU; tracepoints/skew.h says by how much.
 */
#ifndef CLAIMPERF_TRACEPOINTS_READER_H
#define CLAIMPERF_TRACEPOINTS_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TRACE_WORDS_MAX 7
/* More CPUs than any Xen supports: a window that names another is garbage. */
#define TRACE_CPUS_MAX 4096
/* At most about this much of a file is mapped in at a time. */
#define TRACE_MAPPED_BYTES (16u << 20)

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
#define TRACE_ITEM_TYPES (TRACE_ANOMALY + 1)

struct trace_item {
	enum trace_item_type type;
	uint32_t cpu;	 /* of the window it is in */
	uint64_t offset; /* where it starts, in bytes from the start of the file */
	uint64_t size;	 /* bytes it takes: record, padding, window header or skipped ones */
	uint64_t tsc;	 /* 0 without a time stamp */
	uint32_t event;	 /* TRACE_RECORD, _WRAP, _LOST: header bits 0-27 */
	bool has_tsc;
	unsigned int nr_words; /* TRACE_RECORD, _WRAP, _LOST; else 0 */
	uint32_t words[8];     /* zeros from nr_words on */
	uint64_t window;       /* TRACE_WINDOW: bytes of records that follow */
	uint64_t first_tsc;    /* TRACE_LOST: time of the first of them */
	uint32_t lost;	       /* TRACE_LOST: how many */
	char what[96];	       /* TRACE_ANOMALY: what is wrong, for people */
};

struct trace_reader;

/*
 * Map the file. Returns 0, -ENOMEM, -EINVAL (not a regular file), -EBADMSG
 * (does not start like a trace: neither empty nor with a window), or the
 * errno of open(), mmap() or of unpacking. *out is set on success only.
 */
int trace_open(const char *path, struct trace_reader **out);

/* As trace_open(), for bytes in memory, which stay the caller's and must outlive the reader. */
int trace_open_memory(const void *bytes, size_t size, struct trace_reader **out);

void trace_close(struct trace_reader *reader);

/*
 * Fetch the next item. Returns its type, which is TRACE_END again after the
 * end. An anomaly never ends the reading: it goes on at the next record or
 * window that makes sense. Members that the type does not name are not set.
 */
enum trace_item_type trace_next(struct trace_reader *reader, struct trace_item *item);

/* A record where it is read, good until the next call that reads. */
struct trace_record {
	uint64_t tsc; /* 0 without a time stamp */
	uint64_t offset;
	/* At any address; what follows them, up to eight words, is there but means nothing. */
	const unsigned char *words;
	uint32_t header; /* as in the file */
	uint32_t cpu;
};

#define TRACE_HEADER_EVENT(header) ((header)&0x0fffffffu)
#define TRACE_HEADER_WORDS(header) ((header) >> 28 & 7u)
#define TRACE_HEADER_HAS_TSC(header) ((header) >> 31)

/*
 * For those who read much: fetch the next items at once, as long as they are records and nothing is
 * wrong with them. They are the caller's to change until the next call. Returns how many; 0: the
 * next item is one for trace_next().
 */
unsigned int trace_next_records(struct trace_reader *reader, struct trace_record **records);

/* The record as an item, and an item of TRACE_RECORD, which must outlive it, as a record. */
void trace_get_item(const struct trace_record *record, struct trace_item *item);
void trace_get_record(const struct trace_item *item, struct trace_record *record);

/* Its words, and zeros up to eight. */
void trace_copy_words(const struct trace_record *record, uint32_t *words);

/* Read from the start again; shifts are kept. */
void trace_rewind(struct trace_reader *reader);

/* Add cycles to the time stamps of a CPU from now on; best right after trace_open() or _rewind().
 */
void trace_shift_cpu(struct trace_reader *reader, uint32_t cpu, int64_t cycles);

/* How many CPUs have windows; the first max of them, ascending, in cpus. */
unsigned int trace_get_cpus(const struct trace_reader *reader, uint32_t *cpus, unsigned int max);

/* Bytes consumed so far. */
uint64_t trace_position(const struct trace_reader *reader);

/* What became of the bytes of the file. */
struct trace_sum {
	uint64_t file;	  /* all there are, unpacked */
	uint64_t records; /* decoded: records */
	uint64_t markers; /* decoded: window headers, padding, loss markers */
	uint64_t skipped; /* not decoded: an anomaly each says why */
	uint64_t lost;	  /* records (not bytes) that Xen counted as lost */
};

/*
 * Returns 0 when every byte is accounted for once, -EAGAIN before TRACE_END,
 * -EBADMSG when the sum is wrong, which is a fault of the reader.
 */
int trace_get_sum(const struct trace_reader *reader, struct trace_sum *sum);

#endif
