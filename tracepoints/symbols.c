// SPDX-License-Identifier: GPL-2.0-only
#include "tracepoints/symbols.h"

#include <elf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "tracepoints/embedded.h"

/* What is needed of the file while its symbols are collected; all inside its bounds. */
struct elf_view {
	const char *bytes;
	size_t size;
	const Elf64_Shdr *sections;
	size_t section_count;
	const Elf64_Sym *table;
	size_t table_count;
	const char *names;
	size_t names_size;
};

/* A symbol before aliases are dropped and sizes are filled in. */
struct candidate {
	struct symbol symbol;
	bool typed;	/* STT_FUNC */
	bool sized;	/* the table gave its size */
	uint64_t limit; /* end of its section */
};

static int read_file(const char *path, char **bytes, size_t *size)
{
	struct stat st;
	int err = 0;
	FILE *in = fopen(path, "re");

	if (!in)
		return -errno;
	*bytes = NULL;
	if (fstat(fileno(in), &st))
		err = -errno;
	else if (!S_ISREG(st.st_mode))
		err = -ENOEXEC;
	else if (!(*bytes = malloc((size_t)st.st_size + 1)))
		err = -ENOMEM;
	else if (fread(*bytes, 1, (size_t)st.st_size, in) != (size_t)st.st_size)
		err = ferror(in) ? -EIO : -EBADMSG;
	*size = err ? 0 : (size_t)st.st_size;
	if (err)
		free(*bytes);
	fclose(in);
	return err;
}

/* Elf64_Shdr and Elf64_Sym are read in place, so their offsets have to be aligned. */
static bool in_bounds(const struct elf_view *elf, uint64_t offset, uint64_t length, size_t align)
{
	return offset <= elf->size && length <= elf->size - offset && offset % align == 0;
}

static int find_sections(struct elf_view *elf)
{
	const Elf64_Ehdr *header = (const void *)elf->bytes;

	if (elf->size < sizeof(*header) || memcmp(header->e_ident, ELFMAG, SELFMAG) ||
	    header->e_ident[EI_CLASS] != ELFCLASS64 || header->e_ident[EI_DATA] != ELFDATA2LSB)
		return -ENOEXEC;
	if (header->e_shnum == 0)
		return -ENODATA;
	if (header->e_shentsize != sizeof(Elf64_Shdr) ||
	    !in_bounds(elf, header->e_shoff, header->e_shnum * sizeof(Elf64_Shdr), 8))
		return -EBADMSG;
	elf->sections = (const void *)(elf->bytes + header->e_shoff);
	elf->section_count = header->e_shnum;
	return 0;
}

static int find_table(struct elf_view *elf)
{
	const Elf64_Shdr *table = NULL, *names;

	for (size_t i = 0; i < elf->section_count && !table; i++)
		if (elf->sections[i].sh_type == SHT_SYMTAB)
			table = &elf->sections[i];
	if (!table)
		return -ENODATA;
	if (table->sh_link >= elf->section_count || table->sh_entsize != sizeof(Elf64_Sym) ||
	    !in_bounds(elf, table->sh_offset, table->sh_size, 8))
		return -EBADMSG;
	names = &elf->sections[table->sh_link];
	if (names->sh_size == 0 || !in_bounds(elf, names->sh_offset, names->sh_size, 1))
		return -EBADMSG;
	elf->table = (const void *)(elf->bytes + table->sh_offset);
	elf->table_count = table->sh_size / sizeof(Elf64_Sym);
	elf->names = elf->bytes + names->sh_offset;
	elf->names_size = names->sh_size;
	return elf->names[elf->names_size - 1] == '\0' ? 0 : -EBADMSG;
}

/* The section of a symbol that can be a function, or NULL. */
static const Elf64_Shdr *code_section(const struct elf_view *elf, const Elf64_Sym *sym)
{
	const Elf64_Shdr *section;
	int type = ELF64_ST_TYPE(sym->st_info);

	if ((type != STT_FUNC && type != STT_NOTYPE) || sym->st_name == 0 ||
	    sym->st_shndx == SHN_UNDEF || sym->st_shndx >= elf->section_count)
		return NULL;
	section = &elf->sections[sym->st_shndx];
	if (!(section->sh_flags & SHF_EXECINSTR) || sym->st_value < section->sh_addr ||
	    sym->st_value - section->sh_addr >= section->sh_size)
		return NULL;
	return section;
}

static int collect_candidates(const struct elf_view *elf, struct candidate *list, size_t *count)
{
	const char *file = NULL;

	*count = 0;
	for (size_t i = 0; i < elf->table_count; i++) {
		const Elf64_Sym *sym = &elf->table[i];
		const Elf64_Shdr *section = code_section(elf, sym);
		bool local = ELF64_ST_BIND(sym->st_info) == STB_LOCAL;

		if (sym->st_name >= elf->names_size)
			return -EBADMSG;
		/* Static functions follow the entry of their source file. */
		if (ELF64_ST_TYPE(sym->st_info) == STT_FILE)
			file = elf->names + sym->st_name;
		if (!section)
			continue;
		list[(*count)++] = (struct candidate){
			.symbol = { .start = sym->st_value,
				    .end = sym->st_value + sym->st_size,
				    .name = elf->names + sym->st_name,
				    .file = local ? file : NULL },
			.typed = ELF64_ST_TYPE(sym->st_info) == STT_FUNC,
			.sized = sym->st_size != 0,
			.limit = section->sh_addr + section->sh_size,
		};
	}
	return *count ? 0 : -ENODATA;
}

/*
 * By address; among aliases the best name first: a function before a label, then the one with
 * fewer underscores in front (the linker's marks have some), then by name.
 */
