// SPDX-License-Identifier: GPL-2.0-only
#include "tracepoints/reader.h"

#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define HEADER_EVENT(header) ((header) & 0x0fffffffu)
#define HEADER_WORDS(header) (((header) >> 28) & 7u)
#define HEADER_HAS_TSC(header) ((header) >> 31)

/* The header word of a window, its CPU and its size. */
#define WINDOW_HEADER (TRACE_EVENT_CPU_CHANGE | 2u << 28)
#define WINDOW_BYTES 12

struct trace_reader {
	const unsigned char *bytes;
	uint64_t size;
	uint64_t position;
	uint64_t window_end; /* records are expected up to here, within the file */
	uint64_t missing;    /* bytes that the last window has beyond the end of the file */
	uint32_t cpu;
	bool mapped;
	bool reported_end;
	uint64_t last_tsc[TRACE_CPUS_MAX];
};

static uint32_t word_at(const struct trace_reader *r, uint64_t offset)
{
	uint32_t word;

	memcpy(&word, r->bytes + offset, sizeof(word));
	return le32toh(word);
}

static uint64_t bytes_left(const struct trace_reader *r)
{
	return r->size - r->position;
}

static bool is_window_at(const struct trace_reader *r, uint64_t offset)
{
	uint32_t bytes;

	if (r->size - offset < WINDOW_BYTES || word_at(r, offset) != WINDOW_HEADER)
		return false;
	bytes = word_at(r, offset + 8);
	return word_at(r, offset + 4) < TRACE_CPUS_MAX && bytes && bytes % 4 == 0;
}

static uint64_t find_window(const struct trace_reader *r, uint64_t offset, uint64_t end)
{
	const uint32_t header = htole32(WINDOW_HEADER);
	const unsigned char *hit;

	while (offset < end) {
		hit = memmem(r->bytes + offset, end - offset, &header, sizeof(header));
		if (!hit)
			break;
		offset = (uint64_t)(hit - r->bytes);
		if (is_window_at(r, offset))
			return offset;
		offset++;
	}
	return end;
}

/* Report what is wrong at offset, and go on reading at next. */
__attribute__((format(printf, 5, 6))) static enum trace_item_type
anomaly(struct trace_reader *r, struct trace_item *item, uint64_t offset, uint64_t next,
	const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(item->what, sizeof(item->what), fmt, ap);
	va_end(ap);
	item->offset = offset;
	item->size = next - r->position;
	r->position = next;
	return TRACE_ANOMALY;
}

static enum trace_item_type next_window(struct trace_reader *r, struct trace_item *item)
{
	uint32_t bytes;
	uint64_t next;

	if (!is_window_at(r, r->position)) {
		next = find_window(r, r->position, r->size);
		r->window_end = next;
		return anomaly(r, item, r->position, next,
			       "no window starts here: %llu bytes skipped",
			       (unsigned long long)(next - r->position));
	}
	r->cpu = word_at(r, r->position + 4);
	bytes = word_at(r, r->position + 8);
	item->cpu = r->cpu;
	item->window = bytes;
	item->size = WINDOW_BYTES;
	r->position += WINDOW_BYTES;
	r->missing = bytes > bytes_left(r) ? bytes - bytes_left(r) : 0;
	r->window_end = r->position + bytes - r->missing;
	return TRACE_WINDOW;
}

/* What remains of the window makes no sense, unless another one starts inside. */
static uint64_t give_up_window(struct trace_reader *r)
{
	r->window_end = find_window(r, r->position, r->window_end);
	return r->window_end;
}

/* Each class is one bit, and Xen records nothing without a class and a subclass. */
static bool is_plausible(uint32_t event)
{
	uint32_t class = event >> 16;

	return class && !(class & (class - 1)) && (event & 0xf000);
}

static enum trace_item_type take_lost(struct trace_reader *r, struct trace_item *item)
{
	if (item->nr_words != 4) {
		r->position = item->offset;
		return anomaly(r, item, item->offset, item->offset + item->size,
			       "lost-records marker with %u words instead of 4", item->nr_words);
	}
	item->lost = item->words[0];
	item->first_tsc = (uint64_t)item->words[3] << 32 | item->words[2];
	return TRACE_LOST;
}

