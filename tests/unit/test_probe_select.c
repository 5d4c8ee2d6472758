// SPDX-License-Identifier: GPL-2.0-only
/* Names to functions; and symbols of an image made here, whole, cut and damaged. */
#include <elf.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "tracepoints/embedded.h"
#include "tracepoints/probe_select.h"

static struct symbol list[] = {
	{0x10, 0x20, "alloc", NULL, false},
	{0x20, 0x30, "alloc.part.0", "a.c", false},
	{0x30, 0x40, "alloc.cold", "a.c", false},
	{0x40, 0x50, "helper", "a.c", true},
	{0x50, 0x60, "helper.isra.0", "a.c", false},
	{0x60, 0x70, "helper", "b.c", true},
	{0x70, 0x80, "allocate", NULL, false},
	{0x80, 0x90, ".hidden", NULL, false},
	{0x90, 0xa0, "__x86_indirect_thunk_rax", NULL, false},
	{0xa0, 0xb0, "partly", NULL, false},
};
static const struct symbols symbols = {.list = list, .count = sizeof(list) / sizeof(list[0])};

/* Expects "NAME PARTS, …" of what the list selects. */
static void selects(const char *functions, const char *expected)
{
	char error[SELECT_ERROR_SIZE], text[256] = "";
	struct selection selection;
	size_t used = 0;

	assert_int_equal(select_functions(&selection, &symbols, functions, error), 0);
	for (size_t i = 0; i < selection.count; i++)
		used += (size_t)snprintf(text + used, sizeof(text) - used, "%s%s %u", i ? ", " : "",
					 selection.targets[i].name, selection.targets[i].parts);
	assert_string_equal(text, expected);
	for (size_t i = 0; i < symbols.count; i++)
		assert_in_range(selection.target_of[i] + 1, 0, selection.count);
	free_selection(&selection);
}

static void refuses(const char *functions, const char *expected)
{
	char error[SELECT_ERROR_SIZE] = "";
	struct selection selection;

	assert_int_equal(select_functions(&selection, &symbols, functions, error), -ENOENT);
	assert_string_equal(error, expected);
}

static void groups_parts(void **state)
{
	(void)state;
	selects("alloc", "alloc 3");
	selects("alloc.part.0", "alloc 3");
	selects("helper", "a.c#helper 2, b.c#helper 1");
	selects("b.c#helper", "b.c#helper 1");
	selects("allocate,alloc", "alloc 3, allocate 1");
	selects("alloc*", "alloc 3, allocate 1");
	selects("*.c#*", "a.c#helper 2, b.c#helper 1");
	selects("alloc,alloc", "alloc 3");
	selects(".hidden", ".hidden 1");
}

static void refuses_names(void **state)
{
	(void)state;
	refuses("aloc", "aloc: no such function; nearest: alloc, allocate, a.c#helper");
	refuses("alloc,b.c#alloc",
		"b.c#alloc: no such function; nearest: alloc, allocate, a.c#helper");
	refuses("", "no function is named");
	refuses(",", "no function is named");
}

static void knows_entries(void **state)
{
	(void)state;
	assert_int_equal(entry_of_symbol(&list[0]), ENTRY_CALL);
	assert_int_equal(entry_of_symbol(&list[1]), ENTRY_PART);
	assert_int_equal(entry_of_symbol(&list[2]), ENTRY_INNER);
	assert_int_equal(entry_of_symbol(&list[4]), ENTRY_CALL);
	assert_int_equal(entry_of_symbol(&list[8]), ENTRY_INNER);
	assert_int_equal(entry_of_symbol(&list[9]), ENTRY_CALL);
}

/* As Xen's tools/symbols writes them; each token is one character. */
#define SYMBOLS 600
#define MARKERS ((SYMBOLS + 255) / 256)
#define XEN 0xffff82d040000000

