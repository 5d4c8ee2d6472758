// SPDX-License-Identifier: GPL-2.0-only
#include "plots/page.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "lib/msg.h"
#include "lib/replace.h"
#include "plots/html.h"

static void copy_file(FILE *out, const char *root, const char *name)
{
	char path[PATH_MAX], part[4096];
	size_t size;
	FILE *file;

	snprintf(path, sizeof(path), "%s/plots/%s", root, name);
	file = fopen(path, "r");
	if (!file)
		die(EXIT_USAGE, "%s: %s", path, strerror(errno));
	while ((size = fread(part, 1, sizeof(part), file)) > 0)
		fwrite(part, 1, size, out);
	fclose(file);
}

void page_begin(FILE *out, const char *root, const char *title)
{
	/* The browser itself refuses what would ask the network. */
	fputs("<!DOCTYPE html>\n<html lang=\"en\" xmlns=\"http://www.w3.org/1999/xhtml\">\n<head>\n"
	      "<meta charset=\"utf-8\"/>\n"
	      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
	      "style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:\"/>\n"
	      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n<title>",
	      out);
	html_text(out, title);
	fputs("</title>\n<style>\n", out);
	copy_file(out, root, "report.css");
	fputs("</style>\n</head>\n<body>\n<main>\n", out);
}

void page_end(FILE *out, const char *root)
{
	fputs("</main>\n<script>//<![CDATA[\n", out);
	copy_file(out, root, "page.js");
	fputs("//]]></script>\n</body>\n</html>\n", out);
}

void page_put_data(FILE *out, const char *name, const char *text)
{
	fputs("<a class=\"data\" download=\"", out);
	html_text(out, name);
	fputs("\" href=\"data:text/tab-separated-values;charset=utf-8,", out);
	html_address(out, text);
	fputs("\">data</a>", out);
}

void page_write(const char *path, const char *text, size_t size)
{
	struct replacement r;
	FILE *file;
	int rc = replace_begin(path, &r);

	if (rc)
		die(EXIT_USAGE, "%s: %s", path, replace_error(rc));
	file = fopen(r.temporary, "w");
	if (!file)
		die(EXIT_USAGE, "%s: %s", r.temporary, strerror(errno));
	rc = (fwrite(text, 1, size, file) != size) | fclose(file) ? -errno : 0;
	rc = replace_end(&r, rc);
	if (rc)
		die(EXIT_USAGE, "%s: %s", path, replace_error(rc));
}
