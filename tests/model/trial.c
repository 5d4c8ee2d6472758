// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/msg.h"
#include "tests/model/generate.h"
#include "tests/model/trial.h"

/* Of processor time. A trial takes 0.2 s; a lock that is not released takes forever. */
#define GENERATE_SECONDS 5
#define REPLAY_SECONDS 2
/* world_step() says why that is enough. */
#define SWEEP_STEPS 64

static void *must_share(size_t size)
{
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		die(EXIT_USAGE, "no memory");
	return p;
}

struct trial *must_create_trial(const struct heap_config *config, size_t count)
{
	struct trial *t = must_share(sizeof(*t));

	t->config = *config;
	t->ops = must_share(count * sizeof(*t->ops));
	return t;
}

static bool step_agrees(struct trial *t, struct world *w, const struct op *op, bool sweep)
{
	bool last = t->done + 1 == t->count;

	return world_step(w, op) && (!(sweep || last) || world_agrees(w)) &&
	       (!last || world_frames_agree(w, 0, w->config.nodes * w->config.node_pages));
}

static void step(struct trial *t, struct world *w, const struct op *op, bool sweep)
{
	if (step_agrees(t, w, op, sweep))
		return;
	t->failed = true;
	memcpy(t->text, w->text, sizeof(t->text));
	_exit(EXIT_REGRESSION);
}

/*
 * QUICK: nothing is kept, and all is compared every SWEEP_STEPS operations. RECORD the same ones,
 * or REPLAY what is there: all is compared after each.
 */
enum mode { QUICK, RECORD, REPLAY };

static void limit_time(time_t seconds)
{
	setitimer(ITIMER_PROF, &(struct itimerval){.it_value.tv_sec = seconds}, NULL);
}

static void run_child(struct trial *t, enum mode mode, uint64_t seed)
{
	static struct world w;
	static struct op quick;

	limit_time(mode == REPLAY ? REPLAY_SECONDS : GENERATE_SECONDS);
	world_boot(&w, &t->config);
	for (size_t i = 0; i < t->count; i++) {
		struct op *op = mode == QUICK ? &quick : &t->ops[i];

		t->done = i;
		if (mode != REPLAY)
			generate_op(&w, &seed, i + 1, op);
		step(t, &w, op, mode != QUICK || i % SWEEP_STEPS == 0);
	}
	t->done = t->count;
	t->skipped = w.skipped;
	_exit(0);
}

static void be_quiet(void)
{
	int fd = open("/dev/null", O_WRONLY);

	if (fd >= 0)
		dup2(fd, STDERR_FILENO);
}

static void run(struct trial *t, enum mode mode, uint64_t seed)
{
	int status;
	pid_t pid;

	t->failed = false;
	fflush(stdout);
	pid = fork();
	if (!pid) {
		if (mode != QUICK)
			be_quiet();
		run_child(t, mode, seed);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		die(EXIT_USAGE, "fork: %s", strerror(errno));
	if (t->failed || (WIFEXITED(status) && !WEXITSTATUS(status)))
		return;
	t->failed = true;
	snprintf(t->text, sizeof(t->text), "%s in this call (status %#x)",
		 WIFSIGNALED(status) && WTERMSIG(status) == SIGPROF ? "hangs" : "Xen gives up",
		 (unsigned int)status);
}

/* What a sweep finds may be older: again, for the first operation after which anything differs. */
void trial_generate(struct trial *t, uint64_t seed, size_t count)
{
	char text[sizeof(t->text)];

	t->count = count;
	run(t, QUICK, seed);
	if (!t->failed)
		return;
	memcpy(text, t->text, sizeof(text));
	t->count = t->done + 1;
	run(t, RECORD, seed);
	if (t->failed)
		return;
	t->failed = true;
	t->done = t->count - 1;
	snprintf(t->text, sizeof(t->text), "%.200s, but not again", text);
}

void trial_replay(struct trial *t)
{
	run(t, REPLAY, 0);
}

/* Without n operations from `at` on, if it still fails then. */
static bool drop(struct trial *t, size_t at, size_t n)
{
	size_t count = t->count, after = count - at - n;
	struct op *saved = malloc(count * sizeof(*saved));

	if (!saved)
		die(EXIT_USAGE, "no memory");
	memcpy(saved, t->ops, count * sizeof(*saved));
	memmove(t->ops + at, t->ops + at + n, after * sizeof(*t->ops));
	t->count = count - n;
	trial_replay(t);
	if (t->failed) {
		t->count = t->done + 1;
	} else {
		memcpy(t->ops, saved, count * sizeof(*saved));
		t->count = count;
	}
	free(saved);
	return t->failed;
}

static bool drop_chunks(struct trial *t, size_t size)
{
	bool any = false;

	for (size_t end = t->count; end >= size; end -= size) {
		if (end > t->count)
			end = t->count;
		if (end < size)
			break;
		any |= drop(t, end - size, size);
	}
	return any;
}

/* Smaller numbers, fewer entries: easier to read. */
static void simplify(struct trial *t, struct op *op)
{
	struct op saved = *op;

	for (unsigned int i = 0; i < 3 + SET_ENTRIES; i++) {
		if (i == 0)
			op->nr -= op->nr > 1;
		else if (i == 1)
			op->order = 0;
		else if (i == 2)
			op->flags &= HEAP_EXACT_NODE;
		else if (i - 3 < op->nr)
			op->set[i - 3].pages = op->set[i - 3].pages > 0;
		trial_replay(t);
		if (!t->failed)
			*op = saved;
		saved = *op;
	}
}

void trial_shrink(struct trial *t)
{
	char text[sizeof(t->text)];

	memcpy(text, t->text, sizeof(text));
	t->count = t->done + 1;
	trial_replay(t);
	if (!t->failed) {
		snprintf(t->text, sizeof(t->text), "%.200s, but not again: not shrunk", text);
		return;
	}
	for (size_t size = t->count / 2; size; size = size > 1 ? (size + 1) / 2 : 0)
		drop_chunks(t, size);
	while (drop_chunks(t, 1))
		;
	for (size_t i = 0; i < t->count; i++)
		simplify(t, &t->ops[i]);
	drop_chunks(t, 1);
	trial_replay(t);
}
