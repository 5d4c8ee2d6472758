// SPDX-License-Identifier: GPL-2.0-only
#include "results/plan_paths.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/parse.h"
#include "results/case_time.h"

#define MOST_ORDER 18
#define MOST_ENTRIES 1000
#define LARGE_PAGES 512
/* Calls for 1 MiB, or four large extents; other batches are paths of their own. */
static uint64_t usual_batch(uint64_t pages)
{
	return pages < LARGE_PAGES ? 256 / pages : 4;
}

/* The number of "KEY:NUMBER"; false: it is something else. */
static bool read_part(const char *part, const char *key, uint64_t most, uint64_t *out)
{
	size_t length = strlen(key);

	return !strncmp(part, key, length) && part[length] == ':' &&
	       !parse_u64(part + length + 1, 0, most, out);
}

void paths_name(const char *name, char path[128], uint64_t at[FIT_TERMS])
{
	char parts[256], *next = parts, *part;
	uint64_t number;

	at[FIT_CALL] = at[FIT_PAGES] = 1;
	at[FIT_ENTRIES] = 0;
	*path = '\0';
	snprintf(parts, sizeof(parts), "%s", name);
	while ((part = strsep(&next, "/"))) {
		if (read_part(part, "order", MOST_ORDER, &number))
			at[FIT_PAGES] = UINT64_C(1) << number;
		else if (read_part(part, "entries", MOST_ENTRIES, &number))
			at[FIT_ENTRIES] = number;
		else if (!read_part(part, "batch", UINT64_MAX, &number) ||
			 number != usual_batch(at[FIT_PAGES]))
			snprintf(path + strlen(path), 128 - strlen(path), "%s%s", *path ? "/" : "",
				 part);
	}
}

void paths_on_nodes(char path[128], uint64_t nodes)
{
	if (nodes == 1)
		snprintf(path + strlen(path), 128 - strlen(path), "/nodes:1");
}

const struct plan_path *paths_find(const struct plan_paths *all, const char *name)
{
	for (size_t i = 0; i < all->nr; i++)
		if (!strcmp(all->paths[i].name, name))
			return &all->paths[i];
	return NULL;
}

static struct plan_path *find_or_add(struct plan_paths *all, const char *name)
{
	struct plan_path *path = (struct plan_path *)paths_find(all, name);

	if (path)
		return path;
	path = reallocarray(all->paths, all->nr + 1, sizeof(*path));
	if (!path)
		return NULL;
	all->paths = path;
	path += all->nr++;
	memset(path, 0, sizeof(*path));
	snprintf(path->name, sizeof(path->name), "%s", name);
	return path;
}

/* Another run at the same place was disturbed more, or less: the least time is kept. */
static bool replace_point(struct path_points *of, const struct fit_point *point)
{
	for (size_t i = 0; i < of->nr; i++) {
		if (memcmp(of->points[i].at, point->at, sizeof(point->at)))
			continue;
		if (point->value < of->points[i].value)
			of->points[i] = *point;
		return true;
	}
	return false;
}

static int add_point(struct path_points *of, const struct fit_point *point)
{
	struct fit_point *more = reallocarray(of->points, of->nr + 1, sizeof(*more));

	if (!more)
		return -ENOMEM;
	of->points = more;
	more[of->nr++] = *point;
	return 0;
}

/*
 * With all of Xen around the allocator, a guest's page tables have an entry for each page of an
 * extent, but one for all of 2 MiB: larger extents are no continuation of smaller ones.
 */
static void set_large_apart(char path[128], const struct result *run, uint64_t pages)
{
	const char *target = json_string_value(json_object_get(run->fingerprint, "target"));

	if (pages >= LARGE_PAGES && target && strcmp(target, "host"))
		snprintf(path + strlen(path), 128 - strlen(path), "/large");
}

static int add_case(struct plan_paths *all, const struct result *run,
		    const struct result_case *test, struct fit_point *point)
{
	/* The scheduler, and the first touch of a sparse frame table, only ever add to samples. */
	double ns = case_fast_ns(run, test);
	struct plan_path *path;
	char name[128];
	int rc = 0;

	paths_name(test->name, name, point->at);
	paths_on_nodes(name, point->at[FIT_NODES]);
	set_large_apart(name, run, point->at[FIT_PAGES]);
	path = find_or_add(all, name);
	if (!path)
		return -ENOMEM;
	if (test->kind == KIND_EXACT) {
		point->sum = test->min_sample;
		point->ops = test->ops;
		point->value = (double)test->min_sample / (double)test->ops;
		rc = add_point(&path->of[PATH_COUNTS], point);
	}
	if (!rc && ns > 0) {
		point->value = ns;
		if (!replace_point(&path->of[PATH_TIMES], point))
			rc = add_point(&path->of[PATH_TIMES], point);
	}
	return rc;
}

int paths_add(struct plan_paths *all, const struct result *run, size_t number)
{
	const json_t *nodes = json_object_get(run->fingerprint, "nodes");
	struct fit_point point = {.run = number};
	int rc = 0;

	point.at[FIT_NODES] = json_is_integer(nodes) ? (uint64_t)json_integer_value(nodes) : 1;
	for (size_t i = 0; !rc && i < run->nr_cases; i++)
		if (!run->cases[i].skipped)
			rc = add_case(all, run, &run->cases[i], &point);
	return rc;
}

void paths_fit(struct plan_paths *all)
{
	for (size_t i = 0; i < all->nr; i++) {
		struct path_points *counts = &all->paths[i].of[PATH_COUNTS];
		struct path_points *times = &all->paths[i].of[PATH_TIMES];

		if (counts->nr)
			fit_counts(counts->points, counts->nr, &counts->fit);
		if (times->nr)
			fit_times(times->points, times->nr, &times->fit);
	}
}

/* The point of the path at the same place, of the same run. */
static const struct fit_point *find_point(const struct path_points *of,
					  const struct fit_point *like)
{
	for (size_t i = 0; i < of->nr; i++)
		if (of->points[i].run == like->run &&
		    !memcmp(of->points[i].at, like->at, sizeof(like->at)))
			return &of->points[i];
	return NULL;
}

void paths_remainders(const struct path_points *with, const struct path_points *without,
		      double *low, double *high)
{
	*low = INFINITY;
	*high = -INFINITY;
	for (size_t i = 0; i < with->nr; i++) {
		const struct fit_point *p = &with->points[i], *same = NULL;
		double rest = p->value - fit_predict(&with->fit, p->at);

		if (without)
			same = find_point(without, p);
		if (without && !same)
			continue;
		rest -= same ? same->value - fit_predict(&without->fit, same->at) : 0;
		*low = fmin(*low, rest);
		*high = fmax(*high, rest);
	}
}

void paths_free(struct plan_paths *all)
{
	for (size_t i = 0; i < all->nr; i++)
		for (size_t kind = 0; kind < PATH_KINDS; kind++)
			free(all->paths[i].of[kind].points);
	free(all->paths);
	*all = (struct plan_paths){0};
}
