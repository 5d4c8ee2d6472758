// SPDX-License-Identifier: GPL-2.0-only
/*
 * Preloaded into claimperf history: what changes files, or is sent to a server, is counted, and
 * goes wrong at call number FAULT_AT.
 *
 *   FAULT=kill   the process is killed before the call
 *   FAULT=torn   it is killed after half of what was to be written
 *   FAULT=full   half is written, and from then on nothing more fits on the disk
 *   FAULT=io     from then on the disk fails
 *   FAULT=once   that call fails, those after it do not
 *
 * With FAULT_LOG=FILE each call is a line of FILE, with the path it is about.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static enum { NONE, KILL, TORN, FULL, IO, ONCE } fault;
static unsigned long at, calls;
static int log_fd = -1;

__attribute__((constructor)) static void set_up(void)
{
	static const char *const names[] = {"", "kill", "torn", "full", "io", "once"};
	const char *name = getenv("FAULT"), *number = getenv("FAULT_AT"),
		   *log = getenv("FAULT_LOG");

	for (unsigned int i = KILL; name && i <= ONCE; i++)
		if (!strcmp(name, names[i]))
			fault = i;
	at = number ? strtoul(number, NULL, 10) : 0;
	if (log)
		log_fd = (int)syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_CREAT | O_APPEND,
				      0666);
}

static void name_fd(int fd, char path[PATH_MAX])
{
	char link[64];
	ssize_t length;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	length = readlink(link, path, PATH_MAX - 1);
	path[length < 0 ? 0 : length] = '\0';
}

static void note(const char *call, int fd, const char *path)
{
	char own[PATH_MAX], line[PATH_MAX + 64];
	int length;

	if (log_fd < 0)
		return;
	if (!path)
		name_fd(fd, own);
	length = snprintf(line, sizeof(line), "%s %s\n", call, path ? path : own);
	syscall(SYS_write, log_fd, line, (size_t)length);
}

static void die_now(void)
{
	syscall(SYS_kill, getpid(), SIGKILL);
	_exit(1);
}

/* Does this call go wrong? With errno then. What needs no room works on a full disk. */
static bool goes_wrong(const char *call, int fd, const char *path, bool needs_room)
{
	note(call, fd, path);
	if (!fault || ++calls < at)
		return false;
	if (fault == KILL || (fault == TORN && calls > at))
		die_now();
	errno = fault == FULL ? ENOSPC : EIO;
	return fault == IO || (fault == ONCE && calls == at) || (fault == FULL && needs_room);
}

/* Half of it, if this is the call; else all. */
static bool only_half(void)
{
	return calls == at && (fault == TORN || fault == FULL);
}

#define REAL(name)                                                                                 \
	static __typeof__(name) *real;                                                             \
	if (!real)                                                                                 \
	real = (__typeof__(name) *)dlsym(RTLD_NEXT, #name)

ssize_t write(int fd, const void *data, size_t size)
{
	REAL(write);
	if (goes_wrong("write", fd, NULL, true) && !(fault == FULL && calls == at))
		return -1;
	return real(fd, data, only_half() ? (size + 1) / 2 : size);
}

ssize_t pwrite64(int fd, const void *data, size_t size, off_t offset)
{
	REAL(pwrite64);
	if (goes_wrong("write", fd, NULL, true) && !(fault == FULL && calls == at))
		return -1;
	return real(fd, data, only_half() ? (size + 1) / 2 : size, offset);
}

ssize_t pwrite(int fd, const void *data, size_t size, off_t offset)
{
	return pwrite64(fd, data, size, offset);
}

/* To a server, which waits for the rest of what is torn. Who cannot send has no connection. */
ssize_t send(int fd, const void *data, size_t size, int flags)
{
	REAL(send);
	if (goes_wrong("send", fd, NULL, false)) {
		shutdown(fd, SHUT_RDWR);
		errno = ECONNRESET;
		return -1;
	}
	if (fault == TORN && calls == at) {
		real(fd, data, (size + 1) / 2, flags);
		die_now();
	}
	return real(fd, data, size, flags);
}

int fsync(int fd)
{
	REAL(fsync);
	return goes_wrong("fsync", fd, NULL, false) ? -1 : real(fd);
}

int fdatasync(int fd)
{
	REAL(fdatasync);
	return goes_wrong("fsync", fd, NULL, false) ? -1 : real(fd);
}

int ftruncate64(int fd, off_t size)
{
	REAL(ftruncate64);
	return goes_wrong("ftruncate", fd, NULL, false) ? -1 : real(fd, size);
}

int rename(const char *from, const char *to)
{
	REAL(rename);
	return goes_wrong("rename", -1, to, false) ? -1 : real(from, to);
}

int unlink(const char *path)
{
	REAL(unlink);
	return goes_wrong("unlink", -1, path, false) ? -1 : real(path);
}

int mkdir(const char *path, mode_t mode)
{
	REAL(mkdir);
	return goes_wrong("mkdir", -1, path, true) ? -1 : real(path, mode);
}

int mkostemp64(char *template, int flags)
{
	REAL(mkostemp64);
	return goes_wrong("create", -1, template, true) ? -1 : real(template, flags);
}

int mkostemp(char *template, int flags)
{
	return mkostemp64(template, flags);
}

int open64(const char *path, int flags, ...)
{
	mode_t mode;
	va_list list;

	va_start(list, flags);
	mode = flags & O_CREAT ? va_arg(list, mode_t) : 0;
	va_end(list);
	if (flags & O_CREAT && goes_wrong("create", -1, path, access(path, F_OK)))
		return -1;
	return (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}

int open(const char *path, int flags, ...)
{
	mode_t mode;
	va_list list;

	va_start(list, flags);
	mode = flags & O_CREAT ? va_arg(list, mode_t) : 0;
	va_end(list);
	return open64(path, flags, mode);
}
