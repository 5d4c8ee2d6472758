/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which functions a probe follows. A compiler splits and clones functions: NAME.isra.0,
 * NAME.part.0, NAME.cold and so on are all counted as NAME, their target.
 */
#ifndef TRACEPOINTS_PROBE_SELECT_H
#define TRACEPOINTS_PROBE_SELECT_H

#include "tracepoints/symbols.h"

struct followed {
	char *name;	    /* NAME, or FILE#NAME where source files share it */
	unsigned int parts; /* symbols it consists of */
};

/* How control gets to the start of a symbol. */
enum entry {
	ENTRY_CALL,  /* a call of the target */
	ENTRY_PART,  /* one too, unless it comes from the target itself */
	ENTRY_INNER, /* none: a cold part, or a thunk that passes calls on */
};

struct selection {
	struct followed *targets;
	size_t count;
	long *target_of; /* by index of symbol; -1: not followed */
};

#define SELECT_ERROR_SIZE 256

/*
 * list: FUNC,… where FUNC is NAME, FILE#NAME, the name of a clone, or a pattern with * and ?.
 * 0, -ENOMEM, or -ENOENT with a FUNC that matches nothing and the nearest names in error.
 */
int select_functions(struct selection *out, const struct symbols *symbols, const char *list,
		     char error[SELECT_ERROR_SIZE]);
void free_selection(struct selection *selection);

/* xen-syms beside an image of Xen, or the image itself; to be freed. NULL when memory is short. */
char *find_symbol_file(const char *image);
/* Whether list can be followed: 0, or -errno and why not in error. */
int check_functions(const char *symbol_file, const char *list, char error[SELECT_ERROR_SIZE]);

enum entry entry_of_symbol(const struct symbol *symbol);

#endif
