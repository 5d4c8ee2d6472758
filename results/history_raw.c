// SPDX-License-Identifier: GPL-2.0-only
#include "results/history_raw.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/pack.h"

#define NEW "new."

__attribute__((format(printf, 3, 4))) static int raw_fail(char *error, int ret, const char *fmt,
							  ...)
{
	va_list list;

	va_start(list, fmt);
	vsnprintf(error, RAW_ERROR_SIZE, fmt, list);
	va_end(list);
	return ret;
}

static int complain(char *error, const char *path, int ret)
{
	return raw_fail(error, ret, "%s: %s", path, strerror(-ret));
}

static void name_group(const char *folder, const char *sha256, char path[PATH_MAX])
{
	snprintf(path, PATH_MAX, "%s/%.2s", folder, sha256);
}

static void name_file(const char *folder, const char *sha256, char path[PATH_MAX])
{
	snprintf(path, PATH_MAX, "%s/%.2s/%s.zst", folder, sha256, sha256);
}

int raw_sync_folder(const char *path, char error[RAW_ERROR_SIZE])
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int ret = fd < 0 || fsync(fd) ? complain(error, path, -errno) : 0;

	if (fd >= 0)
		close(fd);
	return ret;
}

static int open_file(const char *path, int *fd, char *error)
{
	struct stat st;
	int ret = 0;

	*fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (*fd < 0 || fstat(*fd, &st))
		ret = complain(error, path, -errno);
	else if (!S_ISREG(st.st_mode)) {
		ret = raw_fail(error, -EINVAL, "%s: not a regular file", path);
	}
	if (ret && *fd >= 0)
		close(*fd);
	return ret;
}

int raw_sum(const char *path, struct raw_file *out, char error[RAW_ERROR_SIZE])
{
	char buffer[1 << 16];
	struct sha256 sum;
	ssize_t got = 1;
	int fd, ret = open_file(path, &fd, error);

	if (ret)
		return ret;
	sha256_begin(&sum);
	while (!ret && got) {
		got = read(fd, buffer, sizeof(buffer));
		if (got < 0)
			ret = complain(error, path, -errno);
		else
			sha256_add(&sum, buffer, (size_t)got);
	}
	close(fd);
	out->bytes = sum.bytes;
	sha256_end(&sum, out->sha256);
	return ret;
}

/* The folder may be new itself: whoever made it may not have come to make it durable. */
static int move_in(const char *folder, const char *from, const char *sha256, char *error)
{
	char group[PATH_MAX], to[PATH_MAX];
	int ret = 0;

	name_group(folder, sha256, group);
	name_file(folder, sha256, to);
	if (mkdir(group, 0777) && errno != EEXIST)
		return complain(error, group, -errno);
	ret = raw_sync_folder(folder, error);
	if (!ret && rename(from, to))
		ret = complain(error, to, -errno);
	return ret ? ret : raw_sync_folder(group, error);
}

static int pack(int in, const char *path, int out, const char *temporary, struct raw_file *file,
		char *error)
{
	struct sha256 sum;
	int ret;

	sha256_begin(&sum);
	ret = pack_zstd(in, out, &sum);
	if (!ret && (fchmod(out, 0444) || fsync(out)))
		ret = -errno;
	if (ret)
		raw_fail(error, ret, "%s, from %s: %s", temporary, path, strerror(-ret));
	file->bytes = sum.bytes;
	sha256_end(&sum, file->sha256);
	return ret;
}

/* One that is there already is replaced: should it be damaged, then it is no more. */
int raw_put(const char *folder, const char *path, struct raw_file *out, char error[RAW_ERROR_SIZE])
{
	char temporary[PATH_MAX];
	int in, to, ret = open_file(path, &in, error);

	if (ret)
		return ret;
	snprintf(temporary, sizeof(temporary), "%s/" NEW "XXXXXX", folder);
	to = mkostemp(temporary, O_CLOEXEC);
	if (to < 0) {
		ret = complain(error, temporary, -errno);
		goto close_in;
	}
	ret = pack(in, path, to, temporary, out, error);
	if (close(to) && !ret)
		ret = complain(error, temporary, -errno);
	if (!ret)
		ret = move_in(folder, temporary, out->sha256, error);
	if (ret)
		unlink(temporary);
close_in:
	close(in);
	return ret;
}

int raw_get(const char *folder, const struct raw_file *file, int out, char error[RAW_ERROR_SIZE])
{
	char path[PATH_MAX], why[128] = "", hex[SHA256_HEX];
	struct sha256 sum;
	int in, ret;

	name_file(folder, file->sha256, path);
	ret = open_file(path, &in, error);
	if (ret)
		return ret;
	sha256_begin(&sum);
	ret = unpack_zstd(in, out, &sum, why, sizeof(why));
	close(in);
	if (ret)
		return complain(error, path, ret);
	sha256_end(&sum, hex);
	if (!*why && strcmp(hex, file->sha256))
		snprintf(why, sizeof(why), "what is in it has another SHA-256 than its name");
	return *why ? raw_fail(error, -EBADMSG, "%s: %s", path, why) : 0;
}

struct sweep {
	int (*wanted)(void *data, const char *sha256);
	void *data;
	bool remove;
	struct raw_extra *extra;
	char *error;
};

static int sweep_file(const struct sweep *s, const char *folder, const char *name)
{
	char path[PATH_MAX], sha256[SHA256_HEX] = "";
	struct stat st;
	int ret = 0;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	if (strncmp(name, NEW, strlen(NEW))) {
		memcpy(sha256, name, strnlen(name, SHA256_HEX - 1));
		ret = s->wanted(s->data, sha256);
	}
	if (ret || lstat(path, &st) || !S_ISREG(st.st_mode))
		return ret < 0 ? ret : 0;
	s->extra->files++;
	s->extra->bytes += (uint64_t)st.st_size;
	return s->remove && unlink(path) ? complain(s->error, path, -errno) : 0;
}

static int sweep_folder(const struct sweep *s, const char *folder, bool top)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;
	char path[PATH_MAX];
	int ret = 0;

	if (!dir)
		return complain(s->error, folder, -errno);
	while (!ret && (entry = readdir(dir))) {
		if (*entry->d_name == '.')
			continue;
		snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
		if (top && strncmp(entry->d_name, NEW, strlen(NEW)))
			ret = sweep_folder(s, path, false);
		else
			ret = sweep_file(s, folder, entry->d_name);
	}
	closedir(dir);
	return ret;
}

int raw_sweep(const char *folder, int (*wanted)(void *data, const char *sha256), void *data,
	      bool remove, struct raw_extra *extra, char error[RAW_ERROR_SIZE])
{
	struct sweep s = {wanted, data, remove, extra, error};

	*extra = (struct raw_extra){0};
	return sweep_folder(&s, folder, true);
}
