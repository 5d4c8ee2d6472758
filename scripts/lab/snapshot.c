// SPDX-License-Identifier: GPL-2.0-only
/*
 * Snapshots: a machine that has booted and waits for its job. The guest's memory lies in files,
 * which a run maps privately (nothing is copied until it is written); the rest, a few hundred
 * kilobytes, is QEMU's migration stream. The files' name is the hash of all that shapes them.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/clock.h"
#include "lib/msg.h"
#include "scripts/lab/lab.h"
#include "scripts/lab/shared.h"
#include "scripts/lab/state.h"

/* Change it when /init or the files of a snapshot change their meaning. */
#define SNAPSHOT_FORMAT 3

static const char save_setup[] =
	"{\"execute\":\"qmp_capabilities\"}\n"
	"{\"execute\":\"migrate-set-capabilities\",\"arguments\":{\"capabilities\":["
	"{\"capability\":\"x-ignore-shared\",\"state\":true},"
	"{\"capability\":\"events\",\"state\":true}]}}\n";
/* The file gets its name when it is whole: QEMU says "completed" while cat still writes. */
static const char save_state[] =
	"{\"execute\":\"migrate\",\"arguments\":{\"uri\":\"exec:"
	"cat >\\\"$LAB_STATE.part\\\" && mv \\\"$LAB_STATE.part\\\" \\\"$LAB_STATE\\\"\"}}\n";

/* QEMU's program file stands for its version: asking it takes 50 ms. */
static void add_program(const char *name, struct buffer *key)
{
	char *argv[] = { "which", (char *)name, NULL };
	struct buffer path = { 0 };
	struct stat st;

	run_program(argv, &path);
	if (path.size)
		path.data[path.size - 1] = '\0';
	if (path.size && !stat(path.data, &st))
		buffer_printf(key, "%s %jd %jd\n", path.data, (intmax_t)st.st_size,
			      (intmax_t)st.st_mtime);
	buffer_free(&path);
}

static char *make_key(const struct lab *lab)
{
	struct buffer text = { 0 };
	char hex[SHA256_HEX], *release = format("%s/kernel/release", lab->folder);

	buffer_printf(&text, "format %d\nimage %s\ninitrd %s\n", SNAPSHOT_FORMAT, lab->image_sha,
		      lab->initrd_sha);
	read_file(release, &text);
	add_program(machine_qemu(), &text);
	machine_describe(&lab->machine, &text);
	sha256_hex(text.data, text.size, hex);
	buffer_free(&text);
	free(release);
	return format("%.32s", hex);
}

static int wait_for_file(const struct lab *lab, const char *path, uint64_t deadline)
{
	while (access(path, F_OK)) {
		if (qemu_interrupted(lab->signal_fd, 1))
			return -EINTR;
		if (clock_ns() >= deadline)
			return -ETIMEDOUT;
	}
	return 0;
}

static int boot_and_save(struct lab *lab, struct qemu *q, const char *state)
{
	uint64_t deadline = clock_ns() + lab->boot_timeout_ns;
	enum qemu_event event;

	qemu_command(q, save_setup);
	event = qemu_wait(q, deadline);
	if (event == QEMU_STOPPED) {
		qemu_command(q, save_state);
		event = qemu_wait(q, deadline);
	}
	if (event == QEMU_MIGRATED)
		return wait_for_file(lab, state, deadline);
	report_failure(q, event, "dom0 did not come up", lab->boot_timeout_ns);
	return -EIO;
}

static int correct_state(const char *path)
{
	struct buffer state = { 0 };
	int err = read_file(path, &state);

	if (!err)
		err = state_correct(&state, BOOT_SHIFT);
	if (!err)
		err = write_file(path, state.data, state.size);
	if (err)
		msg("%s: not as expected of QEMU: %s", path, strerror(-err));
	buffer_free(&state);
	return err;
}

/* What a later run wants to know of the boot. */
static int describe(const struct lab *lab, const struct qemu *q, const char *folder)
{
	char *console = format("%s/console.txt", folder), *path = format("%s/qemu", folder);
	char *version = fingerprint_qemu(lab);
	int err = write_file(console, q->console.data, q->console.size);

	if (!err)
		err = write_file(path, version, strlen(version));
	free(version);
	free(path);
	free(console);
	return err;
}

static int make_snapshot(struct lab *lab, const char *folder)
{
	static struct lab_job job = { .flags = LAB_FLAG_SNAPSHOT };
	struct machine_files files = { .turns = lab->turns };
	char *memory = format("%s/ram", folder), *state = format("%s/state", folder), *initrd = NULL;
	char **args = NULL;
	struct qemu q;
	int err;

	files.memory = memory;
	err = archive_store(lab, &initrd);
	if (err)
		goto out;
	files.initrd = initrd;
	if (pwrite(lab->shared_fd, &job, sizeof(job), 0) != sizeof(job)) {
		err = -errno;
		goto out;
	}
	args = machine_args(&lab->machine, MACHINE_SAVE, &files);
	err = qemu_start(&q, args, lab->folder, lab->signal_fd, lab->shared_fd, -1, state);
	if (err)
		goto out;
	err = boot_and_save(lab, &q, state);
	if (!err)
		err = correct_state(state);
	if (!err)
		err = describe(lab, &q, folder);
	qemu_end(&q);
out:
	if (args)
		machine_free_args(args);
	free(memory);
	free(state);
	free(initrd);
	return err;
}

static int make_atomically(struct lab *lab)
{
	char *tmp = format("%s.tmp", lab->snapshot);
	int err;

	remove_tree(tmp); /* of one that was killed; the lock says that nobody works on it */
	err = make_folders(tmp);
	if (!err) {
		msg("booting %s once for a snapshot", lab->machine.image);
		err = make_snapshot(lab, tmp);
	}
	if (!err && rename(tmp, lab->snapshot))
		err = -errno;
	if (err)
		remove_tree(tmp);
	free(tmp);
	return err;
}

/*
 * Held shared until the run ends. Waiting for another run's boot takes long, so it can be interrupted.
 */
static int lock_snapshot(struct lab *lab, const char *path, int operation)
{
	if (lab->snapshot_lock < 0)
		lab->snapshot_lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
	if (lab->snapshot_lock < 0)
		return -errno;
	while (flock(lab->snapshot_lock, operation | LOCK_NB)) {
		if (errno != EWOULDBLOCK)
			return -errno;
		if (qemu_interrupted(lab->signal_fd, 50))
			return -EINTR;
	}
	return 0;
}

int snapshot_ensure(struct lab *lab)
{
	char *folder = format("%s/snapshots", lab->folder), *key = make_key(lab);
	char *lock = format("%s/%s.lock", folder, key);
	int err = make_folders(folder);

	lab->snapshot = format("%s/%s", folder, key);
	if (!err)
		err = lock_snapshot(lab, lock, LOCK_SH);
	while (!err && access(lab->snapshot, F_OK)) {
		err = lock_snapshot(lab, lock, LOCK_EX);
		if (!err && access(lab->snapshot, F_OK)) {
			prune_snapshots(folder);
			err = make_atomically(lab);
		}
		/* Not atomic: it may be removed in between, hence the loop. */
		if (!err)
			err = lock_snapshot(lab, lock, LOCK_SH);
	}
	if (!err)
		utimensat(AT_FDCWD, lab->snapshot, NULL, 0); /* used now, see prune.c */
	else if (err != -EIO && err != -EINTR) /* those were reported */
		msg("%s: %s", lab->snapshot, strerror(-err));
	free(key);
	free(lock);
	free(folder);
	return err;
}
