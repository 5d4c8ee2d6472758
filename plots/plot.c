// SPDX-License-Identifier: GPL-2.0-only
#include "plots/plot.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/msg.h"
#include "plots/child.h"
#include "plots/html.h"
#include "plots/page.h"

static FILE *open_in(const struct plot *plot, const char *name)
{
	char path[128];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", plot->folder, name);
	file = fopen(path, "w");
	if (!file)
		die(EXIT_USAGE, "%s: %s", path, strerror(errno));
	return file;
}

void plot_begin(struct plot *plot, const char *root, const char *script, unsigned int width,
		unsigned int height)
{
	char *scripts;

	*plot = (struct plot){.width = width, .height = height};
	strcpy(plot->folder, "/tmp/claimperf-plot.XXXXXX");
	if (!mkdtemp(plot->folder))
		die(EXIT_USAGE, "%s: %s", plot->folder, strerror(errno));
	if (asprintf(&plot->script, "%s/plots/%s", root, script) < 0)
		die(EXIT_USAGE, "out of memory");
	plot->data = open_in(plot, "data.tsv");
	plot->settings = open_in(plot, "settings.gp");
	if (asprintf(&scripts, "%s/plots", root) < 0)
		die(EXIT_USAGE, "out of memory");
	plot_set(plot, "scripts", scripts);
	free(scripts);
	plot_set_number(plot, "width", width);
	plot_set_number(plot, "height", height);
}

void plot_set(struct plot *plot, const char *variable, const char *text)
{
	fprintf(plot->settings, "%s = '", variable);
	for (; *text; text++) {
		if (*text == '\'')
			fputc('\'', plot->settings);
		fputc(*text == '\n' || *text == '\r' ? ' ' : *text, plot->settings);
	}
	fputs("'\n", plot->settings);
}

void plot_set_number(struct plot *plot, const char *variable, double value)
{
	fprintf(plot->settings, "%s = %.17g\n", variable, value);
}

void plot_put(struct plot *plot, const char *text)
{
	for (; *text; text++)
		fputc(*text == '\t' || *text == '\n' || *text == '\r' || *text == '"' ? ' ' : *text,
		      plot->data);
}

/* Copy the picture, giving each name and each use of a name the prefix. */
static void copy_renamed(FILE *out, const char *text, unsigned int number)
{
	static const char *const starts[] = {"id=\"", "id='", "href=\"#", "href='#", "url(#"};
	size_t i;

	while (*text) {
		for (i = 0; i < sizeof(starts) / sizeof(starts[0]); i++) {
			size_t length = strlen(starts[i]);

			if (strncmp(text, starts[i], length))
				continue;
			fprintf(out, "%.*sp%u-", (int)length, text, number);
			text += length;
			break;
		}
		if (i == sizeof(starts) / sizeof(starts[0]))
			fputc(*text++, out);
	}
}

/* gnuplot's own <svg …>, <title> and <desc> say nothing about the picture. */
static int write_svg(const struct plot *plot, FILE *out, const char *svg, const char *title)
{
	static unsigned int number;
	const char *body = strstr(svg, "</desc>");

	if (!body || !strstr(svg, "</svg>"))
		return -EINVAL;
	fprintf(out,
		"<svg viewBox=\"0 0 %u %u\" role=\"img\" xmlns=\"http://www.w3.org/2000/svg\" "
		"xmlns:xlink=\"http://www.w3.org/1999/xlink\" "
		"style=\"max-width:%upx;image-rendering:pixelated\">\n<title>",
		plot->width, plot->height, plot->width);
	html_text(out, title);
	fputs("</title>", out);
	copy_renamed(out, body + strlen("</desc>"), ++number);
	return 0;
}

static void plot_remove(struct plot *plot)
{
	static const char *const names[] = {"data.tsv", "settings.gp"};
	char path[128];
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		snprintf(path, sizeof(path), "%s/%s", plot->folder, names[i]);
		unlink(path);
	}
	rmdir(plot->folder);
	free(plot->script);
}

void plot_end_series(struct plot *plot, unsigned int points, const char *name, unsigned int style,
		     unsigned int *series)
{
	char variable[16];

	if (!points)
		return;
	fputs("\n\n", plot->data);
	snprintf(variable, sizeof(variable), "name%u", ++*series);
	plot_set(plot, variable, name);
	snprintf(variable, sizeof(variable), "style%u", *series);
	plot_set_number(plot, variable, style);
}

static void close_files(struct plot *plot)
{
	int data_bad = fclose(plot->data);

	if (fclose(plot->settings) || data_bad)
		die(EXIT_USAGE, "%s: cannot be written", plot->folder);
}

/* What gnuplot wrote; the folder is still there. */
static struct child_output draw(struct plot *plot, const char *title)
{
	/* -d: the user's own gnuplot settings stay out of it. */
	char *argv[] = {"gnuplot", "-d", "settings.gp", plot->script, NULL};
	struct child_output output;
	int ret;

	close_files(plot);
	ret = child_run(argv, plot->folder, &output);
	if (ret)
		die(EXIT_USAGE, "gnuplot: %s", strerror(-ret));
	/* gnuplot warns of an empty plot and the like, and exits with 0. */
	if (!output.status && !*output.err)
		return output;
	msg("gnuplot %s (plot '%s'), exit %d: %s", plot->script, title, output.status, output.err);
	plot_remove(plot);
	exit(EXIT_USAGE);
}

static void put_picture(struct plot *plot, const struct child_output *output, FILE *out,
			const char *title)
{
	if (write_svg(plot, out, output->out, title))
		die(EXIT_USAGE, "gnuplot %s (plot '%s') wrote no SVG", plot->script, title);
}

/* What was set and what was put, without the one path among it. */
static char *read_data(const struct plot *plot)
{
	static const char *const names[] = {"settings.gp", "data.tsv"};
	char path[128], *line = NULL, *text = NULL;
	size_t i, size, room = 0;
	FILE *out = open_memstream(&text, &size), *in;

	for (i = 0; out && i < 2; i++) {
		snprintf(path, sizeof(path), "%s/%s", plot->folder, names[i]);
		in = fopen(path, "r");
		while (in && getline(&line, &room, in) > 0)
			if (i || strncmp(line, "scripts = ", strlen("scripts = ")))
				fprintf(out, "%s%s", i ? "" : "# ", line);
		if (in)
			fclose(in);
	}
	free(line);
	if (!out || fclose(out))
		die(EXIT_USAGE, "out of memory");
	return text;
}

void plot_end(struct plot *plot, FILE *out, const char *title)
{
	plot_end_file(plot, PLOT_SVG, out, title);
}

void plot_end_figure(struct plot *plot, FILE *out, const char *title)
{
	struct child_output output = draw(plot, title);
	char *data = read_data(plot);

	fputs("<figure>", out);
	put_picture(plot, &output, out, title);
	fputs("<figcaption>", out);
	page_put_data(out, "plot.tsv", data);
	fputs("</figcaption></figure>\n", out);
	free(data);
	child_free(&output);
	plot_remove(plot);
}

void plot_end_file(struct plot *plot, enum plot_format format, FILE *out, const char *title)
{
	static const char *const names[] = {"svg", "png", "text"};
	struct child_output output;

	plot_set(plot, "format", names[format]);
	output = draw(plot, title);
	if (format == PLOT_SVG)
		put_picture(plot, &output, out, title);
	else
		fwrite(output.out, 1, output.out_size, out);
	child_free(&output);
	plot_remove(plot);
}

void plot_drop(struct plot *plot)
{
	close_files(plot);
	plot_remove(plot);
}
