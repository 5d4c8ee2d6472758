/* SPDX-License-Identifier: GPL-2.0-only */
/* A file that is written from front to back, compressed by zstd when its name ends in .zst. */
#ifndef CLAIMPERF_TRACEPOINTS_SINK_H
#define CLAIMPERF_TRACEPOINTS_SINK_H

#include <stddef.h>
#include <stdint.h>

struct sink;

/* 0 or -errno. A file of that name is replaced. */
int sink_open(const char *path, struct sink **out);

/* All of it, or -errno. */
int sink_write(struct sink *sink, const void *data, size_t size);

/* Write what is still held back, and close; *bytes is the size of the file. NULL is fine. */
int sink_close(struct sink *sink, uint64_t *bytes);

#endif
