// SPDX-License-Identifier: GPL-2.0-only
/* A snapshot takes about 300 MB, and each new image, program or topology makes one. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "scripts/lab/lab.h"

#define SNAPSHOTS_KEPT 16

struct candidate {
	char *path;
	struct timespec used;
};

static int is_snapshot(const struct dirent *entry)
{
	return entry->d_name[0] != '.' && !strstr(entry->d_name, ".lock");
}

static int newest_first(const void *a, const void *b)
{
	const struct timespec *x = &((const struct candidate *)a)->used;
	const struct timespec *y = &((const struct candidate *)b)->used;

	if (x->tv_sec != y->tv_sec)
		return (x->tv_sec < y->tv_sec) - (x->tv_sec > y->tv_sec);
	return (x->tv_nsec < y->tv_nsec) - (x->tv_nsec > y->tv_nsec);
}

/* Unless someone uses it or makes it, which its lock tells. */
static void remove_unused(const char *path)
{
	size_t length = strlen(path);
	bool unfinished = length > 4 && !strcmp(path + length - 4, ".tmp");
	char *lock = format("%.*s.lock", (int)(unfinished ? length - 4 : length), path);
	int fd = open(lock, O_RDWR | O_CREAT | O_CLOEXEC, 0644);

	if (fd >= 0 && !flock(fd, LOCK_EX | LOCK_NB))
		remove_tree(path);
	if (fd >= 0)
		close(fd);
	free(lock);
}

void prune_snapshots(const char *folder)
{
	struct candidate *list;
	struct dirent **entries;
	struct stat st;
	int i, n = scandir(folder, &entries, is_snapshot, alphasort);

	if (n <= 0)
		return;
	list = calloc(n, sizeof(*list));
	for (i = 0; i < n; i++) {
		if (list) {
			list[i].path = format("%s/%s", folder, entries[i]->d_name);
			if (!stat(list[i].path, &st))
				list[i].used = st.st_mtim;
		}
		free(entries[i]);
	}
	free(entries);
	if (!list)
		return;
	qsort(list, n, sizeof(*list), newest_first);
	for (i = 0; i < n; i++) {
		if (i >= SNAPSHOTS_KEPT)
			remove_unused(list[i].path);
		free(list[i].path);
	}
	free(list);
}
