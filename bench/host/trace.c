/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What xen/trace.h promises: a buffer of records for each CPU. A buffer has one writer, its thread,
 * hence no lock. It is never read while it is written, so it does not wrap: once it is full,
 * records are lost and counted. The file is the one that xentrace writes; tracepoints/reader.h
 * describes it.
 */
#include <xen/errno.h>

#include "heap.h"

#ifdef HOST_TRACE_POINTS

#include <xen/cpumask.h>
#include <xen/lib.h>
#include <xen/smp.h>
#include <xen/trace.h>
#include <asm/msr.h>

#define MAX_WORDS 7
#define RECORD_BYTES(extra) (sizeof(uint32_t) + sizeof(uint64_t) + (extra))
#define LOST_BYTES RECORD_BYTES(sizeof(struct lost))

/* Of the record that stands for lost ones. */
struct lost {
	uint32_t records;
	uint32_t vcpu;
	uint64_t first_tsc;
} __packed;

static struct buffer {
	char *bytes;
	unsigned long used;
	struct lost lost; /* since the last record that found room */
} __cacheline_aligned buffers[HEAP_MAX_THREADS];
static unsigned long buffer_bytes;

typeof(tb_init_done) tb_init_done;

static void put_record(char *to, uint32_t event, uint64_t tsc, unsigned int extra, const void *data)
{
	uint32_t header = event | extra / sizeof(uint32_t) << TRACE_EXTRA_SHIFT | 1u << 31;

	memcpy(to, &header, sizeof(header));
	memcpy(to + sizeof(header), &tsc, sizeof(tsc));
	memcpy(to + RECORD_BYTES(0), data, extra);
}

static void append(struct buffer *b, uint32_t event, uint64_t tsc, unsigned int extra,
		   const void *data)
{
	put_record(b->bytes + b->used, event, tsc, extra, data);
	b->used += RECORD_BYTES(extra);
}

void trace_record(uint32_t event, unsigned int words, const void *data)
{
	unsigned int extra = words * sizeof(uint32_t);
	struct buffer *b = &buffers[smp_processor_id()];
	unsigned long room = buffer_bytes - b->used;
	uint64_t tsc = get_cycles();

	if (!tb_init_done)
		return;
	BUG_ON(words > MAX_WORDS);
	if (room < RECORD_BYTES(extra) + (b->lost.records ? LOST_BYTES : 0)) {
		if (!b->lost.records++)
			b->lost.first_tsc = tsc;
		return;
	}
	if (b->lost.records)
		append(b, TRC_LOST_RECORDS, tsc, sizeof(b->lost), &b->lost);
	b->lost.records = 0;
	append(b, event, tsc, extra, data);
}

/* As it is from 4.18 on, with the flag for the time in the event; and as it was. */
void trace(uint32_t event, unsigned int extra, const void *data)
{
	BUG_ON(extra % sizeof(uint32_t));
	trace_record(event & ~(1u << 31), extra / sizeof(uint32_t), data);
}

void __trace_var(uint32_t event, bool cycles, unsigned int extra, const void *data)
{
	trace(event, extra, data);
}

/* Here, as it takes locks of which the thread sanitizer must know. */
#include "common/heap_trace.c"

static void prepare_buffer(struct buffer *b)
{
	if (!b->bytes)
		b->bytes = host_calloc(buffer_bytes);
	b->used = 0;
	b->lost.records = 0;
}

int heap_start_tracing(unsigned long bytes)
{
	unsigned int cpu;

	if (tb_init_done)
		return -EBUSY;
	for (cpu = 0; cpu < HEAP_MAX_THREADS && bytes != buffer_bytes; cpu++) {
		host_free(buffers[cpu].bytes);
		buffers[cpu].bytes = NULL;
	}
	buffer_bytes = bytes;
	for (cpu = 0; cpu < HEAP_MAX_THREADS; cpu++)
		prepare_buffer(&buffers[cpu]);
	/* Their first touch is no part of what is traced. */
	for_each_online_cpu (cpu)
		memset(buffers[cpu].bytes, 0, buffer_bytes);
	tb_init_done = 1;
	heap_trace_select(TRC_MEM);
	return 0;
}

void heap_stop_tracing(void)
{
	heap_trace_select(0);
	tb_init_done = 0;
}

struct window {
	uint32_t header, cpu, bytes;
	char lost[LOST_BYTES];
};

static bool describe_window(struct window *w, unsigned int cpu)
{
	const struct buffer *b = &buffers[cpu];
	bool lost = b->lost.records;

	w->header = TRC_TRACE_CPU_CHANGE | 2u << TRACE_EXTRA_SHIFT;
	w->cpu = cpu;
	w->bytes = b->used + (lost ? LOST_BYTES : 0);
	if (lost)
		put_record(w->lost, TRC_LOST_RECORDS, get_cycles(), sizeof(b->lost), &b->lost);
	return lost;
}

int heap_write_trace(const char *path)
{
	static struct window windows[HEAP_MAX_THREADS];
	struct host_piece pieces[3 * HEAP_MAX_THREADS], *p = pieces;
	unsigned int cpu;

	for (cpu = 0; cpu < HEAP_MAX_THREADS; cpu++) {
		const struct buffer *b = &buffers[cpu];
		struct window *w = &windows[cpu];
		bool lost = describe_window(w, cpu);

		if (!w->bytes)
			continue;
		*p++ = (struct host_piece){w, offsetof(struct window, lost)};
		*p++ = (struct host_piece){b->bytes, b->used};
		*p++ = (struct host_piece){w->lost, lost ? LOST_BYTES : 0};
	}
	return host_save(path, pieces, p - pieces);
}

#else

int heap_start_tracing(unsigned long bytes)
{
	return -EOPNOTSUPP;
}

void heap_stop_tracing(void)
{
}

int heap_write_trace(const char *path)
{
	return -EOPNOTSUPP;
}

#endif
