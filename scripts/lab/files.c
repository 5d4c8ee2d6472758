// SPDX-License-Identifier: GPL-2.0-only
#include "scripts/lab/files.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/msg.h"

static void reserve(struct buffer *b, size_t more)
{
	size_t room = b->room ? b->room : 4096;

	while (room < b->size + more + 1)
		room *= 2;
	if (room == b->room)
		return;
	b->data = realloc(b->data, room);
	if (!b->data)
		die(EXIT_USAGE, "out of memory");
	b->room = room;
}

void buffer_add(struct buffer *b, const void *data, size_t size)
{
	reserve(b, size);
	if (size)
		memcpy(b->data + b->size, data, size);
	b->size += size;
	b->data[b->size] = '\0';
}

static char *format_list(const char *fmt, va_list list)
{
	char *text;

	if (vasprintf(&text, fmt, list) < 0)
		die(EXIT_USAGE, "out of memory");
	return text;
}

void buffer_printf(struct buffer *b, const char *fmt, ...)
{
	va_list list;
	char *text;

	va_start(list, fmt);
	text = format_list(fmt, list);
	va_end(list);
	buffer_add(b, text, strlen(text));
	free(text);
}

void buffer_free(struct buffer *b)
{
	free(b->data);
	*b = (struct buffer){ 0 };
}

char *format(const char *fmt, ...)
{
	va_list list;
	char *text;

	va_start(list, fmt);
	text = format_list(fmt, list);
	va_end(list);
	return text;
}

static int read_all(int fd, struct buffer *out)
{
	ssize_t got;

	for (;;) {
		reserve(out, 1 << 16);
		got = read(fd, out->data + out->size, out->room - out->size - 1);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -errno;
		out->size += got;
		out->data[out->size] = '\0';
		if (got == 0)
			return 0;
	}
}

int read_file(const char *path, struct buffer *out)
{
	struct stat st;
	int err, fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	if (!fstat(fd, &st) && S_ISREG(st.st_mode))
		reserve(out, st.st_size + 1);
	err = read_all(fd, out);
	close(fd);
	return err;
}

int write_file(const char *path, const void *data, size_t size)
{
	int err, fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	if (fd < 0)
		return -errno;
	err = write_all(fd, data, size);
	if (close(fd) && !err)
		err = -errno;
	return err;
}

int make_folders(const char *path)
{
	char *copy = format("%s", path), *slash = copy;
	int err = 0;

	while (!err && slash) {
		slash = strchr(slash + 1, '/');
		if (slash)
			*slash = '\0';
		if (mkdir(copy, 0755) && errno != EEXIST)
			err = -errno;
		if (slash)
			*slash = '/';
	}
	free(copy);
	return err;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path) && errno != ENOENT ? -errno : 0;
}

int remove_tree(const char *path)
{
	int err = nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS);

	if (err < 0 && errno == ENOENT)
		return 0;
	return err;
}

int run_program(char *const argv[], struct buffer *out)
{
	int status, pipe_fds[2] = { -1, -1 };
	pid_t child;

	if (out && pipe2(pipe_fds, O_CLOEXEC))
		return -errno;
	child = fork();
	if (child < 0)
		return -errno;
	if (child == 0) {
		dup2(out ? pipe_fds[1] : 2, 1);
		execvp(argv[0], argv);
		_exit(127);
	}
	if (out) {
		close(pipe_fds[1]);
		read_all(pipe_fds[0], out);
		close(pipe_fds[0]);
	}
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
