// SPDX-License-Identifier: GPL-2.0-only
#include "results/history_private.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "results/history_schema.h"

#define LOOK_MS 20

int history_fail(struct history *h, int ret, const char *fmt, ...)
{
	va_list list;

	va_start(list, fmt);
	vsnprintf(h->error, HISTORY_ERROR_SIZE, fmt, list);
	va_end(list);
	return ret;
}

static int make_folder(struct history *h, const char *path)
{
	return mkdir(path, 0777) && errno != EEXIST
		       ? history_fail(h, -errno, "%s: %s", path, strerror(errno))
		       : 0;
}

/* What was made by a writer that died may not be on the disk yet. */
static int make_folders(struct history *h)
{
	char *copy = strdup(h->folder);
	int ret = copy ? make_folder(h, h->folder) : -ENOMEM;

	if (!ret)
		ret = make_folder(h, h->raw);
	if (!ret)
		ret = raw_sync_folder(h->folder, h->error);
	if (!ret)
		ret = raw_sync_folder(dirname(copy), h->error);
	free(copy);
	return ret;
}

static int wait_for_lock(struct history *h, int how)
{
	for (unsigned int waited = 0; flock(h->lock, how | LOCK_NB); waited += LOOK_MS) {
		if (errno != EWOULDBLOCK && errno != EINTR)
			return history_fail(h, -errno, "%s: cannot be locked: %s", h->folder,
					    strerror(errno));
		if (waited >= DB_WAIT_MS)
			return history_fail(h, -EAGAIN, "%s: is in use by another program",
					    h->folder);
		nanosleep(&(struct timespec){0, LOOK_MS * 1000000l}, NULL);
	}
	return 0;
}

/*
 * Writers and readers share the lock, who removes files has it alone: a file is stored before the
 * run that refers to it, and nobody may take it for one that no run wants. Where there is none, as
 * on media that cannot be written, nothing is removed either.
 */
static int take_lock(struct history *h, enum history_mode mode)
{
	int flags = O_CLOEXEC | (mode == HISTORY_READ ? O_RDONLY : O_RDONLY | O_CREAT);
	int rc;
	char *path;

	if (asprintf(&path, "%s/lock", h->folder) < 0)
		return -ENOMEM;
	h->lock = open(path, flags, 0666);
	if (h->lock < 0 && mode != HISTORY_READ)
		rc = history_fail(h, -errno, "%s: %s", path, strerror(errno));
	else
		rc = 0;
	free(path);
	if (h->lock < 0)
		return rc;
	return wait_for_lock(h, mode == HISTORY_ALONE ? LOCK_EX : LOCK_SH);
}

/* A server if the folder names one, else a file in it. */
static int name_database(struct history *h)
{
	char *file;
	int ret = 0;

	if (asprintf(&h->path, "%s/" DB_SERVER, h->folder) < 0)
		return -ENOMEM;
	if (asprintf(&file, "%s/history.db", h->folder) < 0)
		return -ENOMEM;
	if (access(h->path, F_OK)) {
		free(h->path);
		h->path = file;
		return 0;
	}
	if (!access(file, F_OK))
		ret = history_fail(h, -EINVAL, "%s: names a server, and %s is there, too: which?",
				   h->path, file);
	free(file);
	return ret;
}

static int open_all(struct history *h, enum history_mode mode)
{
	bool create = mode == HISTORY_WRITE;
	int ret = create ? make_folders(h) : 0;

	if (!ret)
		ret = name_database(h);
	if (!ret && !create && access(h->path, F_OK))
		return history_fail(h, -errno, "%s: no history: %s", h->path, strerror(errno));
	if (!ret)
		ret = take_lock(h, mode);
	if (!ret)
		ret = db_open(h->path, create, &h->db, h->error);
	return ret ? ret : schema_upgrade(h->db, h->path, h->error);
}

int history_open(const char *folder, enum history_mode mode, struct history **out,
		 char error[HISTORY_ERROR_SIZE])
{
	struct history *h = calloc(1, sizeof(*h));
	int ret = -ENOMEM;

	*out = NULL;
	snprintf(error, HISTORY_ERROR_SIZE, "%s: %s", folder, strerror(ENOMEM));
	if (!h)
		return ret;
	h->error = error;
	h->lock = -1;
	h->folder = strdup(folder);
	if (h->folder && asprintf(&h->raw, "%s/raw", folder) >= 0)
		ret = open_all(h, mode);
	if (ret)
		history_close(h);
	else
		*out = h;
	return ret;
}

void history_close(struct history *h)
{
	if (!h)
		return;
	db_close(h->db);
	if (h->lock >= 0)
		close(h->lock);
	free(h->path);
	free(h->raw);
	free(h->folder);
	free(h);
}