static struct image {
	Elf32_Ehdr header;
	uint32_t gap;
	uint64_t pointers[8];
	uint32_t offsets[SYMBOLS];
	uint32_t count;
	unsigned char names[SYMBOLS * 16];
	uint32_t markers[MARKERS];
	char tokens[2 * 256];
	uint16_t index[256];
	char rest[64];
} image;

static void add_name(size_t *at, const char *name)
{
	image.names[(*at)++] = (unsigned char)strlen(name);
	memcpy(image.names + *at, name, strlen(name));
	*at += strlen(name);
}

static void make_image(void)
{
	size_t at = 0;
	char name[16];

	memset(&image, 0, sizeof(image));
	memcpy(image.header.e_ident, ELFMAG, SELFMAG);
	image.header.e_ident[EI_CLASS] = ELFCLASS32;
	for (size_t i = 0; i < 8; i++)
		image.pointers[i] = XEN + i * 0x1000;
	image.pointers[3] = 0xffff830000000000; /* another range */
	image.count = SYMBOLS;
	for (size_t i = 0; i < SYMBOLS; i++) {
		image.offsets[i] = (uint32_t)(0x200000 + 16 * i);
		if (i % 256 == 0)
			image.markers[i / 256] = (uint32_t)at;
		/* All of one length, so that names ends where markers begin. */
		snprintf(name, sizeof(name), i == 599 ? "Db.c#var_%06zu" : "Tfunction%06zu", i);
		name[15] = '\0';
		add_name(&at, i == 7 ? "ta.c#local00007" : i == 599 ? "db.c#variable99" : name);
	}
	assert_int_equal(at, sizeof(image.names));
	for (unsigned int i = 0; i < 256; i++) {
		image.tokens[2 * i] = (char)(i ? i : 1);
		image.index[i] = (uint16_t)(2 * i);
	}
}

static int read_image(struct symbols *out, size_t size)
{
	/* Exactly as many bytes as there are, for the address sanitizer. */
	char *bytes = malloc(size + 1);
	int err;

	assert_non_null(bytes);
	memcpy(bytes, &image, size);
	*out = (struct symbols){0};
	err = read_embedded(out, bytes, size);
	free(bytes);
	return err;
}

static void release(struct symbols *read)
{
	free(read->list);
	free(read->objects);
	free(read->text);
}

static void reads_images(void **state)
{
	struct symbols read;
	uint64_t address;
	long found;

	(void)state;
	make_image();
	assert_int_equal(read_image(&read, sizeof(image)), 0);
	assert_int_equal(read.count, SYMBOLS - 1);
	found = find_symbol(&read, XEN + 0x200000 + 16 * 5 + 15);
	assert_int_equal(found, 5);
	assert_string_equal(read.list[found].name, "function000005");
	assert_null(read.list[found].file);
	assert_string_equal(read.list[7].name, "local00007");
	assert_string_equal(read.list[7].file, "a.c");
	assert_int_equal(find_object(&read, "variable99", &address), 0);
	assert_int_equal(address, XEN + 0x200000 + 16 * 599);
	assert_int_equal(find_object(&read, "function000005", &address), -ENOENT);
	release(&read);
}

static void survives_damage(void **state)
{
	struct symbols read;

	(void)state;
	make_image();
	for (size_t size = 0; size <= offsetof(struct image, rest); size += 37) {
		assert_int_equal(read_image(&read, size), -ENOEXEC);
		release(&read);
	}
	srand(1);
	for (int i = 0; i < 3000; i++) {
		size_t at = (size_t)rand() % sizeof(image);

		((unsigned char *)&image)[at] ^= (unsigned char)(1 << rand() % 8);
		read_image(&read, sizeof(image));
		release(&read);
		if (i % 2)
			make_image();
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(groups_parts),	   cmocka_unit_test(refuses_names),
		cmocka_unit_test(knows_entries),   cmocka_unit_test(reads_images),
		cmocka_unit_test(survives_damage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
