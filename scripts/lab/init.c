// SPDX-License-Identifier: GPL-2.0-only
/*
 * The lab's /init, dom0's only program: set up, stand still for the snapshot, take the job, run
 * COMMAND, hand back what it left, switch the machine off. One static program without a shell,
 * since every process start and every library costs milliseconds in an emulated machine.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/io.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "scripts/lab/init.h"

#define STDOUT_FILE "/stdout"
#define STDERR_FILE "/stderr"
#define PCI_DEVICES "/sys/bus/pci/devices"

static char *const environment[] = {
	"PATH=/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root", "LANG=C", "TZ=UTC0", "OUT=" LAB_OUT, NULL,
};

/* As snprintf("%s"), for texts that may well be cut. */
static void copy_text(char *target, size_t size, const char *text)
{
	size_t length = strnlen(text, size - 1);

	memcpy(target, text, length);
	target[length] = '\0';
}

static void must(bool ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "lab: %s: %s\n", what, strerror(errno));
	/* The kernel panics when init ends, which lab-exec sees at once. */
	exit(1);
}

static void mount_or_die(const char *type, const char *target, unsigned long flags)
{
	mkdir(target, 0755);
	must(!mount(type, target, type, flags, NULL), target);
}

static int is_module(const struct dirent *entry)
{
	return strstr(entry->d_name, ".ko") != NULL;
}

static void load_modules(void)
{
	struct dirent **entries;
	char path[PATH_MAX];
	int i, fd, n = scandir("/modules", &entries, is_module, alphasort);

	must(n >= 0, "/modules");
	for (i = 0; i < n; i++) {
		snprintf(path, sizeof(path), "/modules/%s", entries[i]->d_name);
		fd = open(path, O_RDONLY | O_CLOEXEC);
		must(fd >= 0 && !syscall(SYS_finit_module, fd, "", 0), path);
		close(fd);
		unlink(path);
	}
}

static bool file_starts_with(const char *path, const char *text)
{
	char data[16] = "";
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t got = fd < 0 ? -1 : read(fd, data, sizeof(data) - 1);

	if (fd >= 0)
		close(fd);
	return got > 0 && !strncmp(data, text, strlen(text));
}

static bool is_shared_device(const char *name)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), PCI_DEVICES "/%s/device", name);
	if (!file_starts_with(path, "0x1110"))
		return false;
	snprintf(path, sizeof(path), PCI_DEVICES "/%s/vendor", name);
	return file_starts_with(path, "0x1af4");
}

/* The shared memory, as the file of the PCI resource that mmap() takes. */
static int open_shared(void)
{
	char path[PATH_MAX];
	struct dirent *entry;
	DIR *dir = opendir(PCI_DEVICES);
	int fd;

	must(dir, PCI_DEVICES);
	while ((entry = readdir(dir)) && !is_shared_device(entry->d_name))
		;
	must(entry, "no shared memory device");
	snprintf(path, sizeof(path), PCI_DEVICES "/%s/enable", entry->d_name);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	must(fd >= 0 && write(fd, "1", 1) == 1, path);
	close(fd);
	snprintf(path, sizeof(path), PCI_DEVICES "/%s/resource2", entry->d_name);
	closedir(dir);
	fd = open(path, O_RDWR | O_CLOEXEC);
	must(fd >= 0, path);
	return fd;
}

static void bind(const char *source)
{
	char target[PATH_MAX];

	snprintf(target, sizeof(target), INIT_ROOT "%s", source);
	must(!mount(source, target, NULL, MS_BIND | MS_REC, NULL), target);
}

/* What is staged in /tmp can be seen there, and all can be written over. */
static void make_tmp(void)
{
	mount_or_die("tmpfs", "/overlay", 0);
	mkdir("/overlay/tmp", 0777);
	mkdir("/overlay/work", 0700);
	must(!chmod("/overlay/tmp", 01777), "/overlay/tmp");
	must(!mount("overlay", INIT_ROOT "/tmp", "overlay", 0,
		    "lowerdir=" INIT_ROOT "/tmp,upperdir=/overlay/tmp,workdir=/overlay/work"), "/tmp");
}

