// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/journal.h"
#include "lib/msg.h"

struct journal {
	int fd;
	char *path;
	json_t *cases, *watched; /* by name */
};

json_t *journal_find(const struct journal *j, const char *name)
{
	return json_object_get(j->cases, name);
}

bool journal_has_watched(const struct journal *j, const char *name)
{
	return json_object_get(j->watched, name);
}

static int take_line(struct journal *j, const json_t *line, const json_t *run, unsigned int number)
{
	const char *name = json_string_value(json_object_get(line, "case"));
	const char *watched = json_string_value(json_object_get(line, "watched"));
	json_t *entry = json_object_get(line, "entry");

	if (number == 1 && json_equal(json_object_get(line, "run"), run))
		return 0;
	if (number == 1)
		msg("%s: of another run", j->path);
	else if (name && entry)
		return json_object_set(j->cases, name, entry) ? -ENOMEM : 0;
	else if (watched)
		return json_object_set_new(j->watched, watched, json_true()) ? -ENOMEM : 0;
	else
		msg("%s:%u: not a line of a journal", j->path, number);
	return -EINVAL;
}

/* *kept, 0 before: bytes up to the end of the last whole line. */
static int read_lines(struct journal *j, FILE *f, const json_t *run, off_t *kept)
{
	unsigned int number = 0;
	char *text = NULL;
	size_t size = 0;
	ssize_t length;
	int rc = 0;

	while (!rc && (length = getline(&text, &size, f)) > 0 && text[length - 1] == '\n') {
		json_t *line = json_loads(text, 0, NULL);

		rc = take_line(j, line, run, ++number);
		json_decref(line);
		*kept += length;
	}
	free(text);
	return rc;
}

static int add_line(struct journal *j, json_t *line)
{
	char *text = line ? json_dumps(line, JSON_COMPACT) : NULL, *ended = NULL;
	int length = text ? asprintf(&ended, "%s\n", text) : -1, rc = 0;

	if (length < 0)
		rc = -ENOMEM;
	else if (write(j->fd, ended, (size_t)length) != length)
		rc = errno ? -errno : -EIO;
	else if (fsync(j->fd))
		rc = -errno;
	if (rc)
		msg("%s: %s", j->path, strerror(-rc));
	free(ended);
	free(text);
	json_decref(line);
	return rc;
}

static int read_back(struct journal *j, const json_t *run)
{
	FILE *f = fopen(j->path, "r");
	off_t kept = 0;
	int rc = f ? read_lines(j, f, run, &kept) : -errno;

	if (f)
		fclose(f);
	if (!rc && ftruncate(j->fd, kept))
		rc = -errno;
	if (!rc && !kept)
		rc = add_line(j, json_pack("{s:O}", "run", run));
	return rc;
}

int journal_open(struct journal **out, const char *path, const json_t *run)
{
	struct journal *j = calloc(1, sizeof(*j));
	int rc;

	if (!j)
		return -ENOMEM;
	*j = (struct journal){.fd = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0666),
			      .path = strdup(path), .cases = json_object(), .watched = json_object()};
	rc = j->fd < 0 ? -errno : read_back(j, run);
	if (rc && rc != -EINVAL) /* that was explained */
		msg("%s: %s", path, strerror(-rc));
	if (rc)
		journal_close(j);
	else
		*out = j;
	return rc;
}

void journal_close(struct journal *j)
{
	if (!j)
		return;
	if (j->fd >= 0)
		close(j->fd);
	free(j->path);
	json_decref(j->cases);
	json_decref(j->watched);
	free(j);
}

int journal_add_case(struct journal *j, const char *name, json_t *entry)
{
	return add_line(j, json_pack("{s:s, s:O}", "case", name, "entry", entry));
}

int journal_add_watched(struct journal *j, const char *name)
{
	return add_line(j, json_pack("{s:s}", "watched", name));
}
