// SPDX-License-Identifier: GPL-2.0-only
#include "plots/page.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/msg.h"
#include "plots/html.h"

static void write_style(FILE *out, const char *root)
{
	char path[PATH_MAX], part[4096];
	size_t size;
	FILE *css;

	snprintf(path, sizeof(path), "%s/plots/report.css", root);
	css = fopen(path, "r");
	if (!css)
		die(EXIT_USAGE, "%s: %s", path, strerror(errno));
	fputs("<style>\n", out);
	while ((size = fread(part, 1, sizeof(part), css)) > 0)
		fwrite(part, 1, size, out);
	fputs("</style>\n", out);
	fclose(css);
}

void page_begin(FILE *out, const char *root, const char *title)
{
	fputs("<!DOCTYPE html>\n<html lang=\"en\" xmlns=\"http://www.w3.org/1999/xhtml\">\n<head>\n"
	      "<meta charset=\"utf-8\"/>\n"
	      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n<title>",
	      out);
	html_text(out, title);
	fputs("</title>\n", out);
	write_style(out, root);
	fputs("</head>\n<body>\n<main>\n", out);
}

void page_end(FILE *out)
{
	fputs("</main>\n</body>\n</html>\n", out);
}

void page_write(const char *path, const char *text, size_t size)
{
	char temporary[PATH_MAX];
	FILE *file;

	if (snprintf(temporary, sizeof(temporary), "%s.new", path) >= (int)sizeof(temporary))
		die(EXIT_USAGE, "%s: too long", path);
	file = fopen(temporary, "w");
	if (!file)
		die(EXIT_USAGE, "%s: %s", temporary, strerror(errno));
	if ((fwrite(text, 1, size, file) != size) | fclose(file) || rename(temporary, path)) {
		msg("%s: %s", path, strerror(errno));
		unlink(temporary);
		exit(EXIT_USAGE);
	}
}