static char *make_root(int shared, const struct lab_job *job)
{
	char *unstaged = mmap(NULL, PATH_MAX, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int err;

	must(unstaged != MAP_FAILED, "mmap");
	mkdir(INIT_ROOT, 0755);
	mkdir(INIT_HOST, 0755);
	err = rootfs_start(shared, job, unstaged);
	errno = -err;
	must(!err, "root filesystem");
	bind("/proc");
	bind("/sys");
	bind("/dev");
	bind("/run");
	make_tmp();
	must(!mkdir(INIT_ROOT LAB_OUT, 0755), LAB_OUT);
	return unstaged;
}

static void run_command(const struct lab_job *job)
{
	static char *argv[sizeof(job->strings) / 2];
	const char *end = job->strings + sizeof(job->strings);
	const char *cwd = job->strings, *at = cwd;
	uint32_t i;

	for (i = 0; i < job->argc && i + 1 < sizeof(argv) / sizeof(*argv) && at < end; i++) {
		at += strnlen(at, end - at) + 1;
		argv[i] = (char *)at;
	}
	if (chroot(INIT_ROOT) || chdir(cwd))
		return;
	setsid();
	execve(argv[0], argv, environment);
}

static int open_output(const char *path)
{
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_TRUNC | O_APPEND, 0600);

	must(fd >= 0, path);
	return fd;
}

/* Run the job to its end; what it leaves running is left to the machine's end. */
static void run_job(const struct lab_job *job, struct lab_result *result)
{
	int status, out = open_output(STDOUT_FILE), err = open_output(STDERR_FILE);
	int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
	int *exec_errno = mmap(NULL, sizeof(int), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
			       -1, 0);
	pid_t pid, command = fork();

	must(command >= 0 && exec_errno != MAP_FAILED, "fork");
	if (command == 0) {
		dup2(null, 0);
		dup2(out, 1);
		dup2(err, 2);
		run_command(job);
		*exec_errno = errno;
		_exit(127);
	}
	do {
		pid = wait(&status);
	} while (pid != command && (pid > 0 || errno == EINTR));
	result->wait_status = status;
	result->exec_errno = *exec_errno;
	close(out);
	close(err);
	close(null);
}

int main(void)
{
	static struct lab_result result;
	struct lab_job *job;
	char *unstaged;
	int shared;

	mount_or_die("proc", "/proc", 0);
	mount_or_die("sysfs", "/sys", 0);
	mkdir("/dev", 0755);
	mount("devtmpfs", "/dev", "devtmpfs", 0, NULL); /* the kernel may have done it */
	mount_or_die("tmpfs", "/run", 0);
	load_modules();
	must(!mount("xenfs", "/proc/xen", "xenfs", 0, NULL), "/proc/xen");
	mount("debugfs", "/sys/kernel/debug", "debugfs", 0, NULL);
	mount("tracefs", "/sys/kernel/tracing", "tracefs", 0, NULL);
	mount_or_die("tmpfs", "/dev/shm", 0);

	shared = open_shared();
	job = mmap(NULL, sizeof(*job), PROT_READ | PROT_WRITE, MAP_SHARED, shared, 0);
	must(job != MAP_FAILED, "mmap of the shared memory");
	must(!ioperm(LAB_PORT_STOP, 1, 1) && !ioperm(LAB_PORT_EXIT, 4, 1), "ioperm");

	unstaged = make_root(shared, job);
	if (job->flags & LAB_FLAG_SNAPSHOT) {
		sleep(2); /* free in exact mode, and what start-up left behind settles */
		outb(1, LAB_PORT_STOP);
	}
	/* Here a machine made from the snapshot begins. */
	must(job->magic == LAB_MAGIC, "no job");
	run_job(job, &result);
	copy_text(result.unstaged, sizeof(result.unstaged), unstaged);
	send_results(shared, &result, INIT_ROOT LAB_OUT, STDOUT_FILE, STDERR_FILE);
	outl(LAB_EXIT_VALUE, LAB_PORT_EXIT);
	sleep(10); /* QEMU 10 ends a little later */
	must(false, "the machine runs on");
}
