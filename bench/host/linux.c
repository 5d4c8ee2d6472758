// SPDX-License-Identifier: GPL-2.0-only
/* The side of libc. Xen's code keeps its stack aligned to 8 bytes only, hence the attribute. */
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

#define EXIT_ABORT 3
/* Large, as a process may have but 65530 mappings, and valgrind 30000. */
#define COPIES_BYTES (16UL << 20)
#define CALLED_BY_XEN __attribute__((force_align_arg_pointer))
#define HIDDEN __attribute__((visibility("hidden")))

HIDDEN CALLED_BY_XEN void host_abort(const char *fmt, ...);
HIDDEN CALLED_BY_XEN void host_map(unsigned long address, unsigned long size);
HIDDEN CALLED_BY_XEN void host_advise_huge(unsigned long address, unsigned long size);
HIDDEN CALLED_BY_XEN void host_map_copies(unsigned long address, unsigned long size,
					  const void *item, unsigned long item_size);
HIDDEN CALLED_BY_XEN void *host_calloc(unsigned long size);
HIDDEN CALLED_BY_XEN void host_catch_bugs(void);
HIDDEN CALLED_BY_XEN void host_yield(void);
HIDDEN CALLED_BY_XEN void host_free(void *p);
struct host_piece;
HIDDEN CALLED_BY_XEN int host_save(const char *path, const struct host_piece *pieces,
				   unsigned int nr);

struct host_piece {
	const void *bytes;
	unsigned long size;
};

void host_abort(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	fputs("heap: ", stderr);
	vfprintf(stderr, fmt, args);
	fputc('\n', stderr);
	va_end(args);
	_exit(EXIT_ABORT);
}

static void *must_map(void *at, unsigned long size, int flags, int fd)
{
	void *mapped = mmap(at, size, PROT_READ | PROT_WRITE, flags, fd, 0);

	if (mapped == MAP_FAILED || (at && mapped != at))
		host_abort("cannot map %lu bytes at %p (%s): is the program linked with -no-pie?",
			   size, at, strerror(errno));
	return mapped;
}

/* Nothing is used before it is touched. */
void host_map(unsigned long address, unsigned long size)
{
	must_map((void *)address, size,
		 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1);
}

void host_advise_huge(unsigned long address, unsigned long size)
{
	/* If Linux has none, it takes longer. */
	madvise((void *)(address & -4096UL), size, MADV_HUGEPAGE);
}

/* A file full of copies, for private mappings: what is never written takes no memory. */
static int make_copies(unsigned long size, const void *item, unsigned long item_size)
{
	int fd = memfd_create("heap", MFD_CLOEXEC);
	char *copies;

	if (fd < 0 || ftruncate(fd, (off_t)size))
		host_abort("no file of %lu bytes in memory: %s", size, strerror(errno));
	copies = must_map(NULL, size, MAP_SHARED, fd);
	for (unsigned long at = 0; at < size; at += item_size)
		memcpy(copies + at, item, item_size);
	munmap(copies, size);
	return fd;
}

/* Over what host_map() mapped. */
void host_map_copies(unsigned long address, unsigned long size, const void *item,
		     unsigned long item_size)
{
	unsigned long part = size < COPIES_BYTES ? size : COPIES_BYTES;
	int fd = make_copies(part, item, item_size);

	for (unsigned long end = address + size; address < end; address += part)
		must_map((void *)address, part < end - address ? part : end - address,
			 MAP_PRIVATE | MAP_NORESERVE | MAP_FIXED, fd);
	close(fd);
}

void *host_calloc(unsigned long size)
{
	void *p = calloc(1, size);

	if (!p)
		host_abort("no memory");
	return p;
}

/* Xen's BUG() is an undefined instruction. */
static void report_bug(int signal, siginfo_t *info, void *context)
{
	(void)signal;
	(void)context;
	host_abort("BUG() at %p", info->si_addr);
}

void host_catch_bugs(void)
{
	struct sigaction action = {.sa_sigaction = report_bug, .sa_flags = SA_SIGINFO};

	sigaction(SIGILL, &action, NULL);
}

void host_yield(void)
{
	sched_yield();
}

void host_free(void *p)
{
	free(p);
}

int host_save(const char *path, const struct host_piece *pieces, unsigned int nr)
{
	FILE *f = fopen(path, "we");
	int rc = 0;

	if (!f)
		return -errno;
	for (unsigned int i = 0; !rc && i < nr; i++)
		if (fwrite(pieces[i].bytes, 1, pieces[i].size, f) != pieces[i].size)
			rc = -errno;
	if (fclose(f) && !rc)
		rc = -errno;
	return rc;
}
