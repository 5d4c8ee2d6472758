// SPDX-License-Identifier: GPL-2.0-only
#include "lib/msg.h"

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/write_all.h"

/* Those of ASCII, and U+0080 to U+009F, of which before is the first byte. */
static bool is_control(unsigned char before, unsigned char c)
{
	if (c < ' ')
		return c != '\n' && c != '\t';
	return c == 0x7f || (before == 0xc2 && c >= 0x80 && c < 0xa0);
}

/* before: the last byte that was written. 0 or -errno. */
static int write_plain(int fd, unsigned char *before, const char *text, size_t size)
{
	char part[256];
	size_t length = 0;
	int ret = 0;

	for (size_t i = 0; i < size && !ret; i++) {
		unsigned char c = (unsigned char)text[i];

		length += (size_t)snprintf(part + length, sizeof(part) - length,
					   is_control(*before, c) ? "\\x%02x" : "%c", c);
		*before = c;
		if (length < sizeof(part) - 8 && i + 1 < size)
			continue;
		ret = write_all(fd, part, length);
		length = 0;
	}
	return ret;
}

static ssize_t write_stdout(void *before, const char *text, size_t size)
{
	return write_plain(STDOUT_FILENO, before, text, size) ? 0 : (ssize_t)size;
}

/* As a constructor, so that no program forgets it. Without memory names are as they are. */
__attribute__((constructor)) static void guard_terminal(void)
{
	static unsigned char before;
	FILE *plain =
		isatty(STDOUT_FILENO)
			? fopencookie(&before, "w", (cookie_io_functions_t){.write = write_stdout})
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
	write_plain(STDERR_FILENO, &before, text ? text : fmt, strlen(text ? text : fmt));
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
