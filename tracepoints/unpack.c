// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <zstd.h>

#include "tracepoints/reader_private.h"

struct unpack {
	ZSTD_DCtx *context;
	size_t in_room, out_room;
	void *in, *out;
};

static int write_all(int fd, const char *bytes, size_t size)
{
	ssize_t n;

	for (; size; bytes += n, size -= (size_t)n) {
		n = write(fd, bytes, size);
		if (n < 0 && errno == EINTR)
			n = 0;
		else if (n < 0)
			return -errno;
	}
	return 0;
}

/* Unpack one buffer of input. *hint is 0 at the end of a frame, an error code, or neither. */
static int unpack_some(struct unpack *u, size_t got, int out, size_t *hint)
{
	ZSTD_inBuffer input = {u->in, got, 0};
	ZSTD_outBuffer output;
	int ret;

	do {
		output = (ZSTD_outBuffer){u->out, u->out_room, 0};
		*hint = ZSTD_decompressStream(u->context, &output, &input);
		ret = write_all(out, u->out, output.pos);
		if (ret || ZSTD_isError(*hint))
			return ret;
	} while (input.pos < input.size || output.pos == output.size);
	return 0;
}

static int unpack_all(struct unpack *u, int in, int out, char *why, size_t why_size)
{
	unsigned long long read_bytes = 0;
	size_t hint = 1;
	ssize_t got;
	int ret = 0;

	why[0] = '\0';
	while (!ret && (got = read(in, u->in, u->in_room)) != 0) {
		if (got < 0)
			return -errno;
		read_bytes += (size_t)got;
		ret = unpack_some(u, (size_t)got, out, &hint);
		if (!ret && ZSTD_isError(hint)) {
			snprintf(why, why_size, "the zstd stream is damaged (%s) before byte %llu",
				 ZSTD_getErrorName(hint), read_bytes);
			return 0;
		}
	}
	if (!ret && hint)
		snprintf(why, why_size, "the zstd stream is cut after %llu bytes", read_bytes);
	return ret;
}

int unpack_zstd(int in, int out, char *why, size_t why_size)
{
	struct unpack u = {.in_room = ZSTD_DStreamInSize(), .out_room = ZSTD_DStreamOutSize()};
	int ret = -ENOMEM;

	u.context = ZSTD_createDCtx();
	u.in = malloc(u.in_room);
	u.out = malloc(u.out_room);
	if (u.context && u.in && u.out)
		ret = unpack_all(&u, in, out, why, why_size);
	free(u.out);
	free(u.in);
	ZSTD_freeDCtx(u.context);
	return ret;
}
