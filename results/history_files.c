// SPDX-License-Identifier: GPL-2.0-only
/* Which files belong to a result. */
#include <errno.h>
#include <fts.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "results/history_private.h"

bool path_is_inside(const char *path)
{
	if (*path == '/' || !*path)
		return false;
	for (; path; path = strchr(path, '/') ? strchr(path, '/') + 1 : NULL)
		if (!strncmp(path, "..", 2) && (path[2] == '/' || !path[2]))
			return false;
	return true;
}

static int add_path(struct file_list *list, const char *path)
{
	char **paths = reallocarray(list->paths, list->nr + 1, sizeof(*paths));

	if (!paths)
		return -ENOMEM;
	list->paths = paths;
	paths[list->nr] = strdup(path + list->folder);
	return paths[list->nr] ? (list->nr++, 0) : -ENOMEM;
}

static int compare_entries(const FTSENT **a, const FTSENT **b)
{
	return strcmp((*a)->fts_name, (*b)->fts_name);
}

static int add_entry(struct file_list *list, const FTSENT *entry, char *error)
{
	int ret = entry->fts_errno;

	switch (entry->fts_info) {
	case FTS_D:
	case FTS_DP: return 0;
	case FTS_F: return add_path(list, entry->fts_path);
	case FTS_DNR:
	case FTS_ERR:
	case FTS_NS:
		snprintf(error, HISTORY_ERROR_SIZE, "%s: %s", entry->fts_path, strerror(ret));
		return ret == ENOENT ? -ENOENT : -EIO;
	default:
		snprintf(error, HISTORY_ERROR_SIZE, "%s: neither a file nor a folder",
			 entry->fts_path);
		return -EINVAL;
	}
}

static int add_folder(struct file_list *list, char *path, char *error)
{
	char *paths[] = {path, NULL};
	FTS *fts = fts_open(paths, FTS_PHYSICAL | FTS_NOCHDIR, compare_entries);
	FTSENT *entry;
	int ret = fts ? 0 : -ENOMEM;

	while (!ret && (entry = fts_read(fts)))
		ret = add_entry(list, entry, error);
	if (fts)
		fts_close(fts);
	return ret;
}

/* Raw data that the result names has to be where its name says, else some of it would be lost. */
static int check_named(const struct result *result, const char *folder, char *error)
{
	const char *name = strrchr(folder, '/') ? strrchr(folder, '/') + 1 : folder;
	size_t length = strlen(name);

	for (size_t i = 0; i < result->nr_cases; i++) {
		const char *raw = result->cases[i].raw;

		if (!raw || (!strncmp(raw, name, length) && (raw[length] == '/' || !raw[length]) &&
			     path_is_inside(raw) && !access(folder, F_OK)))
			continue;
		snprintf(error, HISTORY_ERROR_SIZE,
			 "%s: %s: its raw data are in '%s', not in %s; without them: --no-raw",
			 result->path, result->cases[i].name, raw, folder);
		return -EINVAL;
	}
	return 0;
}

static int add_raw(const struct result *result, struct file_list *list, char *folder,
		   const char *trace, const char *unfinished, char *error)
{
	int ret = check_named(result, folder, error);

	if (!ret && !access(unfinished, F_OK)) {
		snprintf(error, HISTORY_ERROR_SIZE,
			 "%s: the run is not finished, or another one was begun", unfinished);
		ret = -EINVAL;
	}
	if (!ret && !access(folder, F_OK))
		ret = add_folder(list, folder, error);
	if (!ret && !access(trace, F_OK))
		ret = add_path(list, trace);
	return ret;
}

int list_files(const struct result *result, bool raw, struct file_list *out, char *error)
{
	const char *path = result->path, *slash = strrchr(path, '/'), *dot = strrchr(path, '.');
	int stem = dot && !strcmp(dot, ".json") ? (int)(dot - path) : (int)strlen(path), ret;
	char *folder = NULL, *trace = NULL, *unfinished = NULL;

	*out = (struct file_list){.folder = slash ? (int)(slash - path + 1) : 0};
	snprintf(error, HISTORY_ERROR_SIZE, "%s: %s", path, strerror(ENOMEM));
	ret = add_path(out, path);
	if (!ret && raw) {
		if (asprintf(&folder, "%.*s.d", stem, path) < 0 ||
		    asprintf(&trace, "%.*s.trace.xen.zst", stem, path) < 0 ||
		    asprintf(&unfinished, "%.*s.d/unfinished", stem, path) < 0)
			ret = -ENOMEM;
		else
			ret = add_raw(result, out, folder, trace, unfinished, error);
	}
	free(unfinished);
	free(trace);
	free(folder);
	if (ret)
		free_list(out);
	return ret;
}

void free_list(struct file_list *list)
{
	for (size_t i = 0; i < list->nr; i++)
		free(list->paths[i]);
	free(list->paths);
	*list = (struct file_list){0};
}
