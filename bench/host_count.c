// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/callgrind.h"
#include "bench/host_modes.h"
#include "lib/msg.h"

/* What a child tells. */
struct outcome {
	size_t count;
	bool done;
	char error[200];
	uint64_t samples[];
};

static void run_in_child(struct session *s, const struct bench_case *c, struct outcome *outcome)
{
	struct bench_result r = {.c = c, .samples = outcome->samples};
	char slug[BENCH_NAME], path[PATH_MAX];
	int rc = run_case(&s->bench, c, &s->run, &r);

	outcome->count = r.count;
	snprintf(outcome->error, sizeof(outcome->error), "%s", r.error);
	if (!rc) {
		result_slug(c->name, slug);
		snprintf(path, sizeof(path), "%s/%s.profile", s->out, slug);
		rc = callgrind_write_profile(path);
		if (rc)
			msg("%s: %s", path, strerror(-rc));
	}
	outcome->done = true;
	_exit(0);
}

static void wait_for_child(pid_t pid, struct outcome *outcome)
{
	int status;

	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (outcome->done)
		return;
	outcome->count = 0;
	if (WIFEXITED(status))
		snprintf(outcome->error, sizeof(outcome->error),
			 "ended with status %d; see the messages before", WEXITSTATUS(status));
	else
		snprintf(outcome->error, sizeof(outcome->error), "ended by signal %d",
			 WTERMSIG(status));
}

static void run_case_apart(struct session *s, const struct bench_case *c, struct outcome *outcome)
{
	pid_t pid = fork();

	if (!pid)
		run_in_child(s, c, outcome);
	if (pid > 0)
		wait_for_child(pid, outcome);
	else
		snprintf(outcome->error, sizeof(outcome->error), "fork: %s", strerror(errno));
}

/* Each case has a process of its own, a copy of this one: nothing that ran before shows. */
static int count_case(struct session *s, const struct bench_case *c, size_t family, size_t index)
{
	size_t size = sizeof(struct outcome) + s->run.samples * sizeof(uint64_t);
	struct outcome *outcome = mmap(NULL, size, PROT_READ | PROT_WRITE,
				       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct bench_result r = {.c = c};
	int rc;

	if (outcome == MAP_FAILED)
		return -1;
	if (!c->skip && !run_stopped)
		run_case_apart(s, c, outcome);
	r.samples = outcome->samples;
	r.count = outcome->count;
	snprintf(r.error, sizeof(r.error), "%s", outcome->error);
	if (r.error[0])
		s->status = EXIT_REGRESSION;
	rc = session_add(s, &r, family, index);
	munmap(outcome, size);
	return rc;
}

int count_cases(struct session *s, const char *prefix)
{
	int rc = callgrind_start(prefix);

	return rc ? rc : session_for_each(s, count_case);
}
