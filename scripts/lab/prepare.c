// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "lib/msg.h"
#include "scripts/lab/lab.h"
#include "scripts/lab/shared.h"

#define BOOT_TIMEOUT_S 120ULL

/* The project's root: this program is ROOT/BUILD/bin/claimperf-lab-exec. */
static char *find_folder(const char *variable, const char *from_program)
{
	char self[PATH_MAX] = "", *path;

	if (getenv(variable))
		return format("%s", getenv(variable));
	if (readlink("/proc/self/exe", self, sizeof(self) - 1) < 0)
		die(EXIT_USAGE, "/proc/self/exe: %s", strerror(errno));
	*strrchr(self, '/') = '\0';
	path = format("%s/%s", self, from_program);
	if (!realpath(path, self))
		die(EXIT_USAGE, "%s: %s", path, strerror(errno));
	free(path);
	return format("%s", self);
}

static char *must_real_path(const char *path)
{
	char *real = realpath(path, NULL);

	if (!real)
		die(EXIT_USAGE, "%s: %s", path, strerror(errno));
	return real;
}

/* Absolute, but with symbolic links as they are: programs look at the name they are called by. */
static char *absolute_path(const char *path, const char *folder)
{
	return *path == '/' ? format("%s", path) : format("%s/%s", folder, path);
}

static char *find_program(const char *name, const char *folder)
{
	static const char *const folders[] = { "/usr/sbin", "/usr/bin", "/sbin", "/bin" };
	char *path;
	size_t i;

	if (strchr(name, '/')) {
		path = absolute_path(name, folder);
		if (access(path, X_OK))
			die(EXIT_USAGE, "%s: %s", path, strerror(errno));
		return path;
	}
	for (i = 0; i < sizeof(folders) / sizeof(*folders); i++) {
		path = format("%s/%s", folders[i], name);
		if (!access(path, X_OK))
			return path;
		free(path);
	}
	die(EXIT_USAGE, "%s: no such program in /usr/sbin or /usr/bin", name);
}

static void read_image_sha(struct lab *lab)
{
	struct buffer data = { 0 };
	int err = read_file(lab->machine.image, &data);

	if (err)
		die(EXIT_USAGE, "%s: %s", lab->machine.image, strerror(-err));
	sha256_hex(data.data, data.size, lab->image_sha);
	buffer_free(&data);
}

static char *build_image(const char *root, const char *variant)
{
	char *argv[] = { format("%s/scripts/lab/build", root), (char *)variant, NULL };
	struct buffer path = { 0 };
	int status = run_program(argv, &path);

	if (status || !path.size)
		die(EXIT_USAGE, "could not build the hypervisor %s", variant);
	path.data[strcspn(path.data, "\n")] = '\0';
	free(argv[0]);
	return path.data;
}

static void fetch_kernel(const char *root, const char *lab_folder)
{
	char *folder = format("%s/kernel", lab_folder), *release = format("%s/release", folder);
	char *argv[] = { format("%s/scripts/lab/kernel", root), folder, NULL };

	if (access(release, F_OK) && run_program(argv, NULL))
		die(EXIT_USAGE, "no kernel for dom0");
	free(argv[0]);
	free(folder);
	free(release);
}

static void find_staged(struct lab *lab, const struct options *o)
{
	char cwd[PATH_MAX], *path;
	int err;
	size_t i;

	if (!getcwd(cwd, sizeof(cwd)))
		die(EXIT_USAGE, "current folder: %s", strerror(errno));
	err = stage_add_common(&lab->stage);
	if (!err)
		err = stage_add(&lab->stage, lab->program);
	if (err)
		die(EXIT_USAGE, "%s: %s", lab->program, strerror(-err));
	for (i = 0; i < o->staged_count; i++) {
		path = absolute_path(o->staged[i], cwd);
		err = stage_add(&lab->stage, path);
		if (err)
			die(EXIT_USAGE, "--stage %s: %s", path, strerror(-err));
		free(path);
	}
}

static void open_channels(struct lab *lab)
{
	lab->signal_fd = qemu_block_signals();
	lab->shared_fd = memfd_create("lab", MFD_CLOEXEC);
	if (lab->signal_fd < 0 || lab->shared_fd < 0 || ftruncate(lab->shared_fd, LAB_SHARED_BYTES))
		die(EXIT_USAGE, "cannot set up: %s", strerror(errno));
}

void lab_prepare(struct lab *lab, const struct options *o)
{
	uint64_t boot_s = o->timeout_s < BOOT_TIMEOUT_S ? o->timeout_s : BOOT_TIMEOUT_S;
	char *image;

	*lab = (struct lab){ .snapshot_lock = -1 };
	lab->timeout_ns = o->timeout_s * 1000000000;
	lab->boot_timeout_ns = boot_s * 1000000000;
	lab->root = find_folder("CLAIMPERF_ROOT", "../..");
	lab->build = find_folder("CLAIMPERF_BUILD", "..");
	lab->turns = format("%s/lib/turns.so", lab->build);
	lab->folder = format("%s/lab", lab->build);
	if (!o->parallel && access(lab->turns, R_OK))
		die(EXIT_USAGE, "%s: %s; exact mode needs it, 'make bin' builds it", lab->turns, strerror(errno));
	lab->cwd = must_real_path(o->chdir ? o->chdir : ".");
	lab->program = find_program(o->command[0], lab->cwd);
	if (o->out && make_folders(o->out))
		die(EXIT_USAGE, "--out %s: cannot make this folder", o->out);
	image = o->image ? must_real_path(o->image)
			 : build_image(lab->root, o->variant ? o->variant : "claims");
	lab->machine = (struct machine){
		.image = image,
		.nodes = o->nodes,
		.cpus = o->cpus,
		.memory = o->memory,
		.exact = !o->parallel,
	};
	plugins_prepare(lab, o);
	read_image_sha(lab);
	fetch_kernel(lab->root, lab->folder);
	find_staged(lab, o);
	open_channels(lab);
	if (archive_identify(lab) || archive_stage(lab))
		exit(EXIT_USAGE);
}
