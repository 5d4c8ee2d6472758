/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The functions of an ELF file, looked up by address.
 *
 * Made for xen-syms: its hand-written entry paths carry no type and no size, so labels of
 * executable sections count as functions too, as long as they do not lie inside a sized one.
 */
#ifndef TRACEPOINTS_SYMBOLS_H
#define TRACEPOINTS_SYMBOLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct symbol {
	uint64_t start; /* first byte */
	uint64_t end;	/* one past the last byte */
	const char *name;
	const char *file; /* the source file of a static function, else NULL */
	bool shared_name; /* another function has this name too */
};

struct object {
	const char *name;
	uint64_t address;
};

/* Functions never overlap and are sorted by address. */
struct symbols {
	struct symbol *list;
	size_t count;
	char *elf; /* the whole file; names point into it */
	size_t elf_size;
	/* Of an image without a symbol table, see embedded.h; else NULL. */
	struct object *objects;
	size_t object_count;
	char *text;
};

/*
 * Reads a 64-bit little-endian ELF file. A bootable image of Xen is read by the symbols it carries. 0, or -errno: what open and read give, -ENOEXEC if it
 * is no such ELF file, -EBADMSG if it is damaged, -ENODATA if it names no function.
 */
int read_symbols(struct symbols **out, const char *path);
void free_symbols(struct symbols *symbols);

/* What -errno of read_symbols() means. */
const char *symbols_error(int err);

/* The index in list of the function that holds address, or -1. */
long find_symbol(const struct symbols *symbols, uint64_t address);

/* The address of a variable by its name. 0 or -ENOENT. */
int find_object(const struct symbols *symbols, const char *name, uint64_t *address);

/* Prints NAME, or as Xen does FILE#NAME where several functions share a name. */
void print_symbol(FILE *out, const struct symbol *symbol);

#endif
