// SPDX-License-Identifier: GPL-2.0-only
#include "scripts/lab/initrd.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "lib/msg.h"

struct writer {
	struct buffer *archive;
	unsigned int inode;
};

static void pad(struct buffer *archive)
{
	buffer_add(archive, "\0\0\0", -archive->size & 3);
}

/* One entry of a "newc" archive. */
static void put(struct writer *w, const char *path, mode_t mode, const void *data, size_t size)
{
	path += *path == '/';
	buffer_printf(w->archive, "070701%08x%08x%08x%08x%08x%08x%08zx%08x%08x%08x%08x%08zx%08x",
		      ++w->inode, (unsigned int)mode, 0, 0, 1, 0, size, 0, 0, 0, 0, strlen(path) + 1,
		      0);
	buffer_add(w->archive, path, strlen(path) + 1);
	pad(w->archive);
	buffer_add(w->archive, data, size);
	pad(w->archive);
}

static int put_file(struct writer *w, const char *path, mode_t mode, const char *source)
{
	struct buffer data = { 0 };
	int err = read_file(source, &data);

	if (err)
		msg("%s: %s", source, strerror(-err));
	else
		put(w, path, mode, data.data, data.size);
	buffer_free(&data);
	return err;
}

static int is_module(const struct dirent *entry)
{
	return strstr(entry->d_name, ".ko") != NULL;
}

static int put_modules(struct writer *w, const char *folder)
{
	struct dirent **entries;
	char *path, *source;
	int i, err = 0, n = scandir(folder, &entries, is_module, alphasort);

	if (n < 0) {
		msg("%s: %s", folder, strerror(errno));
		return -errno;
	}
	put(w, "modules", S_IFDIR | 0755, NULL, 0);
	for (i = 0; i < n; i++) {
		path = format("modules/%s", entries[i]->d_name);
		source = format("%s/%s", folder, entries[i]->d_name);
		if (!err)
			err = put_file(w, path, S_IFREG | 0644, source);
		free(path);
		free(source);
		free(entries[i]);
	}
	free(entries);
	return err;
}

int initrd_build(struct buffer *archive, const char *init_program, const char *module_folder)
{
	struct writer w = { .archive = archive };
	int err;

	put(&w, "dev", S_IFDIR | 0755, NULL, 0);
	err = put_file(&w, "init", S_IFREG | 0755, init_program);
	if (!err)
		err = put_modules(&w, module_folder);
	put(&w, "TRAILER!!!", 0, NULL, 0);
	buffer_add(archive, (char[512]){ 0 }, -archive->size & 511);
	return err;
}
