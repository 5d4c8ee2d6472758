// SPDX-License-Identifier: GPL-2.0-only
#include "plots/pictures.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/msg.h"
#include "plots/page.h"

void pictures_begin(struct pictures *p, const char *only, enum plot_format format)
{
	*p = (struct pictures){.only = only, .format = format};
	p->list = open_memstream(&p->headings, &p->headings_size);
	if (!p->list)
		die(EXIT_USAGE, "out of memory");
}

static void keep(struct pictures *p, struct plot *plot, const char *heading)
{
	FILE *out = open_memstream(&p->bytes, &p->size);

	if (!out)
		die(EXIT_USAGE, "out of memory");
	plot_end_file(plot, p->format, out, heading);
	if (fclose(out))
		die(EXIT_USAGE, "out of memory");
}

void pictures_take(struct pictures *p, struct plot *plot, const char *heading)
{
	bool fits = !p->only || strstr(heading, p->only);

	p->nr++;
	if (fits && !p->nr_fit++)
		keep(p, plot, heading);
	else
		plot_drop(plot);
	fprintf(p->list, "%s\n", heading);
}

/* Of all those with that text in them. */
static void list_headings(const struct pictures *p, const char *only)
{
	char *next = NULL, *heading = strtok_r(p->headings, "\n", &next);

	for (; heading; heading = strtok_r(NULL, "\n", &next))
		if (!only || strstr(heading, only))
			fprintf(stderr, "  %s\n", heading);
}

static void write_out(const struct pictures *p, const char *path)
{
	if (path)
		page_write(path, p->bytes, p->size);
	else if (fwrite(p->bytes, 1, p->size, stdout) != p->size || fflush(stdout))
		die(EXIT_USAGE, "cannot write the output: %s", strerror(errno));
}

void pictures_end(struct pictures *p, const char *what, const char *path)
{
	if (fclose(p->list))
		die(EXIT_USAGE, "out of memory");
	if (!p->nr)
		die(EXIT_USAGE, "%s: there is nothing of it in these results", what);
	if (p->nr_fit != 1) {
		msg(p->nr_fit ? "%s: --only TEXT chooses one of these by its heading:"
			      : "%s: no plot has the text of --only in its heading; there are:",
		    what);
		list_headings(p, p->nr_fit ? p->only : NULL);
		exit(EXIT_USAGE);
	}
	write_out(p, path);
	free(p->bytes);
	free(p->headings);
}