static int compare_candidates(const void *left, const void *right)
{
	const struct candidate *a = left, *b = right;
	size_t a_bars = strspn(a->symbol.name, "_"), b_bars = strspn(b->symbol.name, "_");

	if (a->symbol.start != b->symbol.start)
		return a->symbol.start > b->symbol.start ? 1 : -1;
	if (a->typed != b->typed)
		return a->typed ? -1 : 1;
	if (a_bars != b_bars)
		return a_bars > b_bars ? 1 : -1;
	return strcmp(a->symbol.name, b->symbol.name);
}

/* Drops aliases and labels inside functions; what has no size ends where the next one starts. */
static size_t keep_functions(const struct candidate *list, size_t count, struct symbol *kept)
{
	size_t n = 0;
	bool sized = false;

	for (size_t i = 0; i < count; i++) {
		struct symbol symbol = list[i].symbol;
		struct symbol *last = n ? &kept[n - 1] : NULL;

		if (last && symbol.start == last->start)
			continue;
		if (last && sized && !list[i].typed && symbol.start < last->end)
			continue;
		if (!list[i].sized || symbol.end > list[i].limit || symbol.end < symbol.start)
			symbol.end = list[i].limit;
		if (last && last->end > symbol.start)
			last->end = symbol.start;
		sized = list[i].sized;
		kept[n++] = symbol;
	}
	return n;
}

static int compare_names(const void *left, const void *right)
{
	struct symbol *const *a = left, *const *b = right;

	return strcmp((*a)->name, (*b)->name);
}

static int mark_shared_names(struct symbols *symbols)
{
	struct symbol **by_name = calloc(symbols->count, sizeof(*by_name));

	if (!by_name)
		return -ENOMEM;
	for (size_t i = 0; i < symbols->count; i++)
		by_name[i] = &symbols->list[i];
	qsort(by_name, symbols->count, sizeof(*by_name), compare_names);
	for (size_t i = 1; i < symbols->count; i++)
		if (!strcmp(by_name[i - 1]->name, by_name[i]->name))
			by_name[i - 1]->shared_name = by_name[i]->shared_name = true;
	free(by_name);
	return 0;
}

static int build_list(struct symbols *symbols, const struct elf_view *elf)
{
	struct candidate *list = calloc(elf->table_count + 1, sizeof(*list));
	size_t count;
	int err = list ? collect_candidates(elf, list, &count) : -ENOMEM;

	if (!err) {
		qsort(list, count, sizeof(*list), compare_candidates);
		symbols->list = calloc(count, sizeof(*symbols->list));
		if (symbols->list)
			symbols->count = keep_functions(list, count, symbols->list);
		err = symbols->list ? mark_shared_names(symbols) : -ENOMEM;
	}
	free(list);
	return err;
}

static int finish(struct symbols **out, struct symbols *symbols, int err)
{
	if (err)
		free_symbols(symbols);
	else
		*out = symbols;
	return err;
}

int read_symbols(struct symbols **out, const char *path)
{
	struct elf_view elf = { 0 };
	struct symbols *symbols = calloc(1, sizeof(*symbols));
	int err;

	if (!symbols)
		return -ENOMEM;
	err = read_file(path, &symbols->elf, &elf.size);
	if (err) {
		free(symbols);
		return err;
	}
	elf.bytes = symbols->elf;
	symbols->elf_size = elf.size;
	err = find_sections(&elf);
	if (err == -ENOEXEC) {
		err = read_embedded(symbols, elf.bytes, elf.size);
		return finish(out, symbols, err ? err : mark_shared_names(symbols));
	}
	if (!err)
		err = find_table(&elf);
	if (!err)
		err = build_list(symbols, &elf);
	return finish(out, symbols, err);
}

int find_object(const struct symbols *symbols, const char *name, uint64_t *address)
{
	struct elf_view elf = { .bytes = symbols->elf, .size = symbols->elf_size };
	int err;

	for (size_t i = 0; i < symbols->object_count; i++)
		if (!strcmp(symbols->objects[i].name, name)) {
			*address = symbols->objects[i].address;
			return 0;
		}
	if (symbols->objects)
		return -ENOENT;
	err = find_sections(&elf);
	if (!err)
		err = find_table(&elf);
	for (size_t i = 0; !err && i < elf.table_count; i++) {
		const Elf64_Sym *sym = &elf.table[i];

		if (ELF64_ST_TYPE(sym->st_info) != STT_OBJECT || sym->st_name >= elf.names_size ||
		    strcmp(elf.names + sym->st_name, name))
			continue;
		*address = sym->st_value;
		return 0;
	}
	return err ? err : -ENOENT;
}

void free_symbols(struct symbols *symbols)
{
	if (!symbols)
		return;
	free(symbols->list);
	free(symbols->elf);
	free(symbols->objects);
	free(symbols->text);
	free(symbols);
}

long find_symbol(const struct symbols *symbols, uint64_t address)
{
	size_t low = 0, high = symbols->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (address >= symbols->list[middle].end)
			low = middle + 1;
		else
			high = middle;
	}
	return low < symbols->count && address >= symbols->list[low].start ? (long)low : -1;
}

void print_symbol(FILE *out, const struct symbol *symbol)
{
	if (symbol->shared_name && symbol->file)
		fprintf(out, "%s#", symbol->file);
	fputs(symbol->name, out);
}

const char *symbols_error(int err)
{
	switch (-err) {
	case ENOEXEC:
		return "neither a 64-bit ELF file nor an uncompressed image of Xen";
	case EBADMSG:
		return "a damaged ELF file";
	case ENODATA:
		return "an ELF file without names of functions";
	default:
		return strerror(-err);
	}
}
