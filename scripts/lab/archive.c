// SPDX-License-Identifier: GPL-2.0-only
/*
 * The initramfs as a file that is made when it is needed. A run from a snapshot needs its hash
 * alone; that is remembered under the names, sizes and times of the files it is made of, so that
 * such a run need not read them.
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

static char *init_program(const struct lab *lab)
{
	return format("%s/bin/claimperf-lab-init", lab->build);
}

static void add_file(struct buffer *text, const char *path)
{
	struct stat st = { 0 };

	stat(path, &st); /* that it cannot be read is found out when it is */
	buffer_printf(text, "%s %ju %ju %jd %jd.%09ld %jd.%09ld\n", path, (uintmax_t)st.st_dev,
		      (uintmax_t)st.st_ino, (intmax_t)st.st_size, (intmax_t)st.st_mtim.tv_sec,
		      st.st_mtim.tv_nsec, (intmax_t)st.st_ctim.tv_sec, st.st_ctim.tv_nsec);
}

/* Where the hash is remembered. */
static char *memo_path(const struct lab *lab)
{
	char *init = init_program(lab), *release = format("%s/kernel/release", lab->folder), *path;
	char hex[SHA256_HEX];
	struct buffer text = { 0 };
	size_t i;

	add_file(&text, init);
	add_file(&text, release);
	for (i = 0; i < lab->stage.count; i++) {
		const struct stage_entry *entry = &lab->stage.entries[i];

		buffer_printf(&text, "%o %s %s\n", (unsigned int)entry->mode, entry->path,
			      entry->target ? entry->target : "");
		if (S_ISREG(entry->mode))
			add_file(&text, entry->path);
	}
	sha256_hex(text.data, text.size, hex);
	path = format("%s/initrd/%.32s.sha256", lab->folder, hex);
	buffer_free(&text);
	free(release);
	free(init);
	return path;
}

static int build(const struct lab *lab, struct buffer *archive)
{
	char *init = init_program(lab), *modules = format("%s/kernel/modules", lab->folder);
	int err = initrd_build(archive, &lab->stage, init, modules);

	free(init);
	free(modules);
	return err;
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

int archive_identify(struct lab *lab)
{
	char *folder = format("%s/initrd", lab->folder), *memo = memo_path(lab);
	struct buffer sha = { 0 }, archive = { 0 };
	int err = make_folders(folder);

	if (!err && (read_file(memo, &sha) || sha.size != SHA256_HEX - 1)) {
		err = build(lab, &archive);
		if (!err) {
			sha256_hex(archive.data, archive.size, lab->initrd_sha);
			err = write_atomically(memo, lab->initrd_sha, SHA256_HEX - 1);
		}
	} else if (!err) {
		memcpy(lab->initrd_sha, sha.data, SHA256_HEX);
	}
	buffer_free(&archive);
	buffer_free(&sha);
	free(memo);
	free(folder);
	return err;
}

int archive_store(const struct lab *lab, char **name)
{
	char hex[SHA256_HEX], *path;
	struct buffer archive = { 0 };
	int err = 0;

	*name = format("initrd/%.32s.cpio", lab->initrd_sha);
	path = format("%s/%s", lab->folder, *name);
	if (access(path, F_OK)) {
		err = build(lab, &archive);
		if (!err) {
			sha256_hex(archive.data, archive.size, hex);
			err = strcmp(hex, lab->initrd_sha) ? -ESTALE : 0;
			if (err)
				msg("a staged file changed while it was read");
		}
		if (!err)
			err = write_atomically(path, archive.data, archive.size);
	}
	buffer_free(&archive);
	free(path);
	return err;
}
