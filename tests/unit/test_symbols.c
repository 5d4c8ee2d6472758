// SPDX-License-Identifier: GPL-2.0-only
/* Looks functions up in a small ELF file made here, whole, cut and damaged. */
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

#include "tracepoints/symbols.h"

enum { NONE, TEXT, INIT_TEXT, DATA, SYMTAB, STRTAB, SECTIONS };

static const struct {
	const char *name;
	uint64_t address, size;
	int binding, type, section;
} table[] = {
	{ "", 0, 0, STB_LOCAL, STT_NOTYPE, NONE },
	{ "one.c", 0, 0, STB_LOCAL, STT_FILE, SHN_ABS },
	{ "helper", 0x1010, 0x10, STB_LOCAL, STT_FUNC, TEXT },
	{ "inside", 0x1014, 0, STB_LOCAL, STT_NOTYPE, TEXT },
	{ "two.c", 0, 0, STB_LOCAL, STT_FILE, SHN_ABS },
	{ "helper", 0x1020, 0x08, STB_LOCAL, STT_FUNC, TEXT },
	{ "unsized", 0x1030, 0, STB_LOCAL, STT_NOTYPE, TEXT },
	{ "_start_of_text", 0x1000, 0, STB_GLOBAL, STT_NOTYPE, TEXT },
	{ "entry", 0x1000, 0, STB_LOCAL, STT_NOTYPE, TEXT },
	{ "__alias", 0x1040, 0x10, STB_GLOBAL, STT_FUNC, TEXT },
	{ "best", 0x1040, 0x10, STB_GLOBAL, STT_FUNC, TEXT },
	{ "also_good", 0x1040, 0, STB_GLOBAL, STT_NOTYPE, TEXT },
	{ "outer", 0x1050, 0x20, STB_GLOBAL, STT_FUNC, TEXT },
	{ "nested", 0x1060, 0x04, STB_GLOBAL, STT_FUNC, TEXT },
	{ "last", 0x1080, 0, STB_GLOBAL, STT_NOTYPE, TEXT },
	{ "helper", 0x10a0, 8, STB_GLOBAL, STT_FUNC, TEXT },
	{ "tail", 0x10b0, 0, STB_GLOBAL, STT_NOTYPE, TEXT },
	{ "_end_of_text", 0x1100, 0, STB_GLOBAL, STT_NOTYPE, TEXT },
	{ "huge", 0x2000, UINT64_MAX, STB_GLOBAL, STT_FUNC, INIT_TEXT },
	{ "variable", 0x3000, 8, STB_GLOBAL, STT_OBJECT, DATA },
	{ "data_label", 0x3008, 0, STB_GLOBAL, STT_NOTYPE, DATA },
	{ "elsewhere", 0x1090, 4, STB_GLOBAL, STT_FUNC, SHN_UNDEF },
	{ "absolute", 0x1094, 4, STB_GLOBAL, STT_FUNC, SHN_ABS },
};
#define SYMS (sizeof(table) / sizeof(table[0]))

struct image {
	Elf64_Ehdr header;
	Elf64_Sym syms[SYMS];
	char names[512];
	Elf64_Shdr sections[SECTIONS];
};

static char path[] = "/tmp/test_symbols.XXXXXX";

static void make_image(struct image *image)
{
	size_t used = 1;

	memset(image, 0, sizeof(*image));
	memcpy(image->header.e_ident, ELFMAG, SELFMAG);
	image->header.e_ident[EI_CLASS] = ELFCLASS64;
	image->header.e_ident[EI_DATA] = ELFDATA2LSB;
	image->header.e_shoff = offsetof(struct image, sections);
	image->header.e_shentsize = sizeof(Elf64_Shdr);
	image->header.e_shnum = SECTIONS;
	for (size_t i = 0; i < SYMS; i++) {
		if (table[i].name[0]) {
			strcpy(image->names + used, table[i].name);
			image->syms[i].st_name = (Elf64_Word)used;
			used += strlen(table[i].name) + 1;
		}
		image->syms[i].st_info = ELF64_ST_INFO(table[i].binding, table[i].type);
		image->syms[i].st_shndx = (Elf64_Section)table[i].section;
		image->syms[i].st_value = table[i].address;
		image->syms[i].st_size = table[i].size;
	}
	assert_in_range(used, 1, sizeof(image->names));
	image->sections[TEXT] = (Elf64_Shdr){ .sh_type = SHT_PROGBITS,
					      .sh_flags = SHF_ALLOC | SHF_EXECINSTR,
					      .sh_addr = 0x1000,
					      .sh_size = 0x100 };
	image->sections[INIT_TEXT] = image->sections[TEXT];
	image->sections[INIT_TEXT].sh_addr = 0x2000;
	image->sections[DATA] = image->sections[TEXT];
	image->sections[DATA].sh_addr = 0x3000;
	image->sections[DATA].sh_flags = SHF_ALLOC | SHF_WRITE;
	image->sections[SYMTAB] = (Elf64_Shdr){ .sh_type = SHT_SYMTAB,
						.sh_link = STRTAB,
						.sh_offset = offsetof(struct image, syms),
						.sh_size = sizeof(image->syms),
						.sh_entsize = sizeof(Elf64_Sym) };
	image->sections[STRTAB] = (Elf64_Shdr){ .sh_type = SHT_STRTAB,
						.sh_offset = offsetof(struct image, names),
						.sh_size = sizeof(image->names) };
}

static int read_bytes(struct symbols **out, const void *bytes, size_t size)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, size, file), size);
	assert_int_equal(fclose(file), 0);
	return read_symbols(out, path);
}

