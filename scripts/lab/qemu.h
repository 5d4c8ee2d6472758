/* SPDX-License-Identifier: GPL-2.0-only */
/* One QEMU process: start it, follow its console and its monitor, end it. */
#ifndef CLAIMPERF_LAB_QEMU_H
#define CLAIMPERF_LAB_QEMU_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "scripts/lab/files.h"

struct qemu {
	pid_t pid;              /* 0 when there is none */
	int console_fd;         /* what it prints: the serial console and its own complaints */
	int qmp_fd;
	int signal_fd;          /* SIGINT, SIGTERM, SIGHUP, SIGCHLD */
	int wait_status;        /* after its end */
	uint64_t crash_ns;      /* when a panic was seen, 0 before */
	struct buffer console;
	struct buffer qmp;      /* the line being received */
};

enum qemu_event {
	QEMU_STOPPED,   /* the guest asked to stand still */
	QEMU_MIGRATED,  /* the state is written, or read */
	QEMU_ENDED,     /* the process is gone */
	QEMU_CRASHED,   /* the hypervisor or dom0's kernel panicked */
	QEMU_TIMEOUT,
	QEMU_SIGNAL,    /* we were told to stop */
	QEMU_REFUSED,   /* a monitor command failed */
};

/* Block the signals that qemu_wait() reports. Call once, early. Returns a signalfd or -errno. */
int qemu_block_signals(void);

/* Whether such a signal came, or comes within wait_ms. */
bool qemu_interrupted(int signal_fd, int wait_ms);

/* Which signal QEMU_SIGNAL stood for, 0 when none came yet. */
int qemu_last_signal(void);

/*
 * Start args in folder. The process dies with this one, whatever kills it. shared_fd and
 * state_fd (or -1) are inherited, see machine.h. Returns 0 or -errno.
 */
int qemu_start(struct qemu *q, char **args, const char *folder, int signal_fd, int shared_fd,
	       int state_fd, const char *state_path);

/* Send monitor commands; failures show up as QEMU_REFUSED. */
void qemu_command(struct qemu *q, const char *commands);

/* Wait for the next event, until deadline_ns of clock_ns(). */
enum qemu_event qemu_wait(struct qemu *q, uint64_t deadline_ns);

/* Kill it if it still runs, and release everything. */
void qemu_end(struct qemu *q);

#endif
