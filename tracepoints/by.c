// SPDX-License-Identifier: GPL-2.0-only
#include "tracepoints/by.h"

#include <string.h>

#include "tracepoints/print.h"

static const char *by_name(unsigned int bit)
{
	static const char *const names[] = {"site", "order", "node", "claim", NULL};

	return names[bit];
}

static const char *table_name(unsigned int bit)
{
	return print_table_name(bit);
}

/* The bits of the names in list; word stands for value. */
static unsigned int parse_list(struct argp_state *state, const char *option, char *list,
			       const char *(*name_of)(unsigned int bit), const char *word,
			       unsigned int value)
{
	unsigned int bits = 0, i;
	char *name, *rest = NULL;

	if (!strcmp(list, word))
		return value;
	if (!*list || list[0] == ',' || list[strlen(list) - 1] == ',' || strstr(list, ",,"))
		argp_error(state, "%s: '%s': a name is missing", option, list);
	for (name = strtok_r(list, ",", &rest); name; name = strtok_r(NULL, ",", &rest)) {
		for (i = 0; name_of(i) && strcmp(name_of(i), name);)
			i++;
		if (!name_of(i))
			argp_error(state, "%s: there is no '%s'", option, name);
		bits |= 1u << i;
	}
	return bits;
}

unsigned int parse_by(struct argp_state *state, char *list)
{
	return parse_list(state, "--by", list, by_name, "none", 0);
}

unsigned int parse_tables(struct argp_state *state, char *list)
{
	return parse_list(state, "--tables", list, table_name, "all", ~0u);
}
