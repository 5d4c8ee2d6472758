/* SPDX-License-Identifier: GPL-2.0-only */
/* As much of the wire format of protocol buffers as an encoder of small messages needs. */
#ifndef CLAIMPERF_TRACEPOINTS_PROTOBUF_H
#define CLAIMPERF_TRACEPOINTS_PROTOBUF_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* A message of at most 16383 bytes, as its length takes two bytes of seven bits. */
struct protobuf {
	unsigned char *bytes; /* the caller's, with room */
	size_t size;
};

static inline void protobuf_varint(struct protobuf *p, uint64_t value)
{
	for (; value >= 0x80; value >>= 7)
		p->bytes[p->size++] = (unsigned char)(value | 0x80);
	p->bytes[p->size++] = (unsigned char)value;
}

static inline void protobuf_number(struct protobuf *p, unsigned int field, uint64_t value)
{
	protobuf_varint(p, field << 3);
	protobuf_varint(p, value);
}

static inline void protobuf_text(struct protobuf *p, unsigned int field, const char *text)
{
	size_t size = strlen(text);

	protobuf_varint(p, field << 3 | 2);
	protobuf_varint(p, size);
	memcpy(p->bytes + p->size, text, size);
	p->size += size;
}

/* A message within: returns where its length goes, for protobuf_close(). */
static inline size_t protobuf_open(struct protobuf *p, unsigned int field)
{
	protobuf_varint(p, field << 3 | 2);
	p->size += 2;
	return p->size - 2;
}

/* A varint may have more bytes than it needs. */
static inline void protobuf_close(struct protobuf *p, size_t at)
{
	size_t size = p->size - at - 2;

	p->bytes[at] = (unsigned char)(size | 0x80);
	p->bytes[at + 1] = (unsigned char)(size >> 7 & 0x7f);
}

#endif
