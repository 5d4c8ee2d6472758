/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A file is written beside its name and then renamed to it: readers see the old one or the whole
 * new one. Only regular files are replaced, and links are followed: a rename alone would put a file
 * where a device, a FIFO or a link is.
 */
#ifndef CLAIMPERF_LIB_REPLACE_H
#define CLAIMPERF_LIB_REPLACE_H

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct replacement {
	char target[PATH_MAX];
	char temporary[PATH_MAX]; /* to be written, then renamed to target */
};

static inline int replace_check(const char *target)
{
	struct stat st;

	if (stat(target, &st))
		return errno == ENOENT ? 0 : -errno;
	if (S_ISDIR(st.st_mode))
		return -EISDIR;
	return S_ISREG(st.st_mode) ? 0 : -EEXIST;
}

/* Makes no file. 0, -EEXIST for what is no regular file, or -errno; a link has to lead somewhere.
 */
static inline int replace_begin(const char *path, struct replacement *r)
{
	struct stat st;

	if (strlen(path) + sizeof(".new") > sizeof(r->target))
		return -ENAMETOOLONG;
	strcpy(r->target, path);
	if (!lstat(path, &st) && S_ISLNK(st.st_mode) && !realpath(path, r->target))
		return -errno;
	if ((size_t)snprintf(r->temporary, sizeof(r->temporary), "%s.new", r->target) >=
	    sizeof(r->temporary))
		return -ENAMETOOLONG;
	return replace_check(r->target);
}

/* rc is how writing went: when not 0, the old file stays. 0 or -errno. */
static inline int replace_end(const struct replacement *r, int rc)
{
	if (!rc && rename(r->temporary, r->target))
		rc = -errno;
	if (rc)
		unlink(r->temporary);
	return rc;
}

/* What to say of an error of these two. */
static inline const char *replace_error(int rc)
{
	return rc == -EEXIST ? "is there and no regular file" : strerror(-rc);
}

#endif
