// SPDX-License-Identifier: GPL-2.0-only
/* Everything a run leaves behind, written into the shared memory. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "scripts/lab/init.h"

#define WINDOW_BYTES (4UL << 20)

/* Mapping all of the device would cost more page tables than dom0 can spare. */
struct sink {
	int fd;
	uint8_t *window;
	uint64_t window_start;
	uint64_t at;
};

static int map_window(struct sink *sink)
{
	uint64_t start = sink->at & ~(WINDOW_BYTES - 1);

	if (sink->window && sink->window_start == start)
		return 0;
	if (sink->window)
		munmap(sink->window, WINDOW_BYTES);
	sink->window = mmap(NULL, WINDOW_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, sink->fd, start);
	if (sink->window == MAP_FAILED) {
		sink->window = NULL;
		return -errno;
	}
	sink->window_start = start;
	return 0;
}

/* The next free bytes of the device, *room of them at most. */
static int get_room(struct sink *sink, uint8_t **data, size_t *room)
{
	uint64_t left;
	int err;

	if (sink->at >= LAB_SHARED_BYTES)
		return -ENOSPC;
	err = map_window(sink);
	if (err)
		return err;
	*data = sink->window + (sink->at - sink->window_start);
	left = sink->window_start + WINDOW_BYTES - sink->at;
	if (*room > left)
		*room = left;
	return 0;
}

static int put(struct sink *sink, const void *data, size_t bytes)
{
	uint8_t *target;
	size_t room;
	int err;

	for (; bytes; bytes -= room, data = (const uint8_t *)data + room, sink->at += room) {
		room = bytes;
		err = get_room(sink, &target, &room);
		if (err)
			return err;
		memcpy(target, data, room);
	}
	return 0;
}

static int put_contents(struct sink *sink, int fd, uint64_t bytes)
{
	uint8_t *target;
	ssize_t got;
	size_t room;
	int err;

	for (; bytes; bytes -= got, sink->at += got) {
		room = bytes;
		err = get_room(sink, &target, &room);
		if (err)
			return err;
		got = read(fd, target, room);
		if (got < 0)
			return -errno;
		if (got == 0) /* cut while it was read: the record's length is a promise */
			return -EIO;
	}
	return 0;
}

static int put_header(struct sink *sink, enum lab_record_type type, const struct stat *st,
		      const char *name, uint64_t bytes)
{
	struct lab_record record = {
		.type = type,
		.mode = st->st_mode & 07777,
		.name_bytes = strlen(name),
		.data_bytes = bytes,
	};
	int err = put(sink, &record, sizeof(record));

	return err ? err : put(sink, name, record.name_bytes);
}

static int send_file(struct sink *sink, enum lab_record_type type, const char *path,
		     const char *name)
{
	struct stat st;
	int err, fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	err = fstat(fd, &st) ? -errno : 0;
	if (!err)
		err = put_header(sink, type, &st, name, st.st_size);
	if (!err)
		err = put_contents(sink, fd, st.st_size);
	close(fd);
	return err;
}

static int send_link(struct sink *sink, const char *path, const char *name, const struct stat *st)
{
	char target[PATH_MAX];
	ssize_t length = readlink(path, target, sizeof(target));
	int err;

	if (length < 0)
		return -errno;
	err = put_header(sink, LAB_RECORD_LINK, st, name, length);
	return err ? err : put(sink, target, length);
}

static int send_folder(struct sink *sink, const char *path, const char *name);

static int send_entry(struct sink *sink, const char *path, const char *name)
{
	struct stat st;
	int err;

	if (lstat(path, &st))
		return -errno;
	if (S_ISREG(st.st_mode))
		return send_file(sink, LAB_RECORD_FILE, path, name);
	if (S_ISLNK(st.st_mode))
		return send_link(sink, path, name, &st);
	if (!S_ISDIR(st.st_mode))
		return 0; /* sockets, FIFOs: nothing of them can be kept */
	err = put_header(sink, LAB_RECORD_DIR, &st, name, 0);
	return err ? err : send_folder(sink, path, name);
}

static int is_not_dot(const struct dirent *entry)
{
	return strcmp(entry->d_name, ".") && strcmp(entry->d_name, "..");
}

static int send_folder(struct sink *sink, const char *path, const char *name)
{
	char child[PATH_MAX], child_name[PATH_MAX];
	struct dirent **entries;
	int i, err = 0, n = scandir(path, &entries, is_not_dot, alphasort);

	if (n < 0)
		return -errno;
	for (i = 0; i < n; i++) {
		if (snprintf(child, PATH_MAX, "%s/%s", path, entries[i]->d_name) >= PATH_MAX)
			err = -ENAMETOOLONG;
		snprintf(child_name, PATH_MAX, "%s%s%s", name, *name ? "/" : "", entries[i]->d_name);
		if (!err)
			err = send_entry(sink, child, child_name);
		free(entries[i]);
	}
	free(entries);
	return err;
}

int send_results(int fd, struct lab_result *result, const char *out, const char *stdout_path,
		 const char *stderr_path)
{
	struct sink sink = { .fd = fd, .at = LAB_RESULTS + sizeof(*result) };
	int err;

	err = send_file(&sink, LAB_RECORD_STDOUT, stdout_path, "");
	if (!err)
		err = send_file(&sink, LAB_RECORD_STDERR, stderr_path, "");
	if (!err)
		err = send_folder(&sink, out, "");

	/* The header comes last: its magic says that all before it is in place. */
	result->init_errno = -err;
	result->bytes = sink.at - LAB_RESULTS - sizeof(*result);
	result->magic = LAB_MAGIC;
	sink.at = LAB_RESULTS;
	return put(&sink, result, sizeof(*result));
}
