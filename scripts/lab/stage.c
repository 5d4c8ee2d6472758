// SPDX-License-Identifier: GPL-2.0-only
#include "scripts/lab/stage.h"

#include <dirent.h>
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/msg.h"
#include "scripts/lab/files.h"
#include "scripts/lab/shared.h"

#define LOADER "/lib64/ld-linux-x86-64.so.2"
#define MAX_LINKS 40

static const char *const command_path[] = { "/usr/sbin", "/usr/bin", "/sbin", "/bin" };

static struct stage_entry *find_entry(const struct stage *stage, const char *path)
{
	size_t i;

	for (i = 0; i < stage->count; i++)
		if (!strcmp(stage->entries[i].path, path))
			return &stage->entries[i];
	return NULL;
}

static void add_entry(struct stage *stage, const char *path, mode_t mode, const char *target)
{
	struct stage_entry *entry;

	if (find_entry(stage, path))
		return;
	if (stage->count % 64 == 0) {
		stage->entries = realloc(stage->entries, (stage->count + 64) * sizeof(*entry));
		if (!stage->entries)
			die(EXIT_USAGE, "out of memory");
	}
	entry = &stage->entries[stage->count++];
	entry->path = format("%s", path);
	entry->mode = mode;
	entry->target = target ? format("%s", target) : NULL;
}

static int walk(struct stage *stage, const char *path, int links, char real[PATH_MAX]);

/* The path goes on through a symbolic link: add the link, then what it points to. */
static int follow(struct stage *stage, const char *link, const char *rest, int links,
		  char real[PATH_MAX])
{
	char target[PATH_MAX], *next;
	ssize_t length = readlink(link, target, sizeof(target) - 1);
	int err;

	if (length < 0)
		return -errno;
	if (links == MAX_LINKS)
		return -ELOOP;
	target[length] = '\0';
	add_entry(stage, link, S_IFLNK | 0777, target);
	if (target[0] == '/')
		next = format("%s/%s", target, rest);
	else
		next = format("%.*s/%s/%s", (int)(strrchr(link, '/') - link), link, target, rest);
	err = walk(stage, next, links + 1, real);
	free(next);
	return err;
}

/*
 * Add each component of path. real becomes the path without symbolic links, or "" when the host
 * has no such file.
 */
static int walk(struct stage *stage, const char *path, int links, char real[PATH_MAX])
{
	char at[PATH_MAX] = "";
	const char *end;
	struct stat st;
	size_t used = 0;

	real[0] = '\0';
	for (; *path; path = end) {
		path += strspn(path, "/");
		end = path + strcspn(path, "/");
		if (end == path || (end == path + 1 && *path == '.'))
			continue;
		if (end == path + 2 && !strncmp(path, "..", 2)) {
			while (used && at[--used] != '/')
				;
			at[used] = '\0';
			continue;
		}
		if (used + 1 + (end - path) >= PATH_MAX)
			return -ENAMETOOLONG;
		used += sprintf(at + used, "/%.*s", (int)(end - path), path);
		if (lstat(at, &st)) {
			if (errno != ENOENT && errno != ENOTDIR)
				return -errno;
			add_entry(stage, at, 0, NULL);
			return 0;
		}
		if (S_ISLNK(st.st_mode))
			return follow(stage, at, end, links, real);
		if (!S_ISDIR(st.st_mode) && !S_ISREG(st.st_mode))
			return 0;
		add_entry(stage, at, st.st_mode, NULL);
	}
	strcpy(real, used ? at : "/");
	return 0;
}

/* A program found by name must be known not to be in the folders searched before. */
static int add_earlier_names(struct stage *stage, const char *path)
{
	const char *name = strrchr(path, '/') + 1;
	char other[PATH_MAX], real[PATH_MAX];
	bool wanted = false;
	size_t i;
	int err;

	for (i = 4; i-- > 0;) {
		if (wanted) {
			snprintf(other, sizeof(other), "%s/%s", command_path[i], name);
			err = walk(stage, other, 0, real);
			if (err)
				return err;
		}
		if (!strncmp(path, command_path[i], name - path - 1) &&
		    !command_path[i][name - path - 1])
			wanted = true;
	}
	return 0;
}

