// SPDX-License-Identifier: GPL-2.0-only
/* The side of libc. Xen's code keeps its stack aligned to 8 bytes only, hence the attribute. */
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

#define EXIT_ABORT 3
#define CALLED_BY_XEN __attribute__((force_align_arg_pointer))
#define HIDDEN __attribute__((visibility("hidden")))

HIDDEN CALLED_BY_XEN void host_abort(const char *fmt, ...);
HIDDEN CALLED_BY_XEN void host_map(unsigned long address, unsigned long size);
HIDDEN CALLED_BY_XEN void *host_calloc(unsigned long size);
HIDDEN CALLED_BY_XEN void host_catch_bugs(void);
HIDDEN CALLED_BY_XEN void host_yield(void);

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

/* Nothing is used before it is touched. */
void host_map(unsigned long address, unsigned long size)
{
	void *wanted = (void *)address;

	if (mmap(wanted, size, PROT_READ | PROT_WRITE,
		 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1,
		 0) != wanted)
		host_abort("cannot map %lu bytes at %p: is the program linked with -no-pie?", size,
			   wanted);
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
