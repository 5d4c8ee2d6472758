// SPDX-License-Identifier: GPL-2.0-only
/* claimperf report: one self-contained HTML file about a run. */
#include <argp.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/msg.h"
#include "plots/folders.h"
#include "plots/html.h"
#include "plots/page.h"
#include "plots/report.h"

static const char doc[] =
	"Render RUN/report.html and print a summary. RUN is a folder as scripts/measure makes it, "
	"results/latest when not given.\v"
	"RUN holds baseline-Nn.json and claims-Nn.json for each topology of N nodes, both with a "
	"folder .d of raw data beside them, and the same of baseline+trace and claims+trace. "
	"Parts that are missing are said to be missing.\n\n"
	"The file needs nothing else: style and pictures are inside. Links lead to the raw data "
	"beside it. The same run gives the same bytes.\n\n"
	"Exit status: 0 fine, 2 no complete pair of results, damaged ones, or no gnuplot.\n\n"
	"Examples:\n"
	"  claimperf report\n"
	"  claimperf report results/20260101T000000Z";

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct report *report = state->input;

	if (key != ARGP_KEY_ARG)
		return ARGP_ERR_UNKNOWN;
	if (report->folder)
		argp_error(state, "one run at a time, not '%s' as well", arg);
	report->folder = arg;
	return 0;
}

static void write_page(struct report *report)
{
	FILE *out = report->out;

	page_begin(out, report->root, "claimperf: " BEFORE_VARIANT " and " AFTER_VARIANT);
	section_summary(report);
	section_cases(report);
	section_costs(report);
	section_calls(report);
	section_where(report);
	section_traces(report);
	section_trace_cost(report);
	section_perf(report);
	section_host(report);
	section_scaling(report);
	section_contention(report);
	section_reading(report);
	section_identity(report);
	page_end(out);
}

static void write_report(struct report *report, const char *path)
{
	char *text = NULL;
	size_t size;

	report->out = open_memstream(&text, &size);
	if (!report->out)
		die(EXIT_USAGE, "out of memory");
	write_page(report);
	if (fclose(report->out))
		die(EXIT_USAGE, "out of memory");
	page_write(path, text, size);
	free(text);
}

int main(int argc, char **argv)
{
	static const struct argp argp = {NULL, parse_option, "[RUN]", doc, NULL, NULL, NULL};
	struct report report = {0};
	char *latest, *path;

	argp_err_exit_status = EXIT_USAGE;
	argp_parse(&argp, argc, argv, 0, NULL, &report);
	find_folders(&report.root, &report.build);
	if (!report.folder) {
		if (asprintf(&latest, "%s/results/latest", report.root) < 0)
			die(EXIT_USAGE, "out of memory");
		report.folder = latest;
	}
	if (asprintf(&path, "%s/report.html", report.folder) < 0)
		die(EXIT_USAGE, "out of memory");
	report_load(&report);
	host_load(&report);
	write_report(&report, path);
	print_summary(&report, stdout);
	printf("%s\n", path);
	free(path);
	report_free(&report);
	return fflush(stdout) ? EXIT_USAGE : 0;
}
