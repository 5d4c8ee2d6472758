// SPDX-License-Identifier: GPL-2.0-only
/* Opens and maps trace files; gives their pages back. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/pack.h"
#include "tracepoints/reader_private.h"

/* What is copied at a time of each CPU, and of all together, where there are many. */
#define STRIDE_BYTES (64u << 10)
#define STRIDE_LEAST (4u << 10)
#define COPIED_BYTES (4u << 20)
/* Pages that are mapped because of one that is touched, here and at the end of a window. */
#define FAULT_BYTES (128u << 10)

/* What was read stays mapped, and counts as our memory, until we say that we do not need it. */
void release_pages(struct trace_reader *r, uint64_t passed)
{
	r->touched += passed;
	if (r->touched < TRACE_MAPPED_BYTES)
		return;
	r->touched = 0;
	if (r->mapped)
		madvise((void *)(uintptr_t)r->bytes, r->size, MADV_DONTNEED);
}

/* Its header, and the one after it; all of it when that was searched for. */
void pass_window(struct trace_reader *r, const struct window *w)
{
	uint64_t bytes = w->next - w->at;
	bool searched = w->short_by || w->next != w->end;

	release_pages(r, searched || bytes < FAULT_BYTES ? bytes : FAULT_BYTES);
}

/*
 * Copy what comes next of the cursor's window: on a virtual machine, to map a page can take as long
 * as to decode it. What cannot be copied is read where it is mapped.
 */
static void copy_stride(struct trace_reader *r, struct cursor *c)
{
	uint64_t room = c->window.end - c->position;
	size_t stride = COPIED_BYTES / r->nr_cursors;
	ssize_t got = 0;

	if (stride > STRIDE_BYTES)
		stride = STRIDE_BYTES;
	else if (stride < STRIDE_LEAST)
		stride = STRIDE_LEAST;
	if (r->fd >= 0 && !c->buffer)
		c->buffer = malloc(stride);
	if (c->buffer)
		got = pread(r->fd, c->buffer, room < stride ? room : stride, (off_t)c->position);
	if (got >= (ssize_t)RECORD_ROOM) {
		c->base = (uintptr_t)c->buffer - c->position;
		c->stop = c->position + (uint64_t)got - RECORD_ROOM + 1;
	} else {
		release_pages(r, FAULT_BYTES);
		c->base = (uintptr_t)r->bytes;
		c->stop = c->position + (room < FAULT_BYTES ? room : FAULT_BYTES) - RECORD_ROOM + 1;
	}
}

/* Is there more of the window for the fast path, though nothing before stop? */
bool fetch_stride(struct trace_reader *r, struct cursor *c)
{
	if (c->in_header || c->position < c->stop || c->position + RECORD_ROOM > c->window.end)
		return false;
	copy_stride(r, c);
	return true;
}

/* A file cut within its first window header still is a trace. */
static bool starts_like_a_trace(const struct trace_reader *r)
{
	const uint32_t header = WINDOW_HEADER;

	if (r->size >= WINDOW_BYTES)
		return is_window_at(r, 0);
	return !r->size || !memcmp(r->bytes, &header, r->size < 4 ? r->size : 4);
}

static int start_reader(struct trace_reader *r)
{
	int ret = starts_like_a_trace(r) ? find_cursors(r) : -EBADMSG;

	if (!ret && !r->size)
		set_last_words(r, "the file is empty: nothing was traced");
	if (!ret)
		start_merge(r);
	return ret;
}

int trace_open_memory(const void *bytes, size_t size, struct trace_reader **out)
{
	struct trace_reader *r = calloc(1, sizeof(*r));
	int ret;

	if (!r)
		return -ENOMEM;
	r->bytes = bytes;
	r->size = size;
	r->fd = -1;
	ret = start_reader(r);
	if (ret)
		trace_close(r);
	else
		*out = r;
	return ret;
}

static int map_file(struct trace_reader *r)
{
	struct stat st;
	void *bytes;

	if (fstat(r->fd, &st))
		return -errno;
	if (!S_ISREG(st.st_mode))
		return -EINVAL;
	if (!st.st_size)
		return 0;
	bytes = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, r->fd, 0);
	if (bytes == MAP_FAILED)
		return -errno;
	r->bytes = bytes;
	r->size = (uint64_t)st.st_size;
	r->mapped = true;
	return 0;
}

static void unmap_file(struct trace_reader *r)
{
	if (r->mapped)
		munmap((void *)(uintptr_t)r->bytes, r->size);
	r->mapped = false;
}

static int open_unlinked(void)
{
	const char *dir = getenv("TMPDIR");
	char path[4096];
	int fd;

	snprintf(path, sizeof(path), "%s/claimperf-XXXXXX", dir && *dir ? dir : "/var/tmp");
	fd = mkostemp(path, O_CLOEXEC);
	if (fd >= 0)
		unlink(path);
	return fd;
}

static bool is_zstd(const struct trace_reader *r)
{
	return r->size >= 4 && word_at(r, 0) == 0xfd2fb528u;
}

/* Map what is packed in the file instead of the file. */
static int map_unpacked(struct trace_reader *r)
{
	int out = open_unlinked(), ret;

	if (out < 0)
		return -errno;
	ret = unpack_zstd(r->fd, out, NULL, r->last_words, sizeof(r->last_words));
	unmap_file(r);
	r->bytes = NULL;
	r->size = 0;
	close(r->fd);
	r->fd = out;
	return ret ? ret : map_file(r);
}

int trace_open(const char *path, struct trace_reader **out)
{
	struct trace_reader *r = calloc(1, sizeof(*r));
	int ret;

	if (!r)
		return -ENOMEM;
	r->fd = open(path, O_RDONLY | O_CLOEXEC);
	ret = r->fd < 0 ? -errno : map_file(r);
	if (!ret && is_zstd(r))
		ret = map_unpacked(r);
	if (!ret)
		ret = start_reader(r);
	if (ret)
		trace_close(r);
	else
		*out = r;
	return ret;
}

void trace_close(struct trace_reader *r)
{
	unsigned int i;

	if (!r)
		return;
	unmap_file(r);
	if (r->fd >= 0)
		close(r->fd);
	for (i = 0; i < r->nr_cursors; i++)
		free(r->cursors[i].buffer);
	free(r->heap);
	free(r->cursors);
	free(r);
}
