// SPDX-License-Identifier: GPL-2.0-only
#include "tracepoints/command.h"

#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

#include "lib/msg.h"

#define LOOK_MS 100
#define KILL_MS 5000

extern char **environ;

int command_start(char **argv, pid_t *pid)
{
	posix_spawnattr_t attributes;
	sigset_t none;
	int rc;

	sigemptyset(&none);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
	posix_spawnattr_setsigmask(&attributes, &none);
	rc = posix_spawnp(pid, argv[0], NULL, &attributes, argv, environ);
	posix_spawnattr_destroy(&attributes);
	if (rc) {
		msg("%s: %s", argv[0], strerror(rc));
		*pid = 0;
	}
	return -rc;
}

bool command_ended(pid_t *pid, int *status)
{
	if (!*pid || waitpid(*pid, status, WNOHANG) != *pid)
		return false;
	*pid = 0;
	return true;
}

void command_end(pid_t *pid)
{
	int status;

	if (!*pid)
		return;
	kill(*pid, SIGTERM);
	for (unsigned int waited = 0; waited < KILL_MS; waited += LOOK_MS) {
		if (command_ended(pid, &status))
			return;
		nanosleep(&(struct timespec){0, LOOK_MS * 1000000l}, NULL);
	}
	kill(*pid, SIGKILL);
	waitpid(*pid, &status, 0);
	*pid = 0;
}
