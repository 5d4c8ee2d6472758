// SPDX-License-Identifier: GPL-2.0-only
/*
 * COMMAND's root folder: the host's files at their paths, read-only. Staged files come out of the
 * shared memory. Only a path that is not staged makes this mount the host's root, at that moment:
 * the share's replies arrive when the host pleases, so exact mode wants none before they are needed.
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
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "scripts/lab/init.h"

static int shared_fd;
static const struct lab_job *job;
static const struct lab_staged *staged; /* NULL until the job is there */
static char *unstaged;

/* What a path is; at most one of entry and real is set, none for a folder known to exist. */
struct file {
	const struct lab_staged_entry *entry;
	char real[PATH_MAX];
	struct stat st;
};

static int map_staged(void)
{
	const struct lab_staged *head;
	uint64_t bytes;

	if (staged || job->magic != LAB_MAGIC)
		return 0;
	head = mmap(NULL, 4096, PROT_READ, MAP_SHARED, shared_fd, LAB_STAGED);
	if (head == MAP_FAILED)
		return -errno;
	bytes = head->bytes;
	munmap((void *)head, 4096);
	head = mmap(NULL, bytes, PROT_READ, MAP_SHARED, shared_fd, LAB_STAGED);
	if (head == MAP_FAILED)
		return -errno;
	staged = head;
	return 0;
}

static const char *staged_path(const struct lab_staged_entry *entry)
{
	return (const char *)staged + entry->path;
}

static const char *staged_data(const struct lab_staged_entry *entry)
{
	return (const char *)staged + entry->data;
}

static const struct lab_staged_entry *find_staged(const char *path)
{
	size_t low = 0, high = staged ? staged->count : 0, middle;
	int order;

	while (low < high) {
		middle = (low + high) / 2;
		order = strcmp(path, staged_path(&staged->entries[middle]));
		if (!order)
			return &staged->entries[middle];
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

static int mount_host(const char *path)
{
	if (unstaged[0])
		return 0;
	if (mount("host", INIT_HOST, "9p", MS_RDONLY | MS_NOSUID | MS_NODEV,
		  "trans=virtio,version=9p2000.L,msize=262144,cache=loose"))
		return -EIO;
	snprintf(unstaged, PATH_MAX, "%s", path);
	return 0;
}

static int on_host(const char *path, char real[PATH_MAX])
{
	if (snprintf(real, PATH_MAX, "%s%s", INIT_HOST, path) >= PATH_MAX)
		return -ENAMETOOLONG;
	return mount_host(path);
}

/* The places where /init mounts something, and the working directory with its parents. */
static bool is_known_folder(const char *path)
{
	static const char *const folders[] = { "/", "/dev", "/proc", "/run", "/sys", "/tmp" };
	size_t i, length = strlen(path);

	for (i = 0; i < sizeof(folders) / sizeof(*folders); i++)
		if (!strcmp(path, folders[i]))
			return true;
	return !strncmp(job->strings, path, length) &&
	       (job->strings[length] == '/' || job->strings[length] == '\0');
}

/*
 * The host's /tmp is full of names that COMMAND may want to use for itself. It sees what is staged
 * and what its command line mentions; all else is absent, without asking the host.
 */
static bool is_hidden(const char *path)
{
	char name[NAME_MAX + 3], folder[NAME_MAX + 8];

	if (strncmp(path, "/tmp/", 5))
		return false;
	snprintf(name, sizeof(name), "/%.*s/", (int)strcspn(path + 5, "/"), path + 5);
	if (strstr(job->visible, name))
		return false;
	snprintf(folder, sizeof(folder), "/tmp%.*s", (int)strlen(name) - 1, name);
	return !find_staged(folder);
}

static void make_stat(struct stat *st, mode_t mode, off_t bytes)
{
	memset(st, 0, sizeof(*st));
	st->st_mode = mode;
	st->st_nlink = 1;
	st->st_size = bytes;
}

static int find_file(const char *path, struct file *file)
{
	int err = map_staged();

	file->real[0] = '\0';
	file->entry = find_staged(path);
	if (err)
		return err;
	if (file->entry) {
		make_stat(&file->st, file->entry->mode, file->entry->bytes);
		return file->entry->mode ? 0 : -ENOENT;
	}
	if (is_hidden(path))
		return -ENOENT;
	if (is_known_folder(path)) {
		make_stat(&file->st, S_IFDIR | 0755, 0);
		return 0;
	}
	err = on_host(path, file->real);
	if (err)
		return err;
	return lstat(file->real, &file->st) ? -errno : 0;
}

static int rootfs_getattr(const char *path, struct stat *st, struct fuse_file_info *fi)
{
	struct file file;
	int err = find_file(path, &file);

	(void)fi;
	if (!err)
		*st = file.st;
	return err;
}

static int rootfs_readlink(const char *path, char *target, size_t size)
{
	struct file file;
	ssize_t length;
	int err = find_file(path, &file);

	if (err)
		return err;
	if (file.entry) {
		snprintf(target, size, "%.*s", (int)file.entry->bytes, staged_data(file.entry));
		return 0;
	}
	length = readlink(file.real, target, size - 1);
	if (length < 0)
		return -errno;
	target[length] = '\0';
	return 0;
}

static int rootfs_open(const char *path, struct fuse_file_info *fi)
{
	struct file file;
	int err, fd;

	if ((fi->flags & O_ACCMODE) != O_RDONLY)
		return -EROFS;
	err = find_file(path, &file);
	if (err)
		return err;
	/* A FIFO or a socket of the host has no peer here, and opening a FIFO would block. */
	if (!S_ISREG(file.st.st_mode))
		return -ENXIO;
	fi->keep_cache = 1;
	if (file.entry)
		return 0;
	fd = open(file.real, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	fi->fh = fd;
	return 0;
}

static int rootfs_read(const char *path, char *data, size_t size, off_t offset,
		       struct fuse_file_info *fi)
{
	const struct lab_staged_entry *entry;
	ssize_t length;

	if (fi->fh) {
		length = pread(fi->fh, data, size, offset);
		return length < 0 ? -errno : (int)length;
	}
	entry = find_staged(path);
	if (!entry || (uint64_t)offset >= entry->bytes)
		return 0;
	if (size > entry->bytes - offset)
		size = entry->bytes - offset;
	memcpy(data, staged_data(entry) + offset, size);
	return size;
}

static int rootfs_release(const char *path, struct fuse_file_info *fi)
{
	(void)path;
	if (fi->fh)
		close(fi->fh);
	return 0;
}

static bool is_hidden_entry(const char *folder, const char *name)
{
	char path[PATH_MAX];

	return snprintf(path, sizeof(path), "%s/%s", folder, name) >= PATH_MAX || is_hidden(path);
}

/* A folder's whole contents are known to the host alone. */
static int rootfs_readdir(const char *path, void *buffer, fuse_fill_dir_t fill, off_t offset,
			  struct fuse_file_info *fi, enum fuse_readdir_flags flags)
{
	char real[PATH_MAX];
	struct dirent *entry;
	DIR *dir;
	int err = on_host(path, real);

	(void)offset;
	(void)fi;
	(void)flags;
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

int rootfs_start(int fd, const struct lab_job *the_job, char *first_unstaged)
{
	char *argv[] = { "rootfs", "-oro,allow_other,fsname=host", NULL };
	struct fuse_args args = FUSE_ARGS_INIT(2, argv);
	struct fuse *fuse;
	pid_t child;

	shared_fd = fd;
	job = the_job;
	unstaged = first_unstaged;
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
