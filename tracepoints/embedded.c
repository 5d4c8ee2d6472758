// SPDX-License-Identifier: GPL-2.0-only
/*
 * Xen's tools/symbols writes the table into .rodata, each part aligned to 4 bytes:
 *
 *   offsets   u32 each, from the start of Xen's virtual range, ascending
 *   count     u32
 *   names     a length, then as many tokens; the first character they expand to is nm's type
 *   markers   u32, where in names each 256th symbol begins
 *   tokens    256 strings
 *   index     256 × u16, where in tokens each string begins
 *
 * Nothing points to it. It is found by its index, which is unlike all else, and then backwards.
 */
#include "tracepoints/embedded.h"

#include <ctype.h>
#include <elf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define TOKENS 256
#define ALIGN 4
#define MAX_TOKEN 128
#define MAX_LENGTH 128 /* tokens of a name */
#define MARKER_STEP 256
#define RANGE_BITS 30 /* Xen's virtual range is 1 GiB, and aligned to that */

struct table {
	const char *image;
	size_t size;
	size_t index, tokens, markers, names; /* where in image */
	size_t nr_markers;
	uint32_t count;
};

static uint32_t get_u32(const struct table *t, size_t at)
{
	uint32_t value;

	memcpy(&value, t->image + at, sizeof(value));
	return value;
}

static uint16_t index_of(const struct table *t, unsigned int token)
{
	uint16_t value;

	memcpy(&value, t->image + t->index + 2 * token, sizeof(value));
	return value;
}

static bool is_index(const struct table *t)
{
	if (index_of(t, 0))
		return false;
	for (unsigned int i = 1; i < TOKENS; i++)
		if (index_of(t, i) < index_of(t, i - 1) + 2)
			return false;
	return true;
}

/* Each string starts behind the end of another, and nothing but padding lies behind the last. */
static bool are_tokens(const struct table *t)
{
	const char *tokens = t->image + t->tokens;
	size_t last = index_of(t, TOKENS - 1), room = t->index - t->tokens;

	for (unsigned int i = 1; i < TOKENS; i++)
		if (tokens[index_of(t, i) - 1])
			return false;
	last += strnlen(tokens + last, room - last) + 1;
	return last <= room && room - last < ALIGN;
}

static bool find_tokens(struct table *t)
{
	size_t least = index_of(t, TOKENS - 1) + 2;

	for (size_t back = least; back < least + MAX_TOKEN && back <= t->index; back++) {
		t->tokens = t->index - back;
		if (t->tokens % ALIGN == 0 && are_tokens(t))
			return true;
	}
	return false;
}

static bool find_markers(struct table *t)
{
	size_t at = t->tokens;

	if (at < 8)
		return false;
	do
		at -= 4;
	while (at >= 4 && get_u32(t, at) && get_u32(t, at - 4) < get_u32(t, at));
	t->markers = at;
	t->nr_markers = (t->tokens - at) / 4;
	return get_u32(t, at) == 0;
}

/* Whether names starts at t->names: all markers point to where they should. */
static bool are_names(const struct table *t)
{
	size_t at = 0;

	for (uint32_t i = 0; i < t->count; i++) {
		if (i % MARKER_STEP == 0 && get_u32(t, t->markers + i / MARKER_STEP * 4) != at)
			return false;
		if (t->names + at >= t->markers)
			return false;
		at += 1 + (unsigned char)t->image[t->names + at];
	}
	return t->names + at <= t->markers && t->markers - t->names - at < ALIGN;
}

static bool find_names(struct table *t)
{
	size_t last = get_u32(t, t->markers + (t->nr_markers - 1) * 4);

	for (size_t back = last; back <= last + MARKER_STEP * MAX_LENGTH; back++) {
		if (back + 4 > t->markers)
			return false;
		t->names = t->markers - back;
		if (t->names % ALIGN)
			continue;
		t->count = get_u32(t, t->names - 4);
		if (t->count && (t->count - 1) / MARKER_STEP + 1 == t->nr_markers &&
		    (size_t)t->count * 4 + 4 <= t->names && are_names(t))
			return true;
	}
	return false;
}

