// SPDX-License-Identifier: GPL-2.0-only
/*
 * perf record of one pass: system calls, contention in dom0's kernel, and the way of hypercalls. Beside
 * what perf wrote, NAME.data, NAME.json says when the measured calls were made (docs/perf.md).
 */
#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "bench/kprobes.h"
#include "bench/perf.h"
#include "bench/watcher.h"
#include "lib/clock.h"
#include "lib/msg.h"

/* Pages of perf's buffer, of which each event takes about 60 bytes. */
#define BUFFER_PAGES "1024"

static struct {
	uint64_t begin_ns;
	json_t *windows, *lacking;
	struct kprobes kprobes;
	bool defined;
} recording;

static void begin_call(struct bench *b)
{
	(void)b;
	recording.begin_ns = clock_ns();
}

static void end_call(struct bench *b)
{
	uint64_t end_ns = clock_ns();

	(void)b;
	json_array_append_new(recording.windows,
			      json_pack("[I, I]", (json_int_t)recording.begin_ns, (json_int_t)end_ns));
}

static void lack(const char *what, const char *why)
{
	json_object_set_new(recording.lacking, what, json_string(why));
}

static void add_events(char *list, size_t size, const char *more)
{
	size_t used = strlen(list);

	snprintf(list + used, size - used, "%s%s", used ? "," : "", more);
}

static void list_events(char *list, size_t size)
{
	const struct kprobes *k = &recording.kprobes;

	list[0] = '\0';
	if (perf_has_events("raw_syscalls"))
		add_events(list, size, PERF_SYSCALL_BEGIN "," PERF_SYSCALL_END);
	else
		lack("syscalls", "this kernel has no trace points of system calls");
	if (perf_has_events("lock/contention_begin"))
		add_events(list, size, "lock:contention_begin,lock:contention_end");
	else
		lack("contention", "this kernel has no trace points of contended locks");
	if (k->privcmd)
		add_events(list, size, PERF_PRIVCMD_BEGIN "," PERF_PRIVCMD_END);
	else
		lack("privcmd", k->why);
	if (k->hypercall)
		add_events(list, size, PERF_HYPERCALL_BEGIN "," PERF_HYPERCALL_END);
	else
		lack("hypercalls", k->why);
}

static int record_start(struct watcher **out, const char *path)
{
	char events[400];
	/* The clock is that of the windows; programs and their parts are of no interest. */
	char *argv[] = {"record", "-q", "-k", "mono", "-m", BUFFER_PAGES, "--synth=no", "--no-bpf-event", "-B",
			"-N", "-o", (char *)path, "-e", events, NULL};

	if (!recording.defined)
		kprobes_define(&recording.kprobes);
	recording.defined = true;
	recording.windows = json_array();
	recording.lacking = json_object();
	list_events(events, sizeof(events));
	return events[0] ? perf_run(out, argv) : -EOPNOTSUPP;
}

/* NAME.data becomes NAME.json. */
static int write_windows(const char *path, const struct bench_case *c, json_t *document)
{
	char name[PATH_MAX];
	int rc;

	snprintf(name, sizeof(name), "%.*sjson", (int)(strrchr(path, '.') + 1 - path), path);
	rc = document ? json_dump_file(document, name, JSON_COMPACT) : -1;
	if (rc)
		msg("%s: %s: cannot be written", c->name, name);
	json_decref(document);
	return rc;
}

static int record_end(const struct bench_case *c, const char *path, const char *why)
{
	if (why)
		lack("record", why);
	return write_windows(path, c, json_pack("{s:o, s:o}", "windows",
						recording.windows, "lacking", recording.lacking));
}

static const struct bench_watch calls = {.before = begin_call, .after = end_call};

const struct watch_tool perf_record_tool = {
	.start = record_start,
	.stop = perf_stop,
	.end = record_end,
	.calls = &calls,
	.optional = true,
};
