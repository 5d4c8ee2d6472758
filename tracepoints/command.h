/* SPDX-License-Identifier: GPL-2.0-only */
/* The program that is recorded: a child of ours. SIGCHLD is for the caller to wait for. */
#ifndef CLAIMPERF_TRACEPOINTS_COMMAND_H
#define CLAIMPERF_TRACEPOINTS_COMMAND_H

#include <stdbool.h>
#include <sys/types.h>

/* No signal is blocked in it. 0 and its number, or -errno, which has been said. */
int command_start(char **argv, pid_t *pid);

/* If it has ended, *pid becomes 0 and *status as from wait(). */
bool command_ended(pid_t *pid, int *status);

/* Have it end, if it has not: by SIGTERM, after five seconds by SIGKILL. */
void command_end(pid_t *pid);

#endif
