// SPDX-License-Identifier: GPL-2.0-only
/* The folder host/ of a run: host/VARIANT.json, nodes/VARIANT-N.json, size/VARIANT-SIZE.json, contend/VARIANT.json. */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "lib/msg.h"
#include "lib/parse.h"
#include "plots/report.h"

static void load_all(struct report *report)
{
	struct topology *all = &report->host.all;
	uint64_t nodes = 0;

	all->before = report_read(report, "host/" BEFORE_VARIANT ".json");
	all->after = report_read(report, "host/" AFTER_VARIANT ".json");
	if (!all->before != !all->after)
		report_complain(report, "host/%s.json is missing: nothing to compare on the host target",
				all->before ? AFTER_VARIANT : BEFORE_VARIANT);
	if (!all->before || !all->after) {
		topology_free(all);
		return;
	}
	report_compare(report, all, "host target");
	parse_u64(identity(all, "nodes", true), 0, UINT32_MAX, &nodes);
	all->nodes = (unsigned int)nodes;
}

/* "16T" of "claims-16T.json"; false when the file is no such result. */
static bool point_name(const char *file, struct scale_point *point)
{
	const char *dash = strchr(file, '-'), *end = strstr(file, ".json");

	*point = (struct scale_point){0};
	if (!dash || !end || strcmp(end, ".json") || end - dash - 1 >= (int)sizeof(point->name) ||
	    (strncmp(file, BEFORE_VARIANT "-", (size_t)(dash - file) + 1) &&
	     strncmp(file, AFTER_VARIANT "-", (size_t)(dash - file) + 1)))
		return false;
	snprintf(point->name, sizeof(point->name), "%.*s", (int)(end - dash - 1), dash + 1);
	return !parse_size(point->name, &point->at) && point->at;
}

static int compare_points(const void *a, const void *b)
{
	const struct scale_point *left = a, *right = b;

	return (left->at > right->at) - (left->at < right->at);
}

static void add_point(struct scale *scale, const struct scale_point *point)
{
	size_t i;

	for (i = 0; i < scale->nr; i++)
		if (!strcmp(scale->points[i].name, point->name))
			return;
	if (scale->nr < MAX_POINTS)
		scale->points[scale->nr++] = *point;
}

static void load_scale(const struct report *report, const char *name, struct scale *scale)
{
	struct scale_point point;
	struct dirent *entry;
	char *path;
	DIR *folder;
	size_t i;

	if (asprintf(&path, "%s/host/%s", report->folder, name) < 0)
		die(EXIT_USAGE, "out of memory");
	folder = opendir(path);
	free(path);
	while (folder && (entry = readdir(folder)))
		if (point_name(entry->d_name, &point))
			add_point(scale, &point);
	if (folder)
		closedir(folder);
	qsort(scale->points, scale->nr, sizeof(scale->points[0]), compare_points);
	for (i = 0; i < scale->nr; i++) {
		struct scale_point *p = &scale->points[i];

		p->before = report_read(report, "host/%s/" BEFORE_VARIANT "-%s.json", name, p->name);
		p->after = report_read(report, "host/%s/" AFTER_VARIANT "-%s.json", name, p->name);
	}
}

static void load_contention(struct report *report)
{
	struct topology *t = &report->host.contend;

	t->before = report_read(report, "host/contend/" BEFORE_VARIANT ".json");
	t->after = report_read(report, "host/contend/" AFTER_VARIANT ".json");
	t->traced_before = report_read(report, "host/contend/" BEFORE_VARIANT "+trace.json");
	t->traced_after = report_read(report, "host/contend/" AFTER_VARIANT "+trace.json");
	if (fingerprint_compare(t->before ? t->before->fingerprint : NULL,
				t->after ? t->after->fingerprint : NULL, &t->fields))
		die(EXIT_USAGE, "out of memory");
}

void host_load(struct report *report)
{
	load_all(report);
	load_scale(report, "nodes", &report->host.nodes);
	load_scale(report, "size", &report->host.size);
	load_contention(report);
}

static void free_scale(struct scale *scale)
{
	size_t i;

	for (i = 0; i < scale->nr; i++) {
		result_free(scale->points[i].before);
		result_free(scale->points[i].after);
	}
	scale->nr = 0;
}

void host_free(struct host *host)
{
	topology_free(&host->all);
	topology_free(&host->contend);
	free_scale(&host->nodes);
	free_scale(&host->size);
}
