// SPDX-License-Identifier: GPL-2.0-only
#include "bench/kprobes.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "bench/watcher.h"

#define DEFINITIONS "/sys/kernel/tracing/kprobe_events"
#define PRIVCMD "privcmd_ioctl"
#define MAX_CODE 16384
#define MAX_CALLS 16
#define MAX_TARGETS 8
#define CALL 0xe8
#define CALL_BYTES 5
#define MAX_INSTRUCTION 15
/* perf that dies with its run may have them open for a moment. */
#define BUSY_TRIES 100
#define BUSY_MS 20

/* What enters the hypervisor, by kind of dom0, and the trampoline of the static call to it. */
static const char *const entries[] = {"xen_hypercall_pv", "xen_hypercall_hvm", "xen_hypercall_amd",
				      "xen_hypercall_intel", "__SCT__xen_hypercall"};

static const char *const events[] = {"privcmd", "privcmd_ret", "hypercall", "hypercall_ret"};

struct code {
	uint64_t start, end; /* of privcmd_ioctl() */
	uint64_t targets[MAX_TARGETS];
	size_t nr_targets;
	uint8_t bytes[MAX_CODE];
};

static int define(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
static int define(const char *fmt, ...)
{
	int fd = open(DEFINITIONS, O_WRONLY | O_APPEND | O_CLOEXEC), rc = 0;
	va_list args;

	if (fd < 0)
		return -errno;
	va_start(args, fmt);
	if (vdprintf(fd, fmt, args) < 0)
		rc = -errno;
	va_end(args);
	close(fd);
	return rc;
}

size_t kprobes_find_calls(const uint8_t *code, size_t size, uint64_t address, const uint64_t *targets,
			  size_t nr_targets, size_t *offsets, size_t max)
{
	size_t found = 0;

	for (size_t i = 0; i + CALL_BYTES <= size && found < max; i++) {
		int32_t distance;

		memcpy(&distance, &code[i + 1], sizeof(distance));
		for (size_t t = 0; code[i] == CALL && t < nr_targets; t++)
			if (address + i + CALL_BYTES + (uint64_t)(int64_t)distance == targets[t]) {
				offsets[found++] = i;
				break;
			}
	}
	return found;
}

static void note_symbol(struct code *code, uint64_t address, const char *name)
{
	if (!strcmp(name, PRIVCMD))
		code->start = address;
	for (size_t i = 0; i < sizeof(entries) / sizeof(*entries); i++)
		if (code->nr_targets < MAX_TARGETS && !strcmp(name, entries[i]))
			code->targets[code->nr_targets++] = address;
}

/* A function ends where the next one starts. */
static void note_end(struct code *code, uint64_t address, const char *name)
{
	(void)name;
	if (address > code->start && address < code->end)
		code->end = address;
}

static int read_symbols(struct code *code, void (*note)(struct code *code, uint64_t address, const char *name))
{
	FILE *symbols = fopen("/proc/kallsyms", "re");
	char line[256], name[128];
	uint64_t address;

	if (!symbols)
		return -errno;
	while (fgets(line, sizeof(line), symbols))
		if (sscanf(line, "%" SCNx64 " %*c %127s", &address, name) == 2)
			note(code, address, name);
	fclose(symbols);
	return 0;
}

/* The kernel's memory as a core file. */
static int read_memory(uint64_t address, void *to, size_t size)
{
	int fd = open("/proc/kcore", O_RDONLY | O_CLOEXEC), rc = -EFAULT;
	Elf64_Ehdr head;
	Elf64_Phdr part;

	if (fd < 0)
		return -errno;
	if (pread(fd, &head, sizeof(head), 0) != sizeof(head))
		head.e_phnum = 0;
	for (unsigned int i = 0; rc && i < head.e_phnum; i++) {
		off_t at = (off_t)(head.e_phoff + i * sizeof(part));

		if (pread(fd, &part, sizeof(part), at) != sizeof(part))
			break;
		if (part.p_type != PT_LOAD || address < part.p_vaddr ||
		    address - part.p_vaddr + size > part.p_memsz)
			continue;
		at = (off_t)(part.p_offset + (address - part.p_vaddr));
		rc = pread(fd, to, size, at) == (ssize_t)size ? 0 : -EFAULT;
	}
	close(fd);
	return rc;
}

/* Before the call: where the kernel, which decodes the function, sees an instruction start. */
static int define_call(size_t call)
{
	int rc = -EINVAL;

	for (size_t back = 1; rc && back <= MAX_INSTRUCTION && back < call; back++)
		rc = define("p:claimperf/hypercall " PRIVCMD "+%zu", call - back);
	return rc ? rc : define("p:claimperf/hypercall_ret " PRIVCMD "+%zu", call + CALL_BYTES);
}

static const char *find_code(struct code *code)
{
	if (read_symbols(code, note_symbol) || !code->start)
		return "/proc/kallsyms does not tell where " PRIVCMD "() is";
	code->end = code->start + MAX_CODE;
	read_symbols(code, note_end);
	if (read_memory(code->start, code->bytes, code->end - code->start))
		return "/proc/kcore cannot be read";
	return NULL;
}

static const char *define_calls(void)
{
	static struct code code;
	size_t offsets[MAX_CALLS], count = 0;
	const char *why;

	memset(&code, 0, sizeof(code));
	why = find_code(&code);
	if (why)
		return why;
	count = kprobes_find_calls(code.bytes, code.end - code.start, code.start, code.targets,
				   code.nr_targets, offsets, MAX_CALLS);
	if (!count)
		return PRIVCMD "() has no call of the hypervisor that is known here";
	for (size_t i = 0; i < count; i++)
		if (define_call(offsets[i]))
			return "the kernel takes no kprobe at a call of the hypervisor";
	return NULL;
}

void kprobes_define(struct kprobes *k)
{
	const char *why;
	int rc;

	*k = (struct kprobes){0};
	perf_mount_events();
	kprobes_remove();
	rc = define("p:claimperf/privcmd " PRIVCMD);
	if (!rc)
		rc = define("r:claimperf/privcmd_ret " PRIVCMD);
	if (rc) {
		snprintf(k->why, sizeof(k->why), "no kprobe on " PRIVCMD "(): %s", strerror(-rc));
		return;
	}
	k->privcmd = true;
	why = define_calls();
	k->hypercall = !why;
	snprintf(k->why, sizeof(k->why), "%s", why ? why : "");
}

int kprobes_remove(void)
{
	const struct timespec pause = {.tv_nsec = BUSY_MS * 1000000l};
	char name[64];
	int rc = 0, failed;

	for (size_t i = 0; i < sizeof(events) / sizeof(*events); i++) {
		snprintf(name, sizeof(name), "claimperf/%s", events[i]);
		if (!perf_has_events(name))
			continue;
		for (int tries = 0; (failed = define("-:%s", name)) == -EBUSY && tries < BUSY_TRIES; tries++)
			nanosleep(&pause, NULL);
		rc = rc ? rc : failed;
	}
	return rc;
}
