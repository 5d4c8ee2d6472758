// SPDX-License-Identifier: GPL-2.0-only
#include "lib/pack.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <zstd.h>

#include "lib/write_all.h"

struct stream {
	ZSTD_CCtx *pack;
	ZSTD_DCtx *unpack;
	struct sha256 *sum; /* of what is not packed */
	int out;
	size_t in_room, out_room;
	void *in, *out_bytes;
};

static void free_stream(struct stream *s)
{
	free(s->out_bytes);
	free(s->in);
	ZSTD_freeCCtx(s->pack);
	ZSTD_freeDCtx(s->unpack);
}

/* The context is there already. */
static int allocate(struct stream *s)
{
	s->in = malloc(s->in_room);
	s->out_bytes = malloc(s->out_room);
	return (s->pack || s->unpack) && s->in && s->out_bytes ? 0 : -ENOMEM;
}

static int pack_some(struct stream *s, size_t got)
{
	ZSTD_EndDirective last = got ? ZSTD_e_continue : ZSTD_e_end;
	ZSTD_inBuffer input = {s->in, got, 0};
	ZSTD_outBuffer output;
	size_t left;
	int ret;

	do {
		output = (ZSTD_outBuffer){s->out_bytes, s->out_room, 0};
		left = ZSTD_compressStream2(s->pack, &output, &input, last);
		if (ZSTD_isError(left))
			return -ENOMEM;
		ret = write_all(s->out, s->out_bytes, output.pos);
	} while (!ret && (got ? input.pos < input.size : left > 0));
	return ret;
}

int pack_zstd(int in, int out, struct sha256 *sum)
{
	struct stream s = {.sum = sum,
			   .out = out,
			   .pack = ZSTD_createCCtx(),
			   .in_room = ZSTD_CStreamInSize(),
			   .out_room = ZSTD_CStreamOutSize()};
	int ret = allocate(&s);
	ssize_t got = 1;

	if (!ret)
		ZSTD_CCtx_setParameter(s.pack, ZSTD_c_checksumFlag, 1);
	while (!ret && got) {
		got = read(in, s.in, s.in_room);
		if (got < 0 && errno == EINTR)
			continue;
		if (got > 0)
			sha256_add(sum, s.in, (size_t)got);
		ret = got < 0 ? -errno : pack_some(&s, (size_t)got);
	}
	free_stream(&s);
	return ret;
}

/* Unpack one buffer of input. *hint is 0 at the end of a frame, an error code, or neither. */
static int unpack_some(struct stream *s, size_t got, size_t *hint)
{
	ZSTD_inBuffer input = {s->in, got, 0};
	ZSTD_outBuffer output;
	int ret;

	do {
		output = (ZSTD_outBuffer){s->out_bytes, s->out_room, 0};
		*hint = ZSTD_decompressStream(s->unpack, &output, &input);
		if (s->sum)
			sha256_add(s->sum, s->out_bytes, output.pos);
		ret = s->out < 0 ? 0 : write_all(s->out, s->out_bytes, output.pos);
		if (ret || ZSTD_isError(*hint))
			return ret;
	} while (input.pos < input.size || output.pos == output.size);
	return 0;
}

static int unpack_all(struct stream *s, int in, char *why, size_t why_size)
{
	unsigned long long read_bytes = 0;
	size_t hint = 1;
	ssize_t got;
	int ret = 0;

	why[0] = '\0';
	while (!ret && (got = read(in, s->in, s->in_room)) != 0) {
		if (got < 0)
			return -errno;
		read_bytes += (size_t)got;
		ret = unpack_some(s, (size_t)got, &hint);
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

int unpack_zstd(int in, int out, struct sha256 *sum, char *why, size_t why_size)
{
	struct stream s = {.sum = sum,
			   .out = out,
			   .unpack = ZSTD_createDCtx(),
			   .in_room = ZSTD_DStreamInSize(),
			   .out_room = ZSTD_DStreamOutSize()};
	int ret = allocate(&s);

	if (!ret)
		ret = unpack_all(&s, in, why, why_size);
	free_stream(&s);
	return ret;
}