/* Let the loader itself say which libraries it would load: lines like "NAME => PATH (0x…)". */
static int add_libraries(struct stage *stage, const char *program, const char *loader)
{
	char *argv[] = { "env", "-u", "LD_LIBRARY_PATH", "-u", "LD_PRELOAD", (char *)loader, "--list",
			 (char *)program, NULL };
	char real[PATH_MAX], *line, *save, *start, *end;
	struct buffer out = { 0 };
	int err = walk(stage, loader, 0, real);

	if (err || run_program(argv, &out))
		return err; /* not for this loader: COMMAND will say what it misses */
	for (line = strtok_r(out.data, "\n", &save); line && !err; line = strtok_r(NULL, "\n", &save)) {
		start = strchr(line, '/');
		end = start ? strstr(start, " (0x") : NULL;
		if (!end || !strncmp(start, loader, end - start))
			continue;
		*end = '\0';
		err = walk(stage, start, 0, real);
	}
	buffer_free(&out);
	return err;
}

static int add_interpreter(struct stage *stage, char *line)
{
	char *save, *program = strtok_r(line + 2, " \t\r\n", &save);
	char *argument = strtok_r(NULL, " \t\r\n", &save), path[PATH_MAX];
	int err = program && *program == '/' ? stage_add(stage, program) : 0;
	size_t i;

	/* "#!/usr/bin/env NAME" */
	if (err || !program || strcmp(program, "/usr/bin/env") || !argument)
		return err;
	for (i = 0; i < 4; i++) {
		snprintf(path, sizeof(path), "%s/%s", command_path[i], argument);
		if (!access(path, X_OK))
			return stage_add(stage, path);
	}
	return 0;
}

static int add_elf(struct stage *stage, const char *path, int fd, const Elf64_Ehdr *header)
{
	char loader[PATH_MAX] = "";
	bool dynamic = false;
	Elf64_Phdr phdr;
	int i;

	if (header->e_ident[EI_CLASS] != ELFCLASS64 || header->e_phentsize != sizeof(phdr))
		return 0;
	for (i = 0; i < header->e_phnum; i++) {
		if (pread(fd, &phdr, sizeof(phdr), header->e_phoff + i * sizeof(phdr)) != sizeof(phdr))
			return 0;
		if (phdr.p_type == PT_DYNAMIC)
			dynamic = true;
		if (phdr.p_type == PT_INTERP && phdr.p_filesz < sizeof(loader) &&
		    pread(fd, loader, phdr.p_filesz, phdr.p_offset) != (ssize_t)phdr.p_filesz)
			return 0;
	}
	return dynamic ? add_libraries(stage, path, *loader ? loader : LOADER) : 0;
}

/* What the file needs to start. */
static int add_needs(struct stage *stage, const char *path)
{
	union {
		Elf64_Ehdr elf;
		char text[256];
	} head = { 0 };
	int err = 0, fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	if (pread(fd, &head, sizeof(head) - 1, 0) > 4) {
		if (!memcmp(head.text, "#!", 2)) {
			head.text[strcspn(head.text, "\n")] = '\0';
			err = add_interpreter(stage, head.text);
		} else if (!memcmp(head.text, ELFMAG, SELFMAG)) {
			err = add_elf(stage, path, fd, &head.elf);
		}
	}
	close(fd);
	return err;
}

