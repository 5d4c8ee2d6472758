// SPDX-License-Identifier: GPL-2.0-only
#include "lib/msg.h"

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "lib/write_all.h"

/* Those of ASCII, and U+0080 to U+009F, of which before is the first byte. */
static bool is_control(unsigned char before, unsigned char c)
{
	if (c < ' ')
		return c != '\n' && c != '\t';
	return c == 0x7f || (before == 0xc2 && c >= 0x80 && c < 0xa0);
}

static ssize_t write_plain(void *state, const char *text, size_t size)
{
	unsigned char *before = state;
	char part[256];
	size_t length = 0;

	for (size_t i = 0; i < size; i++) {
		unsigned char c = (unsigned char)text[i];

		length += (size_t)snprintf(part + length, sizeof(part) - length,
					   is_control(*before, c) ? "\\x%02x" : "%c", c);
		*before = c;
		if (length < sizeof(part) - 8 && i + 1 < size)
			continue;
		if (write_all(STDOUT_FILENO, part, length))
			return (ssize_t)i;
		length = 0;
	}
	return (ssize_t)size;
}

/* As a constructor, so that no program forgets it. Without memory names are as they are. */
__attribute__((constructor)) static void guard_terminal(void)
{
	static unsigned char before;
	FILE *plain =
		isatty(STDOUT_FILENO)
			? fopencookie(&before, "w", (cookie_io_functions_t){.write = write_plain})
			: NULL;

	if (!plain)
		return;
	setvbuf(plain, NULL, _IOLBF, BUFSIZ);
	stdout = plain;
}

static void vmsg(const char *fmt, va_list ap)
{
	unsigned char before = 0;
	char *text = NULL;

	flockfile(stderr);
	fprintf(stderr, "%s: ", program_invocation_short_name);
	if (vasprintf(&text, fmt, ap) < 0)
		text = NULL;
	for (const char *c = text ? text : fmt; *c; c++) {
		fprintf(stderr, is_control(before, (unsigned char)*c) ? "\\x%02x" : "%c",
			(unsigned char)*c);
		before = (unsigned char)*c;
	}
	free(text);
	fputc('\n', stderr);
	funlockfile(stderr);
}

void msg_call_us(char **argv, char *name)
{
	argv[0] = program_invocation_short_name = name;
}

void msg(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vmsg(fmt, ap);
	va_end(ap);
}

void die(int status, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vmsg(fmt, ap);
	va_end(ap);
	exit(status);
}
