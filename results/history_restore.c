// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "results/history_private.h"

static void name_file(struct raw_file *file, const char *sha256, uint64_t bytes)
{
	snprintf(file->sha256, sizeof(file->sha256), "%s", sha256);
	file->bytes = bytes;
}

int history_write_file(struct history *h, const char *sha256, uint64_t bytes, int fd)
{
	struct raw_file file;

	name_file(&file, sha256, bytes);
	return raw_get(h->raw, &file, fd, h->error);
}

int history_write_result(struct history *h, const char *id, int fd)
{
	int64_t bytes;
	int ret = db_find_integer(
		h->db, &bytes, "SELECT bytes FROM files WHERE run = $1 AND sha256 = run", "s", id);

	if (ret < 0)
		return ret;
	if (!ret)
		return history_fail(h, -ENOENT, "%s: the raw data of run %.12s were pruned",
				    h->path, id);
	return history_write_file(h, id, (uint64_t)bytes, fd);
}

struct restore {
	struct history *h;
	const char *folder;
	unsigned int files;
};

static int make_parents(struct history *h, char *path, size_t from)
{
	for (char *slash = strchr(path + from, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (mkdir(path, 0777) && errno != EEXIST)
			return history_fail(h, -errno, "%s: %s", path, strerror(errno));
		*slash = '/';
	}
	return 0;
}

static int name_target(struct restore *r, const char *path, char target[PATH_MAX])
{
	if (!path_is_inside(path))
		return history_fail(r->h, -EBADMSG,
				    "%s: a file is named '%s', outside of its folder", r->h->path,
				    path);
	snprintf(target, PATH_MAX, "%s/%s", r->folder, path);
	return 0;
}

static int find_existing(void *data, const char *path, const char *sha256, uint64_t bytes)
{
	struct restore *r = data;
	char target[PATH_MAX];
	int ret = name_target(r, path, target);

	(void)sha256;
	(void)bytes;
	r->files++;
	if (!ret && !access(target, F_OK))
		ret = history_fail(r->h, -EEXIST, "%s: is there already; nothing was written",
				   target);
	return ret;
}

static int restore_file(void *data, const char *path, const char *sha256, uint64_t bytes)
{
	struct restore *r = data;
	char target[PATH_MAX], temporary[PATH_MAX + 8];
	int fd, ret = name_target(r, path, target);

	if (!ret)
		ret = make_parents(r->h, target, strlen(r->folder) + 1);
	if (ret)
		return ret;
	snprintf(temporary, sizeof(temporary), "%s.part", target);
	fd = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	if (fd < 0)
		return history_fail(r->h, -errno, "%s: %s", temporary, strerror(errno));
	ret = history_write_file(r->h, sha256, bytes, fd);
	if ((close(fd) || (!ret && rename(temporary, target))) && !ret)
		ret = history_fail(r->h, -errno, "%s: %s", target, strerror(errno));
	if (ret)
		unlink(temporary);
	return ret;
}

int history_restore(struct history *h, const char *id, const char *folder)
{
	struct restore r = {.h = h, .folder = folder};
	int ret = history_each_file(h, id, find_existing, &r);

	if (ret)
		return ret;
	if (!r.files)
		return history_fail(h, -ENOENT, "%s: the raw data of run %.12s were pruned",
				    h->path, id);
	if (mkdir(folder, 0777) && errno != EEXIST)
		return history_fail(h, -errno, "%s: %s", folder, strerror(errno));
	return history_each_file(h, id, restore_file, &r);
}
