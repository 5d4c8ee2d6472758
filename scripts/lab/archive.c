// SPDX-License-Identifier: GPL-2.0-only
/*
 * What goes into the machine: the initramfs, as a file that is made when it is needed, and the
 * staged files. Their hashes are remembered under the names, sizes and times of the files they are
 * made of, so that a run from a snapshot need not read what it has read before.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/msg.h"
#include "scripts/lab/initrd.h"
#include "scripts/lab/lab.h"
#include "scripts/lab/shared.h"

static char *init_program(const struct lab *lab)
{
	return format("%s/bin/claimperf-lab-init", lab->build);
}

static int build_initrd(const struct lab *lab, struct buffer *archive)
{
	char *init = init_program(lab), *modules = format("%s/kernel/modules", lab->folder);
	int err = initrd_build(archive, init, modules);

	free(init);
	free(modules);
	return err;
}

static void add_file(struct buffer *identity, const char *path)
{
	struct stat st = { 0 };

	stat(path, &st); /* that it cannot be read is found out when it is */
	buffer_printf(identity, "%s %ju %ju %jd %jd.%09ld %jd.%09ld\n", path, (uintmax_t)st.st_dev,
		      (uintmax_t)st.st_ino, (intmax_t)st.st_size, (intmax_t)st.st_mtim.tv_sec,
		      st.st_mtim.tv_nsec, (intmax_t)st.st_ctim.tv_sec, st.st_ctim.tv_nsec);
}

static void identify_initrd(const struct lab *lab, struct buffer *identity)
{
	char *init = init_program(lab), *release = format("%s/kernel/release", lab->folder);

	buffer_printf(identity, "initrd\n");
	add_file(identity, init);
	add_file(identity, release);
	free(release);
	free(init);
}

static void identify_staged(const struct lab *lab, struct buffer *identity)
{
	size_t i;

	buffer_printf(identity, "staged\n");
	for (i = 0; i < lab->stage.count; i++) {
		const struct stage_entry *entry = &lab->stage.entries[i];

		buffer_printf(identity, "%o %s %s\n", (unsigned int)entry->mode, entry->path,
			      entry->target ? entry->target : "");
		if (S_ISREG(entry->mode))
			add_file(identity, entry->path);
	}
}

/* Other runs may write the same file: each writes its own, the last name wins. */
static int write_atomically(const char *path, const void *data, size_t size)
{
	char *tmp = format("%s.%d", path, getpid());
	int err = write_file(tmp, data, size);

	if (!err && rename(tmp, path))
		err = -errno;
	if (err) {
		unlink(tmp);
		msg("%s: %s", path, strerror(-err));
	}
	free(tmp);
	return err;
}

static char *memo_path(const struct lab *lab, const struct buffer *identity)
{
	char hex[SHA256_HEX];

	sha256_hex(identity->data, identity->size, hex);
	return format("%s/hashes/%.32s", lab->folder, hex);
}

static bool recall(const struct lab *lab, const struct buffer *identity, char hex[SHA256_HEX])
{
	char *path = memo_path(lab, identity);
	struct buffer text = { 0 };
	bool found = !read_file(path, &text) && text.size == SHA256_HEX - 1;

	if (found)
		memcpy(hex, text.data, SHA256_HEX);
	buffer_free(&text);
	free(path);
	return found;
}

static int hash_and_remember(const struct lab *lab, const struct buffer *identity,
			     const struct buffer *data, char hex[SHA256_HEX])
{
	char *path = memo_path(lab, identity);
	int err;

	sha256_hex(data->data, data->size, hex);
	err = write_atomically(path, hex, SHA256_HEX - 1);
	free(path);
	return err;
}

int archive_identify(struct lab *lab)
{
	char *folder = format("%s/hashes", lab->folder);
	struct buffer identity = { 0 }, archive = { 0 };
	int err = make_folders(folder);

	identify_initrd(lab, &identity);
	if (!err && !recall(lab, &identity, lab->initrd_sha)) {
		err = build_initrd(lab, &archive);
		if (!err)
			err = hash_and_remember(lab, &identity, &archive, lab->initrd_sha);
	}
	buffer_free(&archive);
	buffer_free(&identity);
	free(folder);
	return err;
}

int archive_store(const struct lab *lab, char **name)
{
	char *folder = format("%s/initrd", lab->folder), *path;
	struct buffer archive = { 0 };
	int err = make_folders(folder);

	*name = format("initrd/%.32s.cpio", lab->initrd_sha);
	path = format("%s/%s", lab->folder, *name);
	if (!err && access(path, F_OK)) {
		err = build_initrd(lab, &archive);
		if (!err)
			err = write_atomically(path, archive.data, archive.size);
	}
	buffer_free(&archive);
	free(path);
	free(folder);
	return err;
}

int archive_stage(struct lab *lab)
{
	struct buffer identity = { 0 }, packed = { 0 };
	int err = stage_pack(&lab->stage, &packed);

	if (!err && packed.size > LAB_RESULTS - LAB_STAGED) {
		msg("staged files are larger than %lu MiB", (LAB_RESULTS - LAB_STAGED) >> 20);
		err = -EFBIG;
	}
	if (!err && pwrite(lab->shared_fd, packed.data, packed.size, LAB_STAGED) !=
		    (ssize_t)packed.size)
		err = -errno;
	identify_staged(lab, &identity);
	if (!err && !recall(lab, &identity, lab->staged_sha))
		err = hash_and_remember(lab, &identity, &packed, lab->staged_sha);
	buffer_free(&identity);
	buffer_free(&packed);
	return err;
}
