/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Xen's trace buffers, one per CPU, as a reader in dom0 sees them. Nothing of libxen* shows here.
 *
 * Xen gives each CPU that is online a buffer of the size that is set once per boot. While tracing
 * is on it appends records; when a buffer is full it counts those it drops, and tells how many as
 * soon as there is room for another record. Functions return 0 or -errno, the hypervisor's errors
 * included. Not thread-safe.
 */
#ifndef BENCH_TBUFS_H
#define BENCH_TBUFS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct tbufs;

struct tbufs_host {
	unsigned int cpus; /* that there can be: the largest number of a CPU, plus one */
	unsigned int online;
	unsigned int nodes;
	uint64_t unclaimed_pages; /* free ones that nobody has claimed */
	unsigned int pages; /* of each buffer; 0: the size is not set yet */
	uint32_t mask;
};

/* -ENODEV: no Xen, or no right to ask it; -EBUSY: another program is reading the buffers. */
int tbufs_open(struct tbufs **out);

/* Tracing is off afterwards, and the mask as it was found; NULL is fine. */
void tbufs_close(struct tbufs *t);

int tbufs_read_host(struct tbufs *t, struct tbufs_host *host);

/*
 * Pages per CPU, for the rest of this boot. -ENOMEM: Xen has no memory for that. It may set fewer
 * than asked for: tbufs_read_host() tells.
 */
int tbufs_set_pages(struct tbufs *t, unsigned int pages, uint32_t mask);

/* Forget what is in the buffers, and record what the mask lets pass. */
int tbufs_start(struct tbufs *t, uint32_t mask);
int tbufs_stop(struct tbufs *t);

/* Make the call physinfo, after which our trace points tell the state of each node. */
int tbufs_call_physinfo(struct tbufs *t);

/* Readable when a buffer has become half full, until tbufs_acknowledge(); -1: Xen will not tell. */
int tbufs_fd(const struct tbufs *t);
void tbufs_acknowledge(struct tbufs *t);

/* From tbufs_start() on: CPUs to look at, and bytes that a buffer can hold. */
unsigned int tbufs_cpus(const struct tbufs *t);
size_t tbufs_room(const struct tbufs *t);

/*
 * Bytes in the buffer of a CPU, up to a record's end; the oldest in parts[0], the rest in parts[1].
 * 0 for a CPU without a buffer. -EIO: the buffer's state makes no sense.
 */
long tbufs_peek(const struct tbufs *t, unsigned int cpu, const void *parts[2], size_t sizes[2]);

/* Give the room of what tbufs_peek() told last back to Xen. */
void tbufs_consume(struct tbufs *t, unsigned int cpu, size_t bytes);

#endif