static enum trace_item_type classify(struct trace_reader *r, struct trace_item *item)
{
	if (item->event == TRACE_EVENT_WRAP)
		return TRACE_WRAP;
	if (item->has_tsc) {
		if (item->tsc < r->last_tsc[r->cpu]) {
			r->position = item->offset;
			r->last_tsc[r->cpu] = item->tsc;
			return anomaly(r, item, item->offset, item->offset + item->size,
				       "time stamp of CPU %u goes back: record skipped", r->cpu);
		}
		r->last_tsc[r->cpu] = item->tsc;
	}
	return item->event == TRACE_EVENT_LOST ? take_lost(r, item) : TRACE_RECORD;
}

static enum trace_item_type next_record(struct trace_reader *r, struct trace_item *item)
{
	uint64_t room = r->window_end - r->position, at = r->position;
	uint32_t header;
	unsigned int i;

	if (room < 4)
		return anomaly(r, item, at, r->window_end,
			       "%llu stray bytes at the end of a window", (unsigned long long)room);
	header = word_at(r, at);
	item->event = HEADER_EVENT(header);
	item->nr_words = HEADER_WORDS(header);
	item->has_tsc = HEADER_HAS_TSC(header);
	item->size = 4 + 8u * item->has_tsc + 4u * item->nr_words;
	item->cpu = r->cpu;
	if (is_window_at(r, at)) {
		r->window_end = at;
		r->missing = 0;
		return anomaly(r, item, at, at,
			       "a window starts %llu bytes before the end of another",
			       (unsigned long long)room);
	}
	if (!is_plausible(item->event))
		return anomaly(r, item, at, give_up_window(r),
			       "0x%08x is no record header: rest of the window skipped", header);
	if (item->size > room)
		return anomaly(r, item, at, give_up_window(r),
			       "record of %llu bytes where the window has %llu: skipped",
			       (unsigned long long)item->size, (unsigned long long)room);
	at += 4;
	if (item->has_tsc) {
		item->tsc = (uint64_t)word_at(r, at + 4) << 32 | word_at(r, at);
		at += 8;
	}
	for (i = 0; i < item->nr_words; i++, at += 4)
		item->words[i] = word_at(r, at);
	r->position = at;
	return classify(r, item);
}

static enum trace_item_type at_end(struct trace_reader *r, struct trace_item *item)
{
	uint64_t missing = r->missing;

	if (r->reported_end)
		return TRACE_END;
	r->reported_end = true;
	if (!r->size)
		return anomaly(r, item, 0, 0, "the file is empty: nothing was traced");
	return anomaly(r, item, r->size, r->size,
		       "the file ends %llu bytes before its last window does",
		       (unsigned long long)missing);
}

enum trace_item_type trace_next(struct trace_reader *r, struct trace_item *item)
{
	memset(item, 0, sizeof(*item));
	item->offset = r->position;
	if (r->position < r->window_end)
		item->type = next_record(r, item);
	else if (bytes_left(r))
		item->type = next_window(r, item);
	else if (r->missing || !r->size)
		item->type = at_end(r, item);
	return item->type;
}

uint64_t trace_position(const struct trace_reader *r)
{
	return r->position;
}

/* A file cut within its first window header still is a trace. */
static bool starts_like_a_trace(const struct trace_reader *r)
{
	const uint32_t header = htole32(WINDOW_HEADER);

	if (r->size >= WINDOW_BYTES)
		return is_window_at(r, 0);
	return !r->size || !memcmp(r->bytes, &header, r->size < 4 ? r->size : 4);
}

int trace_open_memory(const void *bytes, size_t size, struct trace_reader **out)
{
	struct trace_reader *r = calloc(1, sizeof(*r));

	if (!r)
		return -ENOMEM;
	r->bytes = bytes;
	r->size = size;
	if (!starts_like_a_trace(r)) {
		free(r);
		return -EBADMSG;
	}
	*out = r;
	return 0;
}

int trace_open(const char *path, struct trace_reader **out)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), ret = 0;
	void *bytes = NULL;
	struct stat st;

	if (fd < 0)
		return -errno;
	if (fstat(fd, &st))
		ret = -errno;
	else if (!S_ISREG(st.st_mode))
		ret = -EINVAL;
	else if (st.st_size) {
		bytes = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
		if (bytes == MAP_FAILED)
			ret = -errno;
	}
	close(fd);
	if (ret)
		return ret;
	ret = trace_open_memory(bytes, (size_t)st.st_size, out);
	if (!ret)
		(*out)->mapped = bytes;
	else if (bytes)
		munmap(bytes, (size_t)st.st_size);
	return ret;
}

void trace_close(struct trace_reader *r)
{
	if (r && r->mapped)
		munmap((void *)(uintptr_t)r->bytes, r->size);
	free(r);
}
