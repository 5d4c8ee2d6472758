// SPDX-License-Identifier: GPL-2.0-only
/* perf as a child that is told when to count; perf stat is one. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#include "bench/watcher.h"

#define TRACEFS "/sys/kernel/tracing"
#define PLAIN_EVENTS                                                                               \
	"task-clock,context-switches,cpu-migrations,page-faults,cycles,instructions,cache-misses"
#define MAX_WORDS 32

bool perf_has_events(const char *name)
{
	char path[128];

	snprintf(path, sizeof(path), TRACEFS "/events/%s", name);
	return !access(path, F_OK);
}

void perf_mount_events(void)
{
	if (!perf_has_events(""))
		mount("tracefs", TRACEFS, "tracefs", 0, NULL);
}

/* One command over perf's control pipe, and its "ack". */
static int tell_perf(struct watcher *w, const char *command)
{
	char answer[16];

	if (write(w->commands, command, strlen(command)) < 0)
		return -errno;
	return read(w->answers, answer, sizeof(answer)) > 0 ? 0 : -EPIPE;
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

/* argv, with how it finds us and hears from us. */
static int run_with_pipes(struct watcher *w, char *const argv[])
{
	char pid[16], control[32], *words[MAX_WORDS] = {"perf"};
	int child[2] = {-1, -1}, count = 1, rc = open_pipes(w, child);

	if (rc) {
		watcher_free(w);
		return rc;
	}
	snprintf(pid, sizeof(pid), "%d", getpid());
	snprintf(control, sizeof(control), "fd:%d,%d", child[0], child[1]);
	while (*argv && count < MAX_WORDS - 8)
		words[count++] = *argv++;
	memcpy(&words[count], (char *[]){"-D", "-1", "-p", pid, "--control", control}, 6 * sizeof(char *));
	rc = watcher_run(w, words);
	close(child[0]);
	close(child[1]);
	return rc;
}

int perf_run(struct watcher **out, char *const argv[])
{
	int failed, rc = watcher_new(out, SIGINT);

	if (!rc)
		rc = run_with_pipes(*out, argv);
	if (rc)
		return rc;
	rc = tell_perf(*out, "enable\n");
	if (!rc)
		return 0;
	/* Why it is gone, if it says so. */
	failed = watcher_stop(*out);
	return failed ? failed : rc;
}

int perf_stop(struct watcher *w)
{
	int rc = tell_perf(w, "disable\n"), failed = watcher_stop(w);

	return rc ? rc : failed;
}

/* perf refuses to start when one event of the list is unknown. */
static int stat_start(struct watcher **out, const char *path)
{
	char events[256];
	char *argv[] = {"stat", "-x,", "-o", (char *)path, "-e", events, NULL};

	perf_mount_events();
	snprintf(events, sizeof(events), PLAIN_EVENTS "%s%s",
		 perf_has_events("raw_syscalls") ? ",raw_syscalls:sys_enter" : "",
		 perf_has_events("xen") ? ",xen:*" : "");
	return perf_run(out, argv);
}

const struct watch_tool perf_tool = {.start = stat_start, .stop = perf_stop, .optional = true};
