// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/guard.h"

#define NAME "claimperf-guard"

static void ignore_signals(void)
{
	static const int asked[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE};

	for (size_t i = 0; i < sizeof(asked) / sizeof(*asked); i++)
		signal(asked[i], SIG_IGN);
}

/* It is small, and needed most when memory is short. */
static void spare_from_oom_killer(void)
{
	int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return;
	/* Not allowed without root, who alone has anything to restore. */
	if (write(fd, "-1000", 5) < 0)
		errno = 0;
	close(fd);
}

static int read_whole(int fd, void *to, size_t size)
{
	ssize_t got;

	do
		got = read(fd, to, size);
	while (got < 0 && errno == EINTR);
	return got == (ssize_t)size ? 0 : -EPIPE;
}

__attribute__((noreturn)) static void stand_guard(int worker, int ready,
						  const struct guard_duty *duty)
{
	char byte;
	int rc;

	setsid();
	ignore_signals();
	prctl(PR_SET_NAME, NAME);
	program_invocation_short_name = (char *)NAME;
	spare_from_oom_killer();
	rc = duty->prepare(duty->data);
	if (write(ready, &rc, sizeof(rc)) != sizeof(rc) || rc)
		_exit(1);
	close(ready);
	/* Nothing is ever written: this ends with the last writer. */
	read_whole(worker, &byte, sizeof(byte));
	rc = duty->perform(duty->data);
	_exit(-rc & 0xff);
}

static int await_ready(struct guard *g, int ready)
{
	int rc, answer;

	rc = read_whole(ready, &answer, sizeof(answer));
	if (!rc)
		rc = answer;
	if (rc)
		guard_end(g);
	return rc;
}

int guard_start(struct guard *g, const struct guard_duty *duty)
{
	int worker[2], ready[2], rc;

	*g = (struct guard){ .pipe = -1 };
	/* Children of the worker must not hold the pipe open: those that run programs do not. */
	if (pipe2(worker, O_CLOEXEC))
		return -errno;
	if (pipe2(ready, O_CLOEXEC)) {
		rc = -errno;
		close(worker[0]);
		close(worker[1]);
		return rc;
	}
	g->pid = fork();
	rc = -errno;
	if (!g->pid) {
		close(worker[1]);
		close(ready[0]);
		stand_guard(worker[0], ready[1], duty);
	}
	close(worker[0]);
	close(ready[1]);
	g->pipe = worker[1];
	if (g->pid > 0)
		rc = await_ready(g, ready[0]);
	close(ready[0]);
	if (g->pid < 0) {
		close(g->pipe);
		g->pid = 0;
	}
	return rc;
}

static void forget(struct guard *g)
{
	close(g->pipe);
	*g = (struct guard){ .pipe = -1 };
}

bool guard_lives(struct guard *g)
{
	if (!g->pid)
		return false;
	if (!waitpid(g->pid, NULL, WNOHANG))
		return true;
	forget(g);
	return false;
}

int guard_end(struct guard *g)
{
	pid_t pid = g->pid;
	int status;

	if (!pid)
		return -ESRCH;
	forget(g);
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	return WIFEXITED(status) ? -WEXITSTATUS(status) : -ESRCH;
}
