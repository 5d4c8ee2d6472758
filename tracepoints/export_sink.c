// SPDX-License-Identifier: GPL-2.0-only
#include "tracepoints/export_sink.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/msg.h"

static const char *name_of(const struct sink *sink)
{
	return sink->path ? sink->path : "standard output";
}

static bool is_same_file(const char *a, const char *b)
{
	struct stat left, right;

	return !stat(a, &left) && !stat(b, &right) && left.st_dev == right.st_dev &&
	       left.st_ino == right.st_ino;
}

void sink_open(struct sink *sink, const char *path, const char *source, uint64_t limit)
{
	*sink = (struct sink){.file = stdout, .path = path, .limit = limit};
	if (path && is_same_file(path, source))
		die(EXIT_USAGE, "%s: is the trace itself", path);
	if (path)
		sink->file = fopen(path, "w");
	if (!sink->file)
		die(EXIT_USAGE, "%s: %s", path, strerror(errno));
}

bool sink_has_room(const struct sink *sink, uint64_t size)
{
	return size <= sink->limit && sink->bytes <= sink->limit - size;
}

void sink_put(struct sink *sink, const void *bytes, size_t size)
{
	fwrite(bytes, 1, size, sink->file);
	sink->bytes += size;
}

void sink_drop(struct sink *sink)
{
	struct stat st;

	if (!sink->path)
		return;
	/* A device stays. */
	if (!fstat(fileno(sink->file), &st) && S_ISREG(st.st_mode))
		unlink(sink->path);
	fclose(sink->file);
}

void sink_close(struct sink *sink)
{
	int bad = ferror(sink->file) || fflush(sink->file);

	if (bad) {
		bad = errno;
		sink_drop(sink);
		die(EXIT_USAGE, "%s: cannot be written: %s", name_of(sink), strerror(bad));
	}
	if (sink->path)
		fclose(sink->file);
}