static bool find_table(struct table *t)
{
	for (t->index = 0; t->index + 2 * TOKENS <= t->size; t->index += ALIGN)
		if (is_index(t) && find_tokens(t) && find_markers(t) && find_names(t))
			return true;
	return false;
}

static int compare_words(const void *left, const void *right)
{
	uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;

	return (a > b) - (a < b);
}

/* Where Xen is mapped: what most pointers of the image have in common. */
static uint64_t find_start(const char *image, size_t size)
{
	size_t count = 0, run = 0, best = 0;
	uint64_t *found = calloc(size / 8 + 1, sizeof(*found)), start = 0;

	for (size_t at = 0; found && at + 8 <= size; at += 8) {
		uint64_t word;

		memcpy(&word, image + at, sizeof(word));
		if (word >> 39 == 0xffff800000000000 >> 39 ||
		    word >> 43 == 0xffff800000000000 >> 43)
			found[count++] = word >> RANGE_BITS << RANGE_BITS;
	}
	if (count)
		qsort(found, count, sizeof(*found), compare_words);
	for (size_t i = 0; i < count; i++) {
		run = i && found[i] == found[i - 1] ? run + 1 : 1;
		if (run > best) {
			best = run;
			start = found[i];
		}
	}
	free(found);
	return start;
}

/* TYPE, NAME of the symbol at names + *at; moves *at on. Returns the end of what it wrote. */
static char *expand(const struct table *t, size_t *at, char *to)
{
	size_t length = (unsigned char)t->image[t->names + *at];

	*to = '\0';
	for (size_t i = 1; i <= length; i++) {
		unsigned char token = (unsigned char)t->image[t->names + *at + i];

		to = stpcpy(to, t->image + t->tokens + index_of(t, token));
	}
	*at += 1 + length;
	return to + 1;
}

static size_t text_size(const struct table *t)
{
	size_t at = 0, size = 0;

	for (uint32_t i = 0; i < t->count; i++) {
		size_t length = (unsigned char)t->image[t->names + at];

		for (size_t j = 1; j <= length; j++)
			size += strlen(t->image + t->tokens +
				       index_of(t, (unsigned char)t->image[t->names + at + j]));
		at += 1 + length;
		size++;
	}
	return size;
}

/* What is local to a file is written as FILE#NAME. */
static void add_function(struct symbols *symbols, char *name, uint64_t start, uint64_t end)
{
	char *hash = strchr(name, '#');

	if (hash)
		*hash = '\0';
	if (start < end) /* of several at one address the last one */
		symbols->list[symbols->count++] = (struct symbol){.start = start,
								  .end = end,
								  .name = hash ? hash + 1 : name,
								  .file = hash ? name : NULL};
}

static void add_object(struct symbols *symbols, const char *name, uint64_t address)
{
	const char *hash = strchr(name, '#');

	symbols->objects[symbols->object_count++] =
		(struct object){hash ? hash + 1 : name, address};
}

static void fill_lists(struct symbols *symbols, const struct table *t, uint64_t start, char *text)
{
	size_t offsets = t->names - 4 - (size_t)t->count * 4, at = 0;

	for (uint32_t i = 0; i < t->count; i++) {
		uint64_t address = start + get_u32(t, offsets + 4 * i);
		uint64_t next = start + get_u32(t, offsets + 4 * (i + 1));
		char *name = text;

		text = expand(t, &at, text);
		if (tolower(*name) == 't' && i + 1 < t->count)
			add_function(symbols, name + 1, address, next);
		else if (*name)
			add_object(symbols, name + 1, address);
	}
}

int read_embedded(struct symbols *symbols, const char *image, size_t size)
{
	struct table t = {.image = image, .size = size};
	char *text;

	if (size < sizeof(Elf32_Ehdr) || memcmp(image, ELFMAG, SELFMAG) ||
	    image[EI_CLASS] != ELFCLASS32 || !find_table(&t))
		return -ENOEXEC;
	text = malloc(text_size(&t) + 1);
	symbols->list = calloc(t.count, sizeof(*symbols->list));
	symbols->objects = calloc(t.count, sizeof(*symbols->objects));
	symbols->text = text;
	if (!text || !symbols->list || !symbols->objects)
		return -ENOMEM;
	fill_lists(symbols, &t, find_start(image, size), text);
	return symbols->count ? 0 : -ENOEXEC;
}
