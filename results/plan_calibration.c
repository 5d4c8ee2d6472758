// SPDX-License-Identifier: GPL-2.0-only
#include "results/plan_calibration.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "results/plan_input.h"
#include "results/reader.h"

static const char *field(const json_t *object, const char *first, const char *second)
{
	const json_t *value = json_object_get(object, first);

	if (second)
		value = json_object_get(value, second);
	return json_string_value(value) ?: "";
}

static bool has_threads(const struct result *run)
{
	for (size_t i = 0; i < run->nr_cases; i++)
		if (!strncmp(run->cases[i].name, "contend/", 8))
			return true;
	return false;
}

/* Of what all runs must have in common; a hypervisor with trace points has another key. */
static int check_agrees(const struct plan_calibration *c, const char *path,
			const json_t *fingerprint, const char *first, const char *second,
			char error[RESULT_ERROR_SIZE])
{
	const char *one = field(fingerprint, first, second);
	bool is_key = second && !strcmp(second, "key");

	for (size_t i = 0; i < c->nr; i++) {
		const struct result *run = c->runs[i];
		const char *two = field(run->fingerprint, first, second);

		if (!strcmp(one, two) || (is_key && has_threads(run)))
			continue;
		snprintf(error, RESULT_ERROR_SIZE, "%.150s: %s %.60s, but that of %.150s is %.60s",
			 path, second ?: first, one, run->path, two);
		return -EINVAL;
	}
	return 0;
}

static int check_same(const struct plan_calibration *c, const struct result *run,
		      char error[RESULT_ERROR_SIZE])
{
	static const char *const names[][2] = {{"target", NULL},
					       {"host", "history"},
					       {"hypervisor", "xen"},
					       {"hypervisor", "key"}};
	size_t nr = sizeof(names) / sizeof(*names) - has_threads(run);
	int rc = 0;

	for (size_t i = 0; !rc && i < nr; i++)
		rc = check_agrees(c, run->path, run->fingerprint, names[i][0], names[i][1], error);
	return rc;
}

static int check_nodes(const struct result *run, char error[RESULT_ERROR_SIZE])
{
	const json_t *nodes = json_object_get(run->fingerprint, "nodes");
	json_int_t number = json_integer_value(nodes);

	if (!nodes || (number >= 1 && number <= PLAN_MAX_NODES))
		return 0;
	snprintf(error, RESULT_ERROR_SIZE,
		 "%.300s: context.claimperf.nodes: not a number from 1 to %d", run->path,
		 PLAN_MAX_NODES);
	return -EINVAL;
}

static int add_run(struct plan_calibration *c, const char *file, char error[RESULT_ERROR_SIZE])
{
	struct result **more = reallocarray(c->runs, c->nr + 1, sizeof(*more));
	struct result *run;
	int rc;

	if (!more)
		return -ENOMEM;
	c->runs = more;
	rc = result_read(file, &run, error);
	if (rc)
		return rc;
	rc = check_same(c, run, error);
	if (!rc)
		rc = check_nodes(run, error);
	more[c->nr++] = run;
	if (rc)
		return rc;
	return has_threads(run) ? holds_add(&c->holds, run, c->nr - 1, error)
				: paths_add(&c->paths, run, c->nr - 1);
}

int calibration_take(char **files, size_t nr, struct plan_calibration *out,
		     char error[RESULT_ERROR_SIZE])
{
	int rc = 0;

	*out = (struct plan_calibration){.cpu = "", .date = ""};
	snprintf(error, RESULT_ERROR_SIZE, "%s", strerror(ENOMEM));
	for (size_t i = 0; !rc && i < nr; i++)
		rc = add_run(out, files[i], error);
	paths_fit(&out->paths);
	return rc;
}

/* One run of a scenario, of one group that one builder builds. */
static int add_whole(struct plan_calibration *c, struct reader *r, const json_t *run)
{
	const json_t *group = json_array_get(json_object_get(run, "groups"), 0);
	double builds = json_number_value(json_object_get(group, "builds"));
	struct plan_whole *more = reallocarray(c->wholes, c->nr_wholes + 1, sizeof(*more));
	struct plan_whole *new;

	if (!more)
		return -ENOMEM;
	c->wholes = more;
	new = &more[c->nr_wholes++];
	new->nodes = (unsigned int)json_integer_value(json_object_get(run, "nodes"));
	new->pages = json_number_value(json_object_get(group, "pages")) / builds;
	new->seconds = json_number_value(json_object_get(group, "call_seconds")) / builds;
	if (!(builds > 0 && new->pages > 0 && new->seconds > 0))
		return reader_fail(r, "runs", "no pages, builds or time of calls");
	if (new->nodes < 1 || new->nodes > PLAN_MAX_NODES)
		return reader_fail(r, "runs", "nodes: not a number from 1 to %d", PLAN_MAX_NODES);
	return 0;
}

