// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "bench/run_lock.h"

#define PAUSE_MS 20
#define MAX_TEXT (RUN_LOCK_MASK + 256)

static int read_text(int fd, char text[MAX_TEXT])
{
	ssize_t got = pread(fd, text, MAX_TEXT - 1, 0);

	if (got < 0)
		return -errno;
	text[got] = '\0';
	return got ? 0 : -ENOENT;
}

static int unpack(json_t *json, struct run_state *state)
{
	int worker, pinned, vcpu, tracing;
	const char *affinity;

	if (json_unpack(json, "{s:i, s:b, s:i, s:s, s:b}", "worker", &worker, "pinned", &pinned,
			"vcpu", &vcpu, "affinity", &affinity, "tracing", &tracing) ||
	    worker <= 0 || vcpu < 0 || strlen(affinity) > RUN_LOCK_MASK)
		return -EINVAL;
	*state = (struct run_state){worker, pinned, (unsigned int)vcpu, "", tracing};
	snprintf(state->affinity, sizeof(state->affinity), "%s", affinity);
	return 0;
}

int run_lock_read(int fd, struct run_state *state)
{
	char text[MAX_TEXT];
	json_t *json;
	int rc = read_text(fd, text);

	if (rc)
		return rc;
	json = json_loads(text, 0, NULL);
	rc = json ? unpack(json, state) : -EINVAL;
	json_decref(json);
	return rc;
}

int run_lock_clear(int fd)
{
	return ftruncate(fd, 0) ? -errno : 0;
}

int run_lock_write(int fd, const struct run_state *state)
{
	json_t *json = json_pack("{s:i, s:b, s:i, s:s, s:b}", "worker", (int)state->worker, "pinned",
				 state->pinned, "vcpu", (int)state->vcpu, "affinity",
				 state->affinity, "tracing", state->tracing);
	char *text = json_dumps(json, JSON_COMPACT);
	size_t size = text ? strlen(text) : 0;
	int rc = text ? run_lock_clear(fd) : -ENOMEM;

	errno = EIO;
	if (!rc && pwrite(fd, text, size, 0) != (ssize_t)size)
		rc = -errno;
	free(text);
	json_decref(json);
	return rc;
}

/* The worker of a lock that is held; 0: unknown. */
static pid_t read_worker(int fd)
{
	struct run_state state;

	return run_lock_read(fd, &state) ? 0 : state.worker;
}

static int lock(int fd, unsigned int wait_ms, pid_t *worker)
{
	const struct timespec pause = {.tv_nsec = PAUSE_MS * 1000000l};

	for (unsigned int ms = 0; flock(fd, LOCK_EX | LOCK_NB); ms += PAUSE_MS) {
		if (errno != EWOULDBLOCK)
			return -errno;
		*worker = read_worker(fd);
		if (ms >= wait_ms)
			return -EBUSY;
		nanosleep(&pause, NULL);
	}
	return 0;
}

int run_lock_take(const char *path, unsigned int wait_ms, int *fd, pid_t *worker)
{
	int rc;

	*worker = 0;
	*fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (*fd < 0)
		return -errno;
	rc = lock(*fd, wait_ms, worker);
	if (rc)
		close(*fd);
	return rc;
}

int run_lock_look(const char *path, pid_t *worker, bool *unrestored)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), rc = 0;
	struct run_state state;

	*worker = 0;
	*unrestored = false;
	if (fd < 0)
		return errno == ENOENT ? 0 : -errno;
	*unrestored = run_lock_read(fd, &state) != -ENOENT;
	if (flock(fd, LOCK_SH | LOCK_NB)) {
		*worker = read_worker(fd);
		rc = -EBUSY;
	}
	close(fd);
	return rc;
}
