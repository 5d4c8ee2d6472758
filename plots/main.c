// SPDX-License-Identifier: GPL-2.0-only
/* claimperf report: one self-contained HTML file about a run. */
#include <argp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "lib/msg.h"
#include "plots/folders.h"
#include "plots/page.h"
#include "plots/report.h"
#include "plots/study_page.h"

static const char doc[] =
	"Render the page of a run, RUN/report.html, or of a study, STUDY with .html for .json, and "
	"print a "
	"summary. RUN is a folder as scripts/measure makes it, results/latest when not given; "
	"STUDY is what "
	"claimperf ab makes, study.json or the folder that has it.\v"
	"RUN holds baseline-Nn.json and claims-Nn.json for each topology of N nodes, both with a "
	"folder .d of raw data beside them, and the same of baseline+trace and claims+trace. "
	"Parts that are missing are said to be missing.\n\n"
	"The file needs nothing else: style and pictures are inside. Links lead to the raw data "
	"beside it. The same run gives the same bytes.\n\n"
	"Exit status: 0 fine, 2 no complete pair of results, damaged ones, or no gnuplot.\n\n"
	"Examples:\n"
	"  claimperf report\n"
	"  claimperf report results/20260101T000000Z\n"
	"  claimperf report claims-cost/study.json";

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

static void put_sections(struct report *report)
{
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
}

/* What is put into the page goes to a buffer first: a report is there as a whole or not at all. */
struct page {
	char *text;
	size_t size;
};

static FILE *begin_page(struct page *page, const char *root, const char *title)
{
	FILE *out = open_memstream(&page->text, &page->size);

	if (!out)
		die(EXIT_USAGE, "out of memory");
	page_begin(out, root, title);
	return out;
}

static void end_page(struct page *page, FILE *out, const char *root, const char *path)
{
	page_end(out, root);
	if (fclose(out))
		die(EXIT_USAGE, "out of memory");
	page_write(path, page->text, page->size);
	free(page->text);
	printf("%s\n", path);
}

static void report_run(struct report *report)
{
	struct page page;
	char *path;

	if (asprintf(&path, "%s/report.html", report->folder) < 0)
		die(EXIT_USAGE, "out of memory");
	report_load(report);
	if (!report->nr_topologies)
		die(EXIT_USAGE,
		    "%s: no pair of " BEFORE_VARIANT "-Nn.json and " AFTER_VARIANT "-Nn.json",
		    report->folder);
	host_load(report);
	report->out =
		begin_page(&page, report->root, "claimperf: " BEFORE_VARIANT " and " AFTER_VARIANT);
	put_sections(report);
	print_summary(report, stdout);
	end_page(&page, report->out, report->root, path);
	free(path);
	report_free(report);
}

static void report_study(struct report *report, const char *file)
{
	struct study_report s = {.report = *report};
	size_t length = strlen(file);
	struct page page;
	char *path;

	if (length > 5 && !strcmp(file + length - 5, ".json"))
		length -= 5;
	if (asprintf(&path, "%.*s.html", (int)length, file) < 0)
		die(EXIT_USAGE, "out of memory");
	study_report_load(&s, file);
	s.report.out = begin_page(&page, s.report.root, "claimperf: a study");
	study_put_page(&s);
	study_print_summary(&s, stdout);
	end_page(&page, s.report.out, s.report.root, path);
	free(path);
	study_report_free(&s);
}

/* The study of a folder that claimperf ab made, or NULL; to be freed. */
static char *find_study(const char *folder)
{
	struct stat st;
	char *path;

	if (!stat(folder, &st) && S_ISREG(st.st_mode))
		return strdup(folder);
	if (asprintf(&path, "%s/study.json", folder) < 0)
		die(EXIT_USAGE, "out of memory");
	if (!stat(path, &st))
		return path;
	free(path);
	return NULL;
}

int main(int argc, char **argv)
{
	static const struct argp argp = {NULL, parse_option, "[RUN | STUDY]", doc, NULL,
					 NULL, NULL};
	static char name[] = "claimperf report";
	struct report report = {0};
	char *latest = NULL, *study;

	msg_call_us(argv, name);
	argp_err_exit_status = EXIT_USAGE;
	argp_parse(&argp, argc, argv, 0, NULL, &report);
	find_folders(&report.root, &report.build);
	if (!report.folder) {
		if (asprintf(&latest, "%s/results/latest", report.root) < 0)
			die(EXIT_USAGE, "out of memory");
		report.folder = latest;
	}
	study = find_study(report.folder);
	if (study)
		report_study(&report, study);
	else
		report_run(&report);
	free(study);
	free(latest);
	return fflush(stdout) ? EXIT_USAGE : 0;
}
