// SPDX-License-Identifier: GPL-2.0-only
/* claimperf trace plot: pictures of one trace. */
#include <argp.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "lib/msg.h"
#include "lib/options.h"
#include "plots/folders.h"
#include "plots/page.h"
#include "plots/trace_file.h"

struct options {
	const char *file;
	const char *out;
};

static const struct argp_option option_table[] = {
	{"out", 'o', "DIR", 0, "Folder of the pictures, made when it is not there", 0},
	{0},
};

static const char doc[] =
	"Draw a trace: holds.svg (how long locks were held, by site and order), heatmap.svg (how "
	"long heap_lock "
	"was held, over time) and pages.svg (free and claimed pages of each node, over time)."
	"\vWhat the trace has no records for is not drawn, and told. The paths of the pictures are "
	"printed. "
	"Times are TSC cycles.\n\n"
	"Exit status: 0 fine, 2 not a trace file, or no gnuplot.\n\n"
	"Example:\n"
	"  claimperf trace plot trace.xen --out pictures\n";

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;

	switch (key) {
	case 'o': o->out = arg; return 0;
	case ARGP_KEY_ARG: option_file(state, arg, &o->file); return 0;
	case ARGP_KEY_END:
		if (!o->file || !o->out)
			argp_error(state, "a FILE and --out DIR are needed");
		return 0;
	default: return ARGP_ERR_UNKNOWN;
	}
}

static void draw(const struct options *o, const struct trace_file *file,
		 const struct trace_picture *picture)
{
	struct plot plot;
	char path[PATH_MAX], *svg = NULL;
	size_t size;
	FILE *out = open_memstream(&svg, &size);

	if (!out)
		die(EXIT_USAGE, "out of memory");
	if (picture->draw(file, &plot)) {
		plot_set(&plot, "heading", picture->heading);
		plot_end(&plot, out, picture->heading);
	} else {
		msg("%s: %s: no %s.svg", o->file, picture->missing, picture->name);
	}
	if (fclose(out))
		die(EXIT_USAGE, "out of memory");
	if (size) {
		snprintf(path, sizeof(path), "%s/%s.svg", o->out, picture->name);
		page_write(path, svg, size);
		puts(path);
	}
	free(svg);
}

int main(int argc, char **argv)
{
	static const struct argp argp = {option_table, parse_option, "FILE", doc, NULL, NULL, NULL};
	static char name[] = "claimperf trace plot";
	struct trace_file file;
	struct options o = {0};
	char *root, *build;

	msg_call_us(argv, name);
	argp_err_exit_status = EXIT_USAGE;
	argp_parse(&argp, argc, argv, 0, NULL, &o);
	find_folders(&root, &build);
	trace_file_read(&file, root, build, o.file);
	if (mkdir(o.out, 0777) && errno != EEXIST)
		die(EXIT_USAGE, "%s: %s", o.out, strerror(errno));
	for (const struct trace_picture *p = trace_pictures; p->name; p++)
		draw(&o, &file, p);
	trace_file_free(&file);
	free(root);
	free(build);
	return fflush(stdout) ? EXIT_USAGE : 0;
}
