// SPDX-License-Identifier: GPL-2.0-only
#include "tracepoints/sink.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zstd.h>

/* A trace shrinks to a fifth at the lowest level; more takes time that a busy dom0 has not. */
#define LEVEL 1

struct sink {
	int fd;
	uint64_t bytes;
	ZSTD_CCtx *zstd; /* NULL: not compressed */
	size_t room;
	char buffer[];
};

static int write_out(struct sink *sink, const char *data, size_t size)
{
	while (size) {
		ssize_t done = write(sink->fd, data, size);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return -errno;
		sink->bytes += (uint64_t)done;
		data += done;
		size -= (size_t)done;
	}
	return 0;
}

static int compress(struct sink *sink, const void *data, size_t size, ZSTD_EndDirective how)
{
	ZSTD_inBuffer in = {data, size, 0};
	size_t left;
	int rc;

	do {
		ZSTD_outBuffer out = {sink->buffer, sink->room, 0};

		left = ZSTD_compressStream2(sink->zstd, &out, &in, how);
		if (ZSTD_isError(left))
			return -EIO;
		rc = write_out(sink, sink->buffer, out.pos);
		if (rc)
			return rc;
	} while (how == ZSTD_e_continue ? in.pos < in.size : left);
	return 0;
}

static int start_zstd(struct sink *sink)
{
	sink->zstd = ZSTD_createCCtx();
	if (!sink->zstd)
		return -ENOMEM;
	sink->room = ZSTD_CStreamOutSize();
	ZSTD_CCtx_setParameter(sink->zstd, ZSTD_c_compressionLevel, LEVEL);
	ZSTD_CCtx_setParameter(sink->zstd, ZSTD_c_checksumFlag, 1);
	return 0;
}

int sink_open(const char *path, struct sink **out)
{
	size_t length = strlen(path);
	struct sink *sink = calloc(1, sizeof(*sink) + ZSTD_CStreamOutSize());
	int rc = 0;

	if (!sink)
		return -ENOMEM;
	if (length >= 4 && !strcmp(path + length - 4, ".zst"))
		rc = start_zstd(sink);
	sink->fd = rc ? -1 : open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	if (!rc && sink->fd < 0)
		rc = -errno;
	if (rc) {
		ZSTD_freeCCtx(sink->zstd);
		free(sink);
		return rc;
	}
	*out = sink;
	return 0;
}

int sink_write(struct sink *sink, const void *data, size_t size)
{
	return sink->zstd ? compress(sink, data, size, ZSTD_e_continue) :
			    write_out(sink, data, size);
}

int sink_close(struct sink *sink, uint64_t *bytes)
{
	int rc = 0;

	if (!sink)
		return 0;
	if (sink->zstd)
		rc = compress(sink, NULL, 0, ZSTD_e_end);
	if (close(sink->fd) && !rc)
		rc = -errno;
	*bytes = sink->bytes;
	ZSTD_freeCCtx(sink->zstd);
	free(sink);
	return rc;
}
