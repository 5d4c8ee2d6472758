// SPDX-License-Identifier: GPL-2.0-only
/*
 * COMMAND's root folder: the host's files at their paths, read-only. Staged files come out of the
 * initramfs. Only a path that is not staged makes this mount the host's root, at that moment: the
 * share's replies arrive when the host pleases, so exact mode wants none before they are needed.
 */
#define FUSE_USE_VERSION 35
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fuse.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "scripts/lab/init.h"

static struct rootfs_shared *shared;

static int mount_host(const char *path)
{
	if (shared->unstaged[0])
		return 0;
	if (mount("host", INIT_HOST, "9p", MS_RDONLY | MS_NOSUID | MS_NODEV,
		  "trans=virtio,version=9p2000.L,msize=262144,cache=loose"))
		return -EIO;
	snprintf(shared->unstaged, sizeof(shared->unstaged), "%s", path);
	return 0;
}

static int on_host(const char *path, char real[PATH_MAX])
{
	if (snprintf(real, PATH_MAX, "%s%s", INIT_HOST, path) >= PATH_MAX)
		return -ENAMETOOLONG;
	return mount_host(path);
}

/* A whiteout, as overlayfs has them: the path is known to be absent on the host. */
static bool is_whiteout(const struct stat *st)
{
	return S_ISCHR(st->st_mode) && st->st_rdev == makedev(0, 0);
}

static bool is_cwd_or_parent(const char *path)
{
	size_t length = strlen(path);

	return !strncmp(shared->cwd, path, length) &&
	       (shared->cwd[length] == '/' || shared->cwd[length] == '\0');
}

/*
 * The host's /tmp is full of names that COMMAND may want to use for itself. It sees what is staged
 * and what its command line mentions; all else is absent, without asking the host.
 */
static bool is_hidden(const char *path)
{
	char name[NAME_MAX + 3], staged[PATH_MAX];
	struct stat st;

	if (strncmp(path, "/tmp/", 5))
		return false;
	snprintf(name, sizeof(name), "/%.*s/", (int)strcspn(path + 5, "/"), path + 5);
	if (strstr(shared->visible, name))
		return false;
	snprintf(staged, sizeof(staged), INIT_STAGE "/tmp%.*s", (int)strlen(name) - 1, name);
	return lstat(staged, &st) != 0;
}

/* Where path's file is, and its attributes. */
static int find_file(const char *path, char real[PATH_MAX], struct stat *st)
{
	int err;

	if (snprintf(real, PATH_MAX, "%s%s", INIT_STAGE, path) >= PATH_MAX)
		return -ENAMETOOLONG;
	if (!lstat(real, st))
		return is_whiteout(st) ? -ENOENT : 0;
	if (is_hidden(path))
		return -ENOENT;
	if (is_cwd_or_parent(path)) {
		memset(st, 0, sizeof(*st));
		st->st_mode = S_IFDIR | 0755;
		st->st_nlink = 2;
		return 0;
	}
	err = on_host(path, real);
	if (err)
		return err;
	return lstat(real, st) ? -errno : 0;
}

static int rootfs_getattr(const char *path, struct stat *st, struct fuse_file_info *fi)
{
	char real[PATH_MAX];

	(void)fi;
	return find_file(path, real, st);
}

static int rootfs_readlink(const char *path, char *target, size_t size)
{
	char real[PATH_MAX];
	struct stat st;
	ssize_t length;
	int err = find_file(path, real, &st);

	if (err)
		return err;
	length = readlink(real, target, size - 1);
	if (length < 0)
		return -errno;
	target[length] = '\0';
	return 0;
}

static int rootfs_open(const char *path, struct fuse_file_info *fi)
{
	char real[PATH_MAX];
	struct stat st;
	int err, fd;

	if ((fi->flags & O_ACCMODE) != O_RDONLY)
		return -EROFS;
	err = find_file(path, real, &st);
	if (err)
		return err;
	/* A FIFO or a socket of the host has no peer here, and opening a FIFO would block. */
	if (!S_ISREG(st.st_mode))
		return -ENXIO;
	fd = open(real, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	fi->fh = fd;
	fi->keep_cache = 1;
	return 0;
}

static int rootfs_read(const char *path, char *data, size_t size, off_t offset,
		       struct fuse_file_info *fi)
{
	ssize_t length = pread(fi->fh, data, size, offset);

	(void)path;
	return length < 0 ? -errno : (int)length;
}

static int rootfs_release(const char *path, struct fuse_file_info *fi)
{
	(void)path;
	close(fi->fh);
	return 0;
}

static bool is_hidden_entry(const char *folder, const char *name)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	return is_hidden(path);
}

/* A folder's whole contents are known to the host alone. */
static int rootfs_readdir(const char *path, void *buffer, fuse_fill_dir_t fill, off_t offset,
			  struct fuse_file_info *fi, enum fuse_readdir_flags flags)
{
	char real[PATH_MAX];
	struct dirent *entry;
	DIR *dir;
	int err = 0;

	(void)offset;
	(void)fi;
	(void)flags;
	if (!strcmp(path, "/tmp") && !shared->visible[0])
		snprintf(real, sizeof(real), INIT_STAGE "/tmp");
	else
		err = on_host(path, real);
	if (err)
		return err;
	dir = opendir(real);
	if (!dir)
		return -errno;
	while ((entry = readdir(dir)))
		if (!is_hidden_entry(path, entry->d_name) &&
		    fill(buffer, entry->d_name, NULL, 0, 0))
			break;
	closedir(dir);
	return 0;
}

static void *rootfs_init(struct fuse_conn_info *connection, struct fuse_config *config)
{
	(void)connection;
	config->kernel_cache = 1;
	config->entry_timeout = 1e6;
	config->attr_timeout = 1e6;
	/* Absent paths are asked for again: the working directory is told only with the job. */
	config->negative_timeout = 0;
	return NULL;
}

static const struct fuse_operations operations = {
	.init = rootfs_init,
	.getattr = rootfs_getattr,
	.readlink = rootfs_readlink,
	.open = rootfs_open,
	.read = rootfs_read,
	.release = rootfs_release,
	.readdir = rootfs_readdir,
};

int rootfs_start(struct rootfs_shared *memory)
{
	char *argv[] = { "rootfs", "-oro,allow_other,fsname=host", NULL };
	struct fuse_args args = FUSE_ARGS_INIT(2, argv);
	struct fuse *fuse;
	pid_t child;

	shared = memory;
	fuse = fuse_new(&args, &operations, sizeof(operations), NULL);
	if (!fuse)
		return -EINVAL;
	if (fuse_mount(fuse, INIT_ROOT))
		return -EIO;
	child = fork();
	if (child < 0)
		return -errno;
	if (child == 0)
		_exit(fuse_loop(fuse) ? 1 : 0);
	return 0;
}
