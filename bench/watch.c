// SPDX-License-Identifier: GPL-2.0-only
/* xentrace and perf stat as children that watch this process. */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "bench/run.h"

/* Class TRC_MEM, all of its events. */
#define TRACE_MASK "0x0010f000"
/* Per CPU; the size of the first start holds until the next boot. */
#define TRACE_PAGES "256"
/* xentrace does not say when it is ready. */
#define TRACE_READY_MS 300

#define EVENTS_DIR "/sys/kernel/tracing/events"
#define PLAIN_EVENTS                                                                               \
	"task-clock,context-switches,cpu-migrations,page-faults,cycles,instructions,cache-misses"

struct watcher {
	pid_t pid;
	int end_signal;
	int commands; /* to perf; -1 for xentrace */
	int answers;
};

static void pause_ms(long ms)
{
	const struct timespec t = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};

	nanosleep(&t, NULL);
}

/* Runs argv as a child; its chatter goes to our stderr. */
static int start_child(struct watcher *w, char *const argv[])
{
	cpu_set_t anywhere;

	memset(&anywhere, 0xff, sizeof(anywhere));
	w->pid = fork();
	if (w->pid < 0)
		return -errno;
	if (!w->pid) {
		/* It must not go on when we are killed, nor run on the CPU that is measured. */
		prctl(PR_SET_PDEATHSIG, w->end_signal);
		sched_setaffinity(0, sizeof(anywhere), &anywhere);
		signal(SIGINT, SIG_DFL);
		signal(SIGTERM, SIG_DFL);
		signal(SIGPIPE, SIG_DFL);
		dup2(STDERR_FILENO, STDOUT_FILENO);
		execvp(argv[0], argv);
		_exit(127);
	}
	return 0;
}

static int allocate(struct watcher **out, int end_signal)
{
	struct watcher *w = calloc(1, sizeof(*w));

	if (!w)
		return -ENOMEM;
	*w = (struct watcher){.end_signal = end_signal, .commands = -1, .answers = -1};
	*out = w;
	return 0;
}

static void discard(struct watcher *w)
{
	if (w->commands >= 0)
		close(w->commands);
	if (w->answers >= 0)
		close(w->answers);
	free(w);
}

/* One command over perf's control pipe, and its "ack". */
static int tell_perf(struct watcher *w, const char *command)
{
	char answer[16];

	if (write(w->commands, command, strlen(command)) < 0)
		return -errno;
	return read(w->answers, answer, sizeof(answer)) > 0 ? 0 : -EPIPE;
}

static int watcher_stop(struct watcher *w)
{
	int status, rc = 0;

	if (w->commands >= 0)
		rc = tell_perf(w, "disable\n");
	kill(w->pid, w->end_signal);
	while (waitpid(w->pid, &status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	if (!rc && WIFEXITED(status) && WEXITSTATUS(status) == 127)
		rc = -ENOENT;
	discard(w);
	return rc;
}

static const char *xentrace = "xentrace";

void trace_use(const char *program)
{
	if (program)
		xentrace = program;
}

static int trace_start(struct watcher **out, const char *path)
{
	char *argv[] = {(char *)xentrace, "-D",		"-e", TRACE_MASK, "-S",
			TRACE_PAGES,	  (char *)path, NULL};
	int rc = allocate(out, SIGTERM);

	if (!rc) {
		rc = start_child(*out, argv);
		if (rc)
			discard(*out);
		else
			pause_ms(TRACE_READY_MS);
	}
	return rc;
}

/* Have Xen allocate the buffers, once. */
static void trace_reserve(const char *path)
{
	static bool reserved;
	struct watcher *w;

	if (!reserved && !trace_start(&w, path))
		reserved = !watcher_stop(w);
}

const struct watch_tool xentrace_tool = {
	.start = trace_start,
	.stop = watcher_stop,
	.reserve = trace_reserve,
	.records_memory = true,
};

/* perf refuses to start when one event of the list is unknown. */
static void list_events(char *list, size_t size)
{
	static const char *const groups[][2] = {
		{EVENTS_DIR "/raw_syscalls", ",raw_syscalls:sys_enter"},
		{EVENTS_DIR "/xen", ",xen:*"},
	};
	size_t used;

	if (access(EVENTS_DIR, F_OK))
		mount("tracefs", "/sys/kernel/tracing", "tracefs", 0, NULL);
	used = (size_t)snprintf(list, size, "%s", PLAIN_EVENTS);
	for (size_t i = 0; i < sizeof(groups) / sizeof(*groups); i++)
		if (!access(groups[i][0], F_OK))
			used += (size_t)snprintf(list + used, size - used, "%s", groups[i][1]);
}

static int open_pipes(struct watcher *w, int child[2])
{
	int commands[2], answers[2];

	if (pipe(commands))
		return -errno;
	if (pipe(answers)) {
		close(commands[0]);
		close(commands[1]);
		return -EMFILE;
	}
	w->commands = commands[1];
	w->answers = answers[0];
	fcntl(w->commands, F_SETFD, FD_CLOEXEC);
	fcntl(w->answers, F_SETFD, FD_CLOEXEC);
	child[0] = commands[0];
	child[1] = answers[1];
	return 0;
}

static int perf_start(struct watcher **out, const char *path)
{
	char pid[16], control[32], events[256];
	char *argv[] = {"perf", "stat", "-x,", "-o",   (char *)path, "-D",    "-1",
			"-p",	pid,	"-e",  events, "--control",  control, NULL};
	int child[2] = {-1, -1}, rc;

	rc = allocate(out, SIGINT);
	if (rc)
		return rc;
	rc = open_pipes(*out, child);
	if (rc)
		goto fail;
	snprintf(pid, sizeof(pid), "%d", getpid());
	snprintf(control, sizeof(control), "fd:%d,%d", child[0], child[1]);
	list_events(events, sizeof(events));
	rc = start_child(*out, argv);
	close(child[0]);
	close(child[1]);
	if (rc)
		goto fail;
	rc = tell_perf(*out, "enable\n");
	if (rc) {
		watcher_stop(*out);
		return rc;
	}
	return 0;
fail:
	discard(*out);
	return rc;
}

const struct watch_tool perf_tool = {.start = perf_start, .stop = watcher_stop};