static int add_folder(struct stage *stage, const char *path)
{
	char child[PATH_MAX], real[PATH_MAX];
	struct dirent *entry;
	struct stat st;
	int err = 0;
	DIR *dir = opendir(path);

	if (!dir)
		return -errno;
	while (!err && (entry = readdir(dir))) {
		if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
			continue;
		if (snprintf(child, sizeof(child), "%s/%s", path, entry->d_name) >= PATH_MAX)
			err = -ENAMETOOLONG;
		else if (lstat(child, &st))
			err = -errno;
		else if (S_ISLNK(st.st_mode)) /* no loops: what it points to is not entered */
			err = walk(stage, child, 0, real);
		else
			err = stage_add(stage, child);
	}
	closedir(dir);
	return err;
}

int stage_add(struct stage *stage, const char *path)
{
	bool known = find_entry(stage, path) != NULL;
	char real[PATH_MAX];
	struct stat st;
	int err = walk(stage, path, 0, real);

	if (err || !*real || stat(real, &st))
		return err;
	if (S_ISDIR(st.st_mode))
		return add_folder(stage, real);
	if (known)
		return 0;
	err = add_earlier_names(stage, path);
	return err ? err : add_needs(stage, real);
}

int stage_add_common(struct stage *stage)
{
	static const char *const paths[] = {
		"/etc/ld.so.cache", "/etc/ld.so.preload", "/etc/localtime", "/proc", "/sys", "/dev", "/run", "/tmp",
	};
	char real[PATH_MAX];
	size_t i;
	int err = 0;

	for (i = 0; i < sizeof(paths) / sizeof(*paths) && !err; i++)
		err = walk(stage, paths[i], 0, real);
	return err;
}

static int compare_paths(const void *a, const void *b)
{
	return strcmp(((const struct stage_entry *)a)->path, ((const struct stage_entry *)b)->path);
}

static void sort_entries(struct stage *stage)
{
	if (stage->count)
		qsort(stage->entries, stage->count, sizeof(*stage->entries), compare_paths);
}

static int add_data(struct lab_staged_entry *packed, const struct stage_entry *entry,
		    struct buffer *data)
{
	size_t before = data->size;
	int err = 0;

	if (S_ISREG(entry->mode))
		err = read_file(entry->path, data);
	else if (entry->target)
		buffer_add(data, entry->target, strlen(entry->target));
	packed->data = before;
	packed->bytes = data->size - before;
	packed->mode = entry->mode;
	return err;
}

int stage_pack(struct stage *stage, struct buffer *out)
{
	struct lab_staged head = { .count = stage->count };
	struct lab_staged_entry *entries = calloc(stage->count, sizeof(*entries));
	uint64_t names_at = sizeof(head) + stage->count * sizeof(*entries), data_at;
	struct buffer names = { 0 }, data = { 0 };
	size_t i;
	int err = entries ? 0 : -ENOMEM;

	sort_entries(stage);
	for (i = 0; i < stage->count && !err; i++) {
		entries[i].path = names_at + names.size;
		buffer_add(&names, stage->entries[i].path, strlen(stage->entries[i].path) + 1);
		err = add_data(&entries[i], &stage->entries[i], &data);
		if (err)
			msg("%s: %s", stage->entries[i].path, strerror(-err));
	}
	data_at = (names_at + names.size + 15) & ~15UL;
	for (i = 0; i < stage->count && !err; i++)
		entries[i].data += data_at;
	head.bytes = data_at + data.size;
	buffer_add(out, &head, sizeof(head));
	if (!err)
		buffer_add(out, entries, stage->count * sizeof(*entries));
	buffer_add(out, names.data, names.size);
	buffer_add(out, (char[16]){ 0 }, -out->size & 15);
	buffer_add(out, data.data, data.size);
	buffer_free(&names);
	buffer_free(&data);
	free(entries);
	return err;
}

void stage_free(struct stage *stage)
{
	size_t i;

	for (i = 0; i < stage->count; i++) {
		free(stage->entries[i].path);
		free(stage->entries[i].target);
	}
	free(stage->entries);
	*stage = (struct stage){ 0 };
}
