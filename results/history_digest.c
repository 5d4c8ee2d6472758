// SPDX-License-Identifier: GPL-2.0-only
/* From a result to what the database says of it. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "results/fingerprint.h"
#include "results/history_private.h"
#include "results/reader.h"

/* hyperfine alone does not say when it ran: then it is when its file was written. */
static int digest_time(const struct result *result, struct digest *d, char *error)
{
	const json_t *context = json_object_get(result->root, "context");
	const char *date = json_string_value(json_object_get(context, "date"));
	struct reader r = {.path = result->path, .error = error};
	const char *end = NULL;
	struct tm tm = {0};
	struct stat st;
	time_t seconds;
	int day;

	if (date) {
		end = strptime(date, "%Y-%m-%dT%H:%M:%S%z", &tm);
		if (!end || *end)
			return reader_fail(&r, "context.date", "'%s' is no time with a zone", date);
		seconds = tm.tm_gmtoff;
		day = tm.tm_mday;
		seconds = timegm(&tm) - seconds;
		if (tm.tm_mday != day)
			return reader_fail(&r, "context.date",
					   "'%s' is no time: its month has no such day", date);
	} else if (stat(result->path, &st)) {
		return reader_fail(&r, "", "%s", strerror(errno));
	} else {
		seconds = st.st_mtime;
	}
	gmtime_r(&seconds, &tm);
	strftime(d->time, sizeof(d->time), "%Y-%m-%dT%H:%M:%SZ", &tm);
	return 0;
}

static const char *field(const struct fingerprint_fields *fields, const char *path)
{
	for (size_t i = 0; i < fields->nr; i++)
		if (!strcmp(fields->fields[i].path, path))
			return fields->fields[i].before;
	return NULL;
}

/* The first of these paths, which end with NULL, that the fingerprint has. */
static const char *first_field(const struct fingerprint_fields *fields, const char *const *paths)
{
	const char *found = NULL;

	for (; !found && *paths; paths++)
		found = field(fields, *paths);
	return found;
}

/* Those differ from run to run, and nothing else does because of them. */
static bool is_plan(const char *path)
{
	return !strncmp(path, "plan.", 5) || !strcmp(path, "plan") || !strcmp(path, "seed") ||
	       !strcmp(path, "scenario.seed");
}

static void digest_environment(const struct fingerprint_fields *fields, struct digest *d)
{
	struct sha256 sum;

	sha256_begin(&sum);
	for (size_t i = 0; i < fields->nr; i++) {
		const struct fingerprint_field *f = &fields->fields[i];

		if (f->may_differ || is_plan(f->path))
			continue;
		/* With the NUL, so that no two lists read alike. */
		sha256_add(&sum, f->path, strlen(f->path) + 1);
		sha256_add(&sum, f->before, strlen(f->before) + 1);
	}
	sha256_end(&sum, d->environment);
}

static const char *string_at(const json_t *object, const char *outer, const char *key)
{
	if (outer)
		object = json_object_get(object, outer);
	return json_string_value(json_object_get(object, key));
}

static void digest_names(const struct result *result, struct digest *d)
{
	const json_t *fingerprint = result->fingerprint, *lab = json_object_get(fingerprint, "lab");

	d->host = string_at(result->root, "context", "host_name");
	d->target = string_at(fingerprint, NULL, "target");
	if (!d->target)
		d->target = json_is_object(lab) ? "lab" : "unknown";
	d->variant = string_at(fingerprint, "hypervisor", "variant");
	if (!d->variant)
		d->variant = string_at(lab, "hypervisor", "variant");
	if (!d->variant)
		d->variant = "unknown";
}

static int digest_fields(const struct result *result, const struct fingerprint_fields *fields,
			 struct digest *d)
{
	static const char *const seeds[] = {"plan.seed", "seed", "scenario.seed", NULL};
	static const char *const nodes[] = {"nodes", "lab.nodes", NULL};
	const char *seed = first_field(fields, seeds), *number = first_field(fields, nodes);
	const json_t *plan = json_object_get(result->fingerprint, "plan");

	d->seed = seed ? strdup(seed) : NULL;
	d->plan = plan ? json_dumps(plan, JSON_ENCODE_ANY | JSON_SORT_KEYS | JSON_COMPACT) : NULL;
	d->nodes = number ? (unsigned int)strtoul(number, NULL, 10) : 0;
	d->fingerprint = result->fingerprint
				 ? json_dumps(result->fingerprint, JSON_SORT_KEYS | JSON_COMPACT)
				 : strdup("{}");
	if ((seed && !d->seed) || (plan && !d->plan) || !d->fingerprint)
		return -ENOMEM;
	sha256_hex(d->fingerprint, strlen(d->fingerprint), d->fingerprint_sha256);
	digest_environment(fields, d);
	return 0;
}

int digest_run(const struct result *result, struct digest *out, char *error)
{
	struct fingerprint_fields fields;
	int ret;

	*out = (struct digest){0};
	ret = digest_time(result, out, error);
	if (ret)
		return ret;
	snprintf(error, HISTORY_ERROR_SIZE, "%s: %s", result->path, strerror(ENOMEM));
	ret = fingerprint_compare(result->fingerprint, result->fingerprint, &fields);
	if (ret)
		return ret;
	digest_names(result, out);
	ret = digest_fields(result, &fields, out);
	fingerprint_free(&fields);
	return ret;
}

void digest_free(struct digest *digest)
{
	free(digest->seed);
	free(digest->plan);
	free(digest->fingerprint);
	*digest = (struct digest){0};
}
