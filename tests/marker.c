// SPDX-License-Identifier: GPL-2.0-only
/*
 * Runs as root in dom0. Does known work between the marker instructions of the profile plugin and
 * prints the TSC difference around each window; in the lab's exact mode a tick is an instruction.
 * From the first rdtsc to the second there are MARKER_OVERHEAD instructions outside the window:
 * shl, or; end marker, rdtsc.
 *
 *   marker WORK…    WORK: nothing, getpid:N (system calls), version:N (hypercalls), touch:N (page
 *                   faults), known:N (the functions of tests/data/patches/probe.patch, N times); one window and one line "WORK TICKS" each;
 *                   section: the marker that starts a new block of the profile
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#define MARKER_OVERHEAD 4

/* Linux's interface of /dev/xen/privcmd and Xen's hypercall 17, xen_version, subcommand 0. */
struct privcmd_hypercall {
	uint64_t op;
	uint64_t arg[5];
};
#define IOCTL_PRIVCMD_HYPERCALL _IOC(_IOC_NONE, 'P', 0, sizeof(struct privcmd_hypercall))
#define HYPERVISOR_XEN_VERSION 17
#define XEN_VERSION_KNOWN 0x434c0000 /* of probe.patch; how often is added to it */

static int privcmd = -1;

static void do_nothing(unsigned long count)
{
	(void)count;
}

static void do_getpid(unsigned long count)
{
	for (unsigned long i = 0; i < count; i++)
		syscall(SYS_getpid);
}

static void do_version(unsigned long count)
{
	for (unsigned long i = 0; i < count; i++) {
		struct privcmd_hypercall call = { .op = HYPERVISOR_XEN_VERSION };

		if (ioctl(privcmd, IOCTL_PRIVCMD_HYPERCALL, &call) < 0)
			abort();
	}
}

static void do_known(unsigned long count)
{
	struct privcmd_hypercall call = { .op = HYPERVISOR_XEN_VERSION,
					  .arg = { XEN_VERSION_KNOWN + count } };

	if (ioctl(privcmd, IOCTL_PRIVCMD_HYPERCALL, &call) < 0)
		abort();
}

static void do_touch(unsigned long count)
{
	long page = sysconf(_SC_PAGESIZE);
	volatile char *area = mmap(NULL, count * (size_t)page, PROT_READ | PROT_WRITE,
				   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (area == MAP_FAILED)
		abort();
	for (unsigned long i = 0; i < count; i++)
		area[i * (size_t)page] = 1;
	munmap((void *)area, count * (size_t)page);
}

static const struct work {
	const char *name;
	void (*run)(unsigned long count);
} works[] = {
	{ "nothing", do_nothing },
	{ "getpid", do_getpid },
	{ "version", do_version },
	{ "touch", do_touch },
	{ "known", do_known },
};

static inline uint64_t begin_window(void)
{
	uint64_t tsc;

	__asm__ volatile("rdtsc; shl $32, %%rdx; or %%rdx, %%rax\n\t"
			 ".byte 0x0f, 0x1f, 0x80, 0x01, 0x50, 0x4c, 0x43"
			 : "=a"(tsc)::"rdx", "memory");
	return tsc;
}

static inline uint64_t end_window(void)
{
	uint64_t tsc;

	__asm__ volatile(".byte 0x0f, 0x1f, 0x80, 0x02, 0x50, 0x4c, 0x43\n\t"
			 "rdtsc; shl $32, %%rdx; or %%rdx, %%rax"
			 : "=a"(tsc)::"rdx", "memory");
	return tsc;
}

static int run_work(const char *text)
{
	const char *colon = strchrnul(text, ':');
	unsigned long count = *colon ? strtoul(colon + 1, NULL, 10) : 0;

	if (!strcmp(text, "section")) {
		__asm__ volatile(".byte 0x0f, 0x1f, 0x80, 0x03, 0x50, 0x4c, 0x43" ::: "memory");
		return 0;
	}

	for (size_t i = 0; i < sizeof(works) / sizeof(works[0]); i++) {
		uint64_t begin, end;

		if (strlen(works[i].name) != (size_t)(colon - text) ||
		    strncmp(works[i].name, text, (size_t)(colon - text)))
			continue;
		begin = begin_window();
		works[i].run(count);
		end = end_window();
		printf("%s %lu\n", text, end - begin - MARKER_OVERHEAD);
		return 0;
	}
	fprintf(stderr, "marker: %s: unknown work\n", text);
	return 2;
}

int main(int argc, char **argv)
{
	int status = argc > 1 ? 0 : 2;

	privcmd = open("/dev/xen/privcmd", O_RDWR | O_CLOEXEC);
	if (privcmd < 0) {
		perror("marker: /dev/xen/privcmd");
		return 2;
	}
	for (int i = 1; i < argc && !status; i++)
		status = run_work(argv[i]);
	close(privcmd);
	return status;
}
