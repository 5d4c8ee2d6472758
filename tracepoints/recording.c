// SPDX-License-Identifier: GPL-2.0-only
#include "tracepoints/recording.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

#include "lib/clock.h"
#include "tracepoints/command.h"
#include "tracepoints/queue.h"
#include "tracepoints/reader.h"

#define CPUS_MAX TRACE_CPUS_MAX
/* Xen wakes us when a buffer is half full; this is for those that never are. */
#define LOOK_MS 100
#define RATE_NS 100000000ull
#define RATE_LEAST_NS 1000000ull
/* No record needs more, with the marker of lost ones and padding before it. */
#define RECORD_MAX 128

struct run {
	struct recording *r;
	struct queue *queue;
	pthread_t writer;
	atomic_int error; /* of the writer */
	int signals;
	pid_t command;
	uint64_t start, rate_start;
	uint64_t rate_bytes[CPUS_MAX];
	bool full[CPUS_MAX];
	bool seen[CPUS_MAX];
};

static void sleep_ms(unsigned int ms)
{
	nanosleep(&(struct timespec){ms / 1000, ms % 1000 * 1000000l}, NULL);
}

static int write_window(struct recording *r, struct window *window)
{
	size_t size = filter_window(r->select, window->bytes, window->size, &r->counts);
	const uint32_t header[] = {TRACE_EVENT_CPU_CHANGE | 2u << 28, window->cpu, (uint32_t)size};
	int rc = 0;

	if (size)
		rc = sink_write(r->sink, header, sizeof(header));
	return rc || !size ? rc : sink_write(r->sink, window->bytes, size);
}

/* After an error it goes on taking windows, so that nobody waits for room. */
static void *write_windows(void *data)
{
	struct run *run = data;
	struct window *window;

	while ((window = queue_take(run->queue))) {
		if (!run->error)
			run->error = write_window(run->r, window);
		free(window);
	}
	return NULL;
}

static void note_window(struct run *run, unsigned int cpu, size_t size)
{
	struct recording *r = run->r;

	if (!run->seen[cpu])
		r->cpus_seen++;
	run->seen[cpu] = true;
	run->full[cpu] = size + RECORD_MAX > tbufs_room(r->tbufs);
	run->rate_bytes[cpu] += size;
	if (size > r->fullest)
		r->fullest = size;
}

/* 1 when something was there for which there is no memory yet. */
static int drain_cpu(struct run *run, unsigned int cpu)
{
	const void *parts[2];
	size_t sizes[2];
	long size = tbufs_peek(run->r->tbufs, cpu, parts, sizes);
	struct window *window;

	if (size <= 0)
		return (int)size;
	if (!queue_has_room(run->queue, (size_t)size))
		return 1;
	window = malloc(sizeof(*window) + (size_t)size);
	if (!window)
		return 1;
	window->cpu = cpu;
	window->size = (size_t)size;
	memcpy(window->bytes, parts[0], sizes[0]);
	memcpy(window->bytes + sizes[0], parts[1], sizes[1]);
	tbufs_consume(run->r->tbufs, cpu, (size_t)size);
	note_window(run, cpu, (size_t)size);
	queue_put(run->queue, window);
	return 0;
}

static void note_rate(struct run *run, unsigned int cpus, uint64_t least_ns)
{
	uint64_t span = clock_ns() - run->rate_start;

	if (span < least_ns)
		return;
	for (unsigned int i = 0; i < cpus; i++) {
		uint64_t rate = run->rate_bytes[i] * 1000 / (span / 1000000);

		if (rate > run->r->peak)
			run->r->peak = rate;
		run->rate_bytes[i] = 0;
	}
	run->rate_start += span;
}

static int drain(struct run *run)
{
	unsigned int cpus = tbufs_cpus(run->r->tbufs);
	int rc = 0, kept = 0;

	for (unsigned int i = 0; rc >= 0 && i < cpus && i < CPUS_MAX; i++) {
		rc = drain_cpu(run, i);
		kept |= rc == 1;
	}
	note_rate(run, cpus, RATE_NS);
	return rc < 0 ? rc : kept;
}

/* Is it over? */
static bool take_signal(struct run *run)
{
	struct signalfd_siginfo info;

	if (read(run->signals, &info, sizeof(info)) != sizeof(info))
		return false;
	return info.ssi_signo == SIGCHLD ? command_ended(&run->command, &run->r->command_status) : true;
}

static bool wait_for_something(struct run *run)
{
	struct pollfd fds[] = {{run->signals, POLLIN, 0}, {tbufs_fd(run->r->tbufs), POLLIN, 0}};
	bool over = false;

	poll(fds, 2, LOOK_MS);
	if (fds[1].revents)
		tbufs_acknowledge(run->r->tbufs);
	if (fds[0].revents)
		over = take_signal(run);
	if (run->r->seconds && clock_ns() - run->start >= run->r->seconds * 1000000000ull)
		over = true;
	return over;
}

static int record_until_over(struct run *run)
{
	int rc = 0;
	bool over = false;

	while (!over && rc >= 0 && !run->error) {
		over = wait_for_something(run);
		rc = drain(run);
	}
	return rc < 0 ? rc : run->error;
}

/* Take what is left, now that nothing comes any more. */
static int drain_rest(struct run *run)
{
	unsigned int cpus = tbufs_cpus(run->r->tbufs);
	int rc;

	while ((rc = drain(run)) == 1)
		sleep_ms(1);
	if (!run->r->peak)
		note_rate(run, cpus, RATE_LEAST_NS);
	for (unsigned int i = 0; i < cpus && i < CPUS_MAX; i++)
		run->r->cpus_full += run->full[i];
	return rc;
}

static int record(struct run *run)
{
	struct recording *r = run->r;
	int rc = tbufs_start(r->tbufs, r->mask), end;

	if (rc)
		return rc;
	run->start = run->rate_start = clock_ns();
	if (r->node_states)
		rc = tbufs_call_physinfo(r->tbufs);
	if (!rc && r->command)
		rc = command_start(r->command, &run->command);
	if (!rc)
		rc = record_until_over(run);
	if (r->node_states && !rc)
		rc = tbufs_call_physinfo(r->tbufs);
	r->nanoseconds = clock_ns() - run->start;
	end = tbufs_stop(r->tbufs);
	if (!end)
		end = drain_rest(run);
	return rc ? rc : end;
}

static int catch_signals(struct run *run)
{
	sigset_t signals;

	sigemptyset(&signals);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGHUP);
	sigaddset(&signals, SIGCHLD);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	signal(SIGPIPE, SIG_IGN);
	run->signals = signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
	return run->signals < 0 ? -errno : 0;
}

/* Ahead of the command and of the writer, where we may. */
static void go_first(void)
{
	const struct sched_param first = {.sched_priority = 1};

	sched_setscheduler(0, SCHED_FIFO | SCHED_RESET_ON_FORK, &first);
}

int recording_run(struct recording *r)
{
	struct run *run = calloc(1, sizeof(*run));
	int rc;

	if (!run)
		return -ENOMEM;
	run->r = r;
	run->queue = queue_new(r->memory);
	rc = run->queue ? catch_signals(run) : -ENOMEM;
	if (!rc)
		rc = -pthread_create(&run->writer, NULL, write_windows, run);
	if (rc)
		goto out;
	go_first();
	rc = record(run);
	queue_end(run->queue);
	pthread_join(run->writer, NULL);
	if (!rc)
		rc = run->error;
	command_end(&run->command);
out:
	if (run->signals > 0)
		close(run->signals);
	queue_free(run->queue);
	free(run);
	return rc;
}
