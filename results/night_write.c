// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/replace.h"
#include "lib/write_all.h"
#include "results/night.h"
#include "results/night_render.h"

static void render_json(const json_t *document, FILE *out)
{
	json_dumpf(document, out, JSON_INDENT(1));
	putc('\n', out);
}

static void render_alerts(const json_t *document, FILE *out)
{
	render_json(json_object_get(document, "alerts"), out);
}

/* night.json is the last: who finds it finds the others. */
static const struct {
	const char *name;
	void (*render)(const json_t *document, FILE *out);
} files[] = {
	{"summary.md", render_markdown},
	{"junit.xml", render_junit},
	{"alerts.json", render_alerts},
	{"night.json", render_json},
};

static int put_file(const char *path, const void *data, size_t size)
{
	struct replacement r;
	int fd, ret = replace_begin(path, &r);

	if (ret)
		return ret;
	fd = open(r.temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	if (fd < 0)
		return -errno;
	ret = write_all(fd, data, size);
	if (!ret && fsync(fd))
		ret = -errno;
	if (close(fd) && !ret)
		ret = -errno;
	return replace_end(&r, ret);
}

static int write_file(const json_t *document, const char *folder, size_t i,
		      char error[RESULT_ERROR_SIZE])
{
	char path[4096], *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	int ret = -ENOMEM;

	if (out) {
		files[i].render(document, out);
		ret = fclose(out) ? -errno : 0;
	}
	snprintf(path, sizeof(path), "%s/%s", folder, files[i].name);
	if (!ret)
		ret = put_file(path, text, size);
	free(text);
	if (ret)
		snprintf(error, RESULT_ERROR_SIZE, "%.400s: %s", path, replace_error(ret));
	return ret;
}

int night_write(const json_t *document, const char *folder, char error[RESULT_ERROR_SIZE])
{
	int ret = 0;

	for (size_t i = 0; !ret && i < sizeof(files) / sizeof(*files); i++)
		ret = write_file(document, folder, i, error);
	return ret;
}
