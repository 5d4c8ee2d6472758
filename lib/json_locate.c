// SPDX-License-Identifier: GPL-2.0-only
/* jansson does not tell where a value was. The text is known to be JSON, so little can go wrong. */
#include "lib/json_locate.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static const char *skip_space(const char *p)
{
	return p + strspn(p, " \t\r\n");
}

static const char *skip_string(const char *p)
{
	for (p++; *p && *p != '"'; p++)
		if (*p == '\\' && p[1])
			p++;
	return *p ? p + 1 : p;
}

static const char *skip_value(const char *p)
{
	unsigned int depth = 0;

	do {
		p = skip_space(p);
		if (*p == '"') {
			p = skip_string(p);
			continue;
		}
		depth += *p == '{' || *p == '[';
		depth -= *p == '}' || *p == ']';
		p += strchr("{}[],:", *p) ? 1 : strcspn(p, " \t\r\n{}[],:");
	} while (*p && depth);
	return p;
}

/* From the brace to the value of that key; NULL: there is none. */
static const char *enter_object(const char *p, const char *key, size_t length)
{
	if (*p != '{')
		return NULL;
	for (p = skip_space(p + 1); *p == '"'; p = skip_space(p + 1)) {
		bool found = !strncmp(p + 1, key, length) && p[1 + length] == '"';

		p = skip_space(skip_string(p)) + 1; /* the colon */
		p = skip_space(p);
		if (found)
			return p;
		p = skip_space(skip_value(p));
		if (*p != ',')
			break;
	}
	return NULL;
}

static const char *enter_array(const char *p, unsigned long index)
{
	if (*p != '[')
		return NULL;
	for (p = skip_space(p + 1); index; index--) {
		p = skip_space(skip_value(p));
		if (*p != ',')
			return NULL;
		p = skip_space(p + 1);
	}
	return *p == ']' ? NULL : p;
}

/* One step along the path, which moves behind it. */
static const char *enter(const char *p, const char **path)
{
	size_t length;

	if (**path == '[')
		return enter_array(p, strtoul(*path + 1, (char **)path, 10));
	*path += **path == '.';
	length = strcspn(*path, ".[");
	p = enter_object(p, *path, length);
	*path += length;
	return p;
}

unsigned int json_locate(const char *text, const char *path)
{
	const char *at = skip_space(text), *next = at;
	unsigned int line = 1;

	while (*path && (next = enter(at, &path))) {
		at = next;
		path += *path == ']';
	}
	for (const char *p = text; p < at; p++)
		line += *p == '\n';
	return line;
}
