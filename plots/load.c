// SPDX-License-Identifier: GPL-2.0-only
#include <dirent.h>
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "lib/msg.h"
#include "lib/parse.h"
#include "plots/report.h"

void report_complain(struct report *report, const char *fmt, ...)
{
	char *text;
	va_list ap;
	int length;

	va_start(ap, fmt);
	length = vasprintf(&text, fmt, ap);
	va_end(ap);
	if (length < 0)
		return;
	msg("%s", text);
	if (report->nr_complaints < sizeof(report->complaints) / sizeof(report->complaints[0]))
		report->complaints[report->nr_complaints++] = text;
	else
		free(text);
}

struct result *report_read(const struct report *report, const char *fmt, ...)
{
	char name[64], *path, error[RESULT_ERROR_SIZE];
	struct result *result;
	va_list ap;
	int ret;

	va_start(ap, fmt);
	vsnprintf(name, sizeof(name), fmt, ap);
	va_end(ap);
	if (asprintf(&path, "%s/%s", report->folder, name) < 0)
		die(EXIT_USAGE, "out of memory");
	ret = result_read(path, &result, error);
	if (ret && ret != -ENOENT)
		die(EXIT_USAGE, "%s", error);
	free(path);
	return result;
}

static void check_fingerprints(struct report *report, const struct topology *t, const char *where)
{
	size_t i;

	for (i = 0; i < t->fields.nr; i++) {
		const struct fingerprint_field *f = &t->fields.fields[i];

		if (f->differs && !f->may_differ)
			report_complain(
				report,
				"%s: %s differs (%s, then %s): the counts may differ for that "
				"reason alone",
				where, f->path, f->before ? f->before : "absent",
				f->after ? f->after : "absent");
	}
}

/* Families together, in the order of their first rows; the benchmark runs cases in another order.
 */
static void gather_families(struct comparison *comparison)
{
	struct comparison_row *rows = comparison->rows, *gathered;
	size_t i, j, n = 0;

	gathered = calloc(comparison->nr_rows, sizeof(*gathered));
	if (!gathered)
		die(EXIT_USAGE, "out of memory");
	for (i = 0; i < comparison->nr_rows; i++) {
		for (j = 0; j < i; j++)
			if (same_family(rows[i].name, rows[j].name))
				break;
		if (j < i)
			continue;
		for (; j < comparison->nr_rows; j++)
			if (same_family(rows[i].name, rows[j].name))
				gathered[n++] = rows[j];
	}
	free(rows);
	comparison->rows = gathered;
}

void report_compare(struct report *report, struct topology *t, const char *where)
{
	char error[RESULT_ERROR_SIZE];

	if (fingerprint_compare(t->before->fingerprint, t->after->fingerprint, &t->fields))
		die(EXIT_USAGE, "out of memory");
	check_fingerprints(report, t, where);
	if (compare_results(t->before, t->after, &report->no_budget, NULL, &t->comparison, error))
		die(EXIT_USAGE, "%s", error);
	gather_families(&t->comparison);
}

static void load_topology(struct report *report, unsigned int nodes)
{
	struct topology *t = &report->topologies[report->nr_topologies];
	char name[24];

	t->nodes = nodes;
	t->before = report_read(report, BEFORE_VARIANT "-%un.json", nodes);
	t->after = report_read(report, AFTER_VARIANT "-%un.json", nodes);
	if (!t->before || !t->after) {
		report_complain(report, "%s-%un.json is missing: nothing to compare on %u nodes",
				t->before ? AFTER_VARIANT : BEFORE_VARIANT, nodes, nodes);
		topology_free(t);
		return;
	}
	t->traced_before = report_read(report, BEFORE_VARIANT "+trace-%un.json", nodes);
	t->traced_after = report_read(report, AFTER_VARIANT "+trace-%un.json", nodes);
	report_compare(report, t, topology_name(t, name));
	report->nr_topologies++;
}

/* The N of "baseline-Nn.json" or "claims-Nn.json"; 0 when it is another file. */
static unsigned int nodes_of(const char *name)
{
	static const char *const variants[] = {BEFORE_VARIANT "-", AFTER_VARIANT "-"};
	const char *end = strstr(name, "n.json");
	uint64_t nodes = 0;
	char number[8];
	size_t i, length;

	for (i = 0; i < 2 && end && !strcmp(end, "n.json"); i++) {
		length = strlen(variants[i]);
		if (strncmp(name, variants[i], length) ||
		    (size_t)(end - name) - length >= sizeof(number))
			continue;
		snprintf(number, sizeof(number), "%.*s", (int)(end - name - (int)length),
			 name + length);
		if (parse_u64(number, 1, 255, &nodes))
			nodes = 0;
	}
	return (unsigned int)nodes;
}

void report_load(struct report *report)
{
	DIR *folder = opendir(report->folder);
	bool seen[256] = {false};
	struct dirent *entry;
	unsigned int nodes;

	if (!folder)
		die(EXIT_USAGE, "%s: %s", report->folder,
		    errno == ENOTDIR ? "a file; RUN is the folder of a run" : strerror(errno));
	while ((entry = readdir(folder)))
		seen[nodes_of(entry->d_name)] = true;
	closedir(folder);
	for (nodes = 1; nodes < 256 && report->nr_topologies < MAX_TOPOLOGIES; nodes++)
		if (seen[nodes])
			load_topology(report, nodes);
}

static struct result *read_file(const char *path)
{
	char error[RESULT_ERROR_SIZE];
	struct result *result;

	if (result_read(path, &result, error))
		die(EXIT_USAGE, "%s", error);
	return result;
}

void report_load_files(struct report *report, const char *before, const char *after)
{
	struct topology *t = &report->topologies[0];
	uint64_t nodes = 0;

	report->files = true;
	t->before = read_file(before);
	t->after = read_file(after);
	report_compare(report, t, after);
	parse_u64(identity(t, "nodes", true), 0, UINT32_MAX, &nodes);
	t->nodes = (unsigned int)nodes;
	report->nr_topologies = 1;
}

void topology_free(struct topology *t)
{
	compare_free(&t->comparison);
	fingerprint_free(&t->fields);
	result_free(t->before);
	result_free(t->after);
	result_free(t->traced_before);
	result_free(t->traced_after);
	*t = (struct topology){0};
}

void report_free(struct report *report)
{
	size_t i;

	for (i = 0; i < report->nr_topologies; i++)
		topology_free(&report->topologies[i]);
	host_free(&report->host);
	for (i = 0; i < report->nr_complaints; i++)
		free(report->complaints[i]);
	free(report->root);
	free(report->build);
}
