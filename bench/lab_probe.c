// SPDX-License-Identifier: GPL-2.0-only
/* What the probe found in a machine: one section for each case that ran in it, in their order. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/frontend.h"
#include "bench/result.h"
#include "lib/msg.h"
#include "tracepoints/probe_select.h"

int check_probe(const char *image, const char *functions)
{
	char error[SELECT_ERROR_SIZE], *symbols = find_symbol_file(image);
	int err;

	if (!symbols)
		die(EXIT_USAGE, "%s", strerror(ENOMEM));
	err = check_functions(symbols, functions, error);
	if (err)
		msg("--probe %s", error);
	free(symbols);
	return err;
}

/* The name of the next case that ran, or NULL. */
static const char *next_name(const json_t *entries, size_t *next)
{
	const json_t *entry;

	do
		entry = json_array_get(entries, (*next)++);
	while (entry && json_object_get(entry, "error_occurred"));
	return json_string_value(json_object_get(entry, "name"));
}

static bool name_file(char path[PATH_MAX], const char *folder, const char *name, const char *suffix)
{
	char slug[BENCH_NAME];

	result_slug(name, slug);
	return snprintf(path, PATH_MAX, "%s/%s%s", folder, slug, suffix) < PATH_MAX;
}

static bool is_planned(const struct bench_run *run, const char *name)
{
	for (size_t i = 0; i < run->plan.count; i++)
		if (!strcmp(run->plan.cases[i].name, name))
			return true;
	return false;
}

static void split_json(const struct bench_run *run, const char *folder, const json_t *entries)
{
	char path[PATH_MAX];
	json_t *document, *section, *sections;
	const char *name;
	size_t i, next = 0;

	if (snprintf(path, sizeof(path), "%s/probe.json", folder) >= PATH_MAX)
		return;
	document = json_load_file(path, 0, NULL);
	sections = json_object_get(document, "sections");
	json_array_foreach(sections, i, section)
	{
		if (!json_integer_value(json_object_get(section, "section")))
			continue; /* before the first case */
		name = next_name(entries, &next);
		if (!name)
			break;
		json_object_set_new(section, "name", json_string(name));
		if (name_file(path, run->places.work, name, ".probe.json"))
			json_dump_file(section, path, JSON_COMPACT | JSON_SORT_KEYS);
	}
	json_decref(document);
}

/* As text; functions asked for by name are few enough to show. */
static void split_text(const struct bench_run *run, const char *folder, const json_t *entries)
{
	char path[PATH_MAX], line[512];
	bool few = strcmp(run->options->probe, ALL_FUNCTIONS) != 0, show = false;
	FILE *in = NULL, *out = NULL;
	const char *name = NULL;
	size_t next = 0;

	if (snprintf(path, sizeof(path), "%s/probe.txt", folder) < PATH_MAX)
		in = fopen(path, "r");
	while (in && fgets(line, sizeof(line), in)) {
		if (!strncmp(line, "section ", 8)) {
			name = next_name(entries, &next);
			if (out)
				fclose(out);
			out = name && name_file(path, run->places.work, name, ".probe.txt")
				      ? fopen(path, "w")
				      : NULL;
			show = few && name && is_planned(run, name);
			if (show)
				printf("\n%s: ", name);
		}
		if (out)
			fputs(line, out);
		if (show)
			fputs(line, stdout);
	}
	if (out)
		fclose(out);
	if (in)
		fclose(in);
}

void collect_probe(const struct bench_run *run, const char *folder, const json_t *document)
{
	const json_t *entries = json_object_get(document, "benchmarks");

	split_json(run, folder, entries);
	split_text(run, folder, entries);
	keep_raw(run, run->places.work, ".probe.json", "probe.json");
	keep_raw(run, run->places.work, ".probe.txt", "probe.txt");
}