/* On the machine that the calibration is of, too, as far as both say which. */
static int check_whole(const struct plan_calibration *c, struct reader *r,
		       const json_t *fingerprint)
{
	const char *cpu = field(fingerprint, "host", "cpu");
	int rc = check_agrees(c, r->path, fingerprint, "target", NULL, r->error);

	if (!rc)
		rc = check_agrees(c, r->path, fingerprint, "hypervisor", "key", r->error);
	if (!rc && *cpu && *c->cpu && strcmp(cpu, c->cpu))
		rc = reader_fail(r, "cpu", "%.40s, but that of the calibration is %.40s", cpu,
				 c->cpu);
	return rc;
}

static int add_wholes(struct plan_calibration *c, const char *path, char error[RESULT_ERROR_SIZE])
{
	struct reader r = {.path = path, .error = error};
	const json_t *runs;
	json_t *root;
	int rc = reader_load(&r, &root);

	if (rc)
		return rc;
	runs = json_object_get(root, "runs");
	if (!json_array_size(runs))
		rc = reader_fail(&r, "runs", "not an array of runs");
	if (!rc)
		rc = check_whole(c, &r,
				 json_object_get(json_object_get(root, "context"), "claimperf"));
	for (size_t i = 0; !rc && i < json_array_size(runs); i++)
		rc = add_whole(c, &r, json_array_get(runs, i));
	json_decref(root);
	return rc;
}

/* A file beside the calibration. */
static int
add_named(struct plan_calibration *c, struct reader *r, const char *key, const json_t *name,
	  int (*add)(struct plan_calibration *c, const char *path, char error[RESULT_ERROR_SIZE]))
{
	const char *slash = strrchr(r->path, '/');
	char *path;
	int rc;

	if (!json_is_string(name))
		return reader_fail(r, key, "not an array of names of files");
	if (asprintf(&path, "%.*s%s", slash ? (int)(slash - r->path + 1) : 0, r->path,
		     json_string_value(name)) < 0)
		return -ENOMEM;
	rc = add(c, path, r->error);
	free(path);
	return rc;
}

int calibration_load(const char *file, struct plan_calibration *out, char error[RESULT_ERROR_SIZE])
{
	struct reader r = {.path = file, .error = error};
	const json_t *runs;
	int rc;

	*out = (struct plan_calibration){.cpu = "", .date = ""};
	snprintf(error, RESULT_ERROR_SIZE, "%s: %s", file, strerror(ENOMEM));
	rc = reader_load(&r, &out->root);
	if (rc)
		return rc;
	if (json_integer_value(json_object_get(out->root, "calibration")) != CALIBRATION_VERSION)
		return reader_fail(&r, "calibration", "not version %d", CALIBRATION_VERSION);
	out->cpu = field(out->root, "host", "cpu");
	out->date = field(out->root, "date", NULL);
	runs = json_object_get(out->root, "runs");
	if (!json_array_size(runs))
		return reader_fail(&r, "runs", "not an array of names of files");
	for (size_t i = 0; !rc && i < json_array_size(runs); i++)
		rc = add_named(out, &r, "runs", json_array_get(runs, i), add_run);
	runs = json_object_get(out->root, "builds");
	if (!rc && runs && !json_array_size(runs))
		return reader_fail(&r, "builds", "not an array of names of files");
	for (size_t i = 0; !rc && i < json_array_size(runs); i++)
		rc = add_named(out, &r, "builds", json_array_get(runs, i), add_wholes);
	paths_fit(&out->paths);
	return rc;
}

void calibration_free(struct plan_calibration *c)
{
	for (size_t i = 0; i < c->nr; i++)
		result_free(c->runs[i]);
	free(c->runs);
	paths_free(&c->paths);
	holds_free(&c->holds);
	free(c->wholes);
	json_decref(c->root);
}

void calibration_name_run(const struct plan_calibration *c, size_t run, char text[200])
{
	const struct result *result = c->runs[run];
	const char *slash = strrchr(result->path, '/');

	snprintf(text, 200, "%.60s, %.20s %.30s, %.20s, suite %.40s, %.60s",
		 slash ? slash + 1 : result->path, field(result->fingerprint, "target", NULL),
		 field(result->fingerprint, "hypervisor", "variant"),
		 field(result->fingerprint, "hypervisor", "key"),
		 field(result->fingerprint, "suite", NULL),
		 field(result->fingerprint, "hypervisor", "compiler"));
}
