// SPDX-License-Identifier: GPL-2.0-only
/* What perf and the probe left for the cases becomes part of their entries. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/frontend.h"
#include "bench/perf.h"
#include "bench/result.h"

static bool find_kept(const struct bench_run *run, const char *test, const char *name, char path[PATH_MAX])
{
	char slug[BENCH_NAME];

	result_slug(test, slug);
	return snprintf(path, PATH_MAX, "%s/%s/%s", run->places.kept, slug, name) < PATH_MAX &&
	       !access(path, R_OK);
}

/* What perf prints about its recording, some of it as its complaints; NULL when it does not. */
static char *ask_perf(const char *data, const char *command, const char *const more[])
{
	struct job job = {0};
	char *text = NULL;

	add_word(&job, "sh");
	add_word(&job, "-c");
	add_word(&job, "exec perf \"$@\" 2>&1");
	add_word(&job, "perf");
	add_word(&job, "%s", command);
	add_word(&job, "-i");
	add_word(&job, "%s", data);
	for (; *more; more++)
		add_word(&job, "%s", *more);
	if (!job_ask(&job, &text))
		return text;
	free(text);
	return NULL;
}

static void lack(json_t *lacking, const char *what, const char *why)
{
	if (!json_object_get(lacking, what))
		json_object_set_new(lacking, what, json_string(why));
}

/* One of its texts, unless dom0 lacks what it would be about. */
static void add_text(json_t *perf, const char *name, const char *data, const char *command, const char *option,
		     json_t *(*read)(char *text))
{
	json_t *lacking = json_object_get(perf, "lacking");
	char *text;

	if (json_object_get(lacking, name))
		return;
	text = ask_perf(data, command, (const char *const[]){option, NULL});
	if (text)
		json_object_set_new(perf, name, read(text));
	else
		lack(lacking, name, "perf does not read its recording");
	free(text);
}

static void add_recording(json_t *perf, const char *data, const json_t *windows)
{
	static const char *const script[] = {"--ns", "-F", "time,event", "--show-lost-events", NULL};
	char *text;

	add_text(perf, "syscalls", data, "trace", "-s", perf_read_trace);
	add_text(perf, "contention", data, "lock", "contention", perf_read_contention);
	text = ask_perf(data, "script", script);
	if (text)
		json_object_set_new(perf, "operation", perf_read_script(text, windows));
	else
		lack(json_object_get(perf, "lacking"), "record", "perf does not read its recording");
	free(text);
}

/* NULL: perf was not asked about the case. */
static json_t *read_perf(const struct bench_run *run, const char *test)
{
	char path[PATH_MAX], data[PATH_MAX];
	json_t *left = find_kept(run, test, "perf.json", path) ? json_load_file(path, 0, NULL) : NULL;
	json_t *stat, *perf, *lacking = json_object();

	if (!left) {
		json_decref(lacking);
		return NULL;
	}
	json_object_update(lacking, json_object_get(left, "lacking"));
	perf = json_pack("{s:o}", "lacking", lacking);
	stat = find_kept(run, test, "perf.txt", path) ? perf_read_stat(path) : NULL;
	if (stat)
		json_object_set_new(perf, "stat", stat);
	else
		lack(lacking, "stat", "perf stat did not run");
	if (find_kept(run, test, "perf.data", data))
		add_recording(perf, data, json_object_get(left, "windows"));
	else
		lack(lacking, "record", "perf record did not run");
	json_decref(left);
	return perf;
}

static json_t *probe_window(const struct bench_run *run, const char *test)
{
	char path[PATH_MAX];
	json_t *section = find_kept(run, test, "probe.json", path) ? json_load_file(path, 0, NULL) : NULL;
	json_t *window = json_incref(json_object_get(section, "window"));

	json_decref(section);
	return window;
}

static void add_to_case(const struct bench_run *run, json_t *entry)
{
	const char *test = json_string_value(json_object_get(entry, "name"));
	json_t *own = json_object_get(entry, "claimperf"), *perf = read_perf(run, test);
	json_t *window = probe_window(run, test);
	json_int_t ops = json_integer_value(json_object_get(own, "ops"));

	if (perf)
		json_object_set(own, "perf", perf);
	if (window)
		json_object_set_new(own, "shares", shares_from_probe(window, ops));
	else if (perf)
		json_object_set_new(own, "shares", shares_from_perf(json_object_get(perf, "operation"), ops,
								    json_object_get(perf, "lacking")));
	json_decref(window);
	json_decref(perf);
}

void add_perf(const struct bench_run *run, json_t *benchmarks)
{
	json_t *entry;
	size_t i;

	json_array_foreach(benchmarks, i, entry)
		if (!json_is_true(json_object_get(entry, "error_occurred")))
			add_to_case(run, entry);
}

void keep_perf(const struct bench_run *run, const char *folder)
{
	keep_raw(run, folder, ".perf.txt", "perf.txt");
	keep_raw(run, folder, ".perf.data", "perf.data");
	keep_raw(run, folder, ".perf.json", "perf.json");
}