static void expect(const struct symbols *symbols, uint64_t address, const char *name)
{
	long index = find_symbol(symbols, address);
	char text[64] = "";
	FILE *out = fmemopen(text, sizeof(text), "w");

	assert_non_null(out);
	if (index >= 0)
		print_symbol(out, &symbols->list[index]);
	fclose(out);
	assert_string_equal(text, name);
}

static void finds_functions(void **state)
{
	struct image image;
	struct symbols *symbols;

	(void)state;
	make_image(&image);
	assert_int_equal(read_bytes(&symbols, &image, sizeof(image)), 0);
	expect(symbols, 0, "");
	expect(symbols, 0xfff, "");
	expect(symbols, 0x1000, "entry"); /* not the linker's mark */
	expect(symbols, 0x100f, "entry"); /* no size: up to the next */
	expect(symbols, 0x1010, "one.c#helper");
	expect(symbols, 0x1014, "one.c#helper"); /* a label inside is no function */
	expect(symbols, 0x101f, "one.c#helper");
	expect(symbols, 0x1020, "two.c#helper");
	expect(symbols, 0x1028, ""); /* padding behind a sized function */
	expect(symbols, 0x1030, "unsized");
	expect(symbols, 0x1040, "best");
	expect(symbols, 0x105f, "outer");
	expect(symbols, 0x1060, "nested");
	expect(symbols, 0x1064, "");
	expect(symbols, 0x109f, "last");
	expect(symbols, 0x10a0, "helper"); /* a global one has no file */
	expect(symbols, 0x10ff, "tail"); /* no size: up to the end of the section */
	expect(symbols, 0x1100, "");
	expect(symbols, 0x20ff, "huge");
	expect(symbols, 0x2100, "");
	expect(symbols, 0x3000, "");
	expect(symbols, 0x3008, "");
	expect(symbols, UINT64_MAX, "");
	assert_int_equal(symbols->count, 11);
	free_symbols(symbols);
}

static void finds_itself(void **state)
{
	struct symbols *symbols;
	bool found = false;

	(void)state;
	assert_int_equal(read_symbols(&symbols, "/proc/self/exe"), 0);
	for (size_t i = 0; i < symbols->count; i++) {
		const struct symbol *symbol = &symbols->list[i];

		assert_true(symbol->start < symbol->end);
		assert_true(i == 0 || symbol[-1].end <= symbol->start);
		assert_int_equal(find_symbol(symbols, symbol->start), i);
		assert_int_equal(find_symbol(symbols, symbol->end - 1), i);
		found |= !strcmp(symbol->name, "finds_itself");
	}
	assert_true(found);
	free_symbols(symbols);
}

static void refuses_what_is_no_elf_file(void **state)
{
	struct symbols *symbols;
	struct image image;

	(void)state;
	assert_int_equal(read_symbols(&symbols, "/nonexistent"), -ENOENT);
	assert_int_equal(read_symbols(&symbols, "/"), -ENOEXEC);
	assert_int_equal(read_bytes(&symbols, "", 0), -ENOEXEC);
	assert_int_equal(read_bytes(&symbols, "text\n", 5), -ENOEXEC);
	make_image(&image);
	image.header.e_ident[EI_CLASS] = ELFCLASS32;
	assert_int_equal(read_bytes(&symbols, &image, sizeof(image)), -ENOEXEC);
	make_image(&image);
	image.sections[SYMTAB].sh_type = SHT_PROGBITS; /* as after strip */
	assert_int_equal(read_bytes(&symbols, &image, sizeof(image)), -ENODATA);
	make_image(&image);
	image.sections[TEXT].sh_flags = image.sections[INIT_TEXT].sh_flags = SHF_ALLOC;
	assert_int_equal(read_bytes(&symbols, &image, sizeof(image)), -ENODATA);
}

static void refuses_damage(void **state)
{
	struct symbols *symbols;
	struct image image;

	(void)state;
	for (size_t size = 0; size < sizeof(image); size++) {
		make_image(&image);
		assert_int_not_equal(read_bytes(&symbols, &image, size), 0);
	}
	/* Some of these are still good files; the sanitizers watch the others. */
	for (size_t i = 0; i < sizeof(image); i++) {
		make_image(&image);
		((unsigned char *)&image)[i] ^= 0xff;
		if (!read_bytes(&symbols, &image, sizeof(image)))
			free_symbols(symbols);
	}
	make_image(&image);
	image.sections[SYMTAB].sh_offset = UINT64_MAX - 23; /* the sum wraps around */
	assert_int_equal(read_bytes(&symbols, &image, sizeof(image)), -EBADMSG);
	make_image(&image);
	image.syms[2].st_name = sizeof(image.names);
	assert_int_equal(read_bytes(&symbols, &image, sizeof(image)), -EBADMSG);
	make_image(&image);
	image.names[sizeof(image.names) - 1] = 'x';
	assert_int_equal(read_bytes(&symbols, &image, sizeof(image)), -EBADMSG);
}

static int make_path(void **state)
{
	int fd = mkstemp(path);

	(void)state;
	return fd < 0 ? -1 : close(fd);
}

static int remove_path(void **state)
{
	(void)state;
	return unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_functions),
		cmocka_unit_test(finds_itself),
		cmocka_unit_test(refuses_what_is_no_elf_file),
		cmocka_unit_test(refuses_damage),
	};

	return cmocka_run_group_tests_name("symbols", tests, make_path, remove_path);
}
