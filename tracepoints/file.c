// SPDX-License-Identifier: GPL-2.0-only
/* Opens and maps trace files; gives their pages back. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tracepoints/reader_private.h"

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
	ret = start_reader(r);
	if (ret)
		trace_close(r);
	else
		*out = r;
	return ret;
}

static int map_file(struct trace_reader *r, int fd)
{
	struct stat st;
	void *bytes;

	if (fstat(fd, &st))
		return -errno;
	if (!S_ISREG(st.st_mode))
		return -EINVAL;
	if (!st.st_size)
		return 0;
	bytes = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
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
static int map_unpacked(struct trace_reader *r, int fd)
{
	int out = open_unlinked(), ret;

	if (out < 0)
		return -errno;
	ret = unpack_zstd(fd, out, r->last_words, sizeof(r->last_words));
	if (!ret) {
		unmap_file(r);
		r->bytes = NULL;
		r->size = 0;
		ret = map_file(r, out);
	}
	close(out);
	return ret;
}

int trace_open(const char *path, struct trace_reader **out)
{
	struct trace_reader *r = calloc(1, sizeof(*r));
	int fd, ret;

	if (!r)
		return -ENOMEM;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	ret = fd < 0 ? -errno : map_file(r, fd);
	if (!ret && is_zstd(r))
		ret = map_unpacked(r, fd);
	if (fd >= 0)
		close(fd);
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
	if (!r)
		return;
	unmap_file(r);
	free(r->heap);
	free(r->cursors);
	free(r);
}
