// SPDX-License-Identifier: GPL-2.0-only
/* Children that watch this process; xentrace is one. */
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "bench/watcher.h"

/* Class TRC_MEM, all of its events. */
#define TRACE_MASK "0x0010f000"
/* Per CPU; the size of the first start holds until the next boot. */
#define TRACE_PAGES "256"
/* xentrace does not say when it is ready. */
#define TRACE_READY_MS 300
#define EXIT_NO_PROGRAM 127

static void pause_ms(long ms)
{
	const struct timespec t = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};

	nanosleep(&t, NULL);
}

int watcher_new(struct watcher **out, int end_signal)
{
	struct watcher *w = calloc(1, sizeof(*w));

	if (!w)
		return -ENOMEM;
	*w = (struct watcher){.end_signal = end_signal, .commands = -1, .answers = -1};
	*out = w;
	return 0;
}

void watcher_free(struct watcher *w)
{
	if (w->commands >= 0)
		close(w->commands);
	if (w->answers >= 0)
		close(w->answers);
	free(w);
}

int watcher_run(struct watcher *w, char *const argv[])
{
	cpu_set_t anywhere;
	int rc;

	memset(&anywhere, 0xff, sizeof(anywhere));
	w->pid = fork();
	if (w->pid < 0) {
		rc = -errno;
		watcher_free(w);
		return rc;
	}
	if (!w->pid) {
		/* It must not go on when we are killed, nor run on the CPU that is measured. */
		prctl(PR_SET_PDEATHSIG, w->end_signal);
		sched_setaffinity(0, sizeof(anywhere), &anywhere);
		signal(SIGINT, SIG_DFL);
		signal(SIGTERM, SIG_DFL);
		signal(SIGPIPE, SIG_DFL);
		dup2(STDERR_FILENO, STDOUT_FILENO);
		execvp(argv[0], argv);
		_exit(EXIT_NO_PROGRAM);
	}
	return 0;
}

int watcher_stop(struct watcher *w)
{
	int status, rc = 0;

	kill(w->pid, w->end_signal);
	while (waitpid(w->pid, &status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	if (WIFEXITED(status) && WEXITSTATUS(status) == EXIT_NO_PROGRAM)
		rc = -ENOENT;
	watcher_free(w);
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
	int rc = watcher_new(out, SIGTERM);

	if (!rc)
		rc = watcher_run(*out, argv);
	if (!rc)
		pause_ms(TRACE_READY_MS);
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
