// SPDX-License-Identifier: GPL-2.0-only
#include "scripts/lab/qemu.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/clock.h"
#include "lib/msg.h"
#include "scripts/lab/machine.h"

/* After a panic there are some lines yet to come, a stack trace above all. */
#define CRASH_GRACE_NS 300000000ULL

static const char *const crash_texts[] = {
	"Panic on CPU", "Kernel panic - not syncing", "Hardware Dom0 crashed", "FATAL TRAP", NULL,
};

static int last_signal;

int qemu_last_signal(void)
{
	return last_signal;
}

int qemu_block_signals(void)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP, SIGCHLD };
	sigset_t set;
	size_t i;
	int fd;

	sigemptyset(&set);
	for (i = 0; i < sizeof(signals) / sizeof(*signals); i++)
		sigaddset(&set, signals[i]);
	if (sigprocmask(SIG_BLOCK, &set, NULL))
		return -errno;
	signal(SIGPIPE, SIG_IGN);
	fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	return fd < 0 ? -errno : fd;
}

/* In the child, between fork and exec. */
static void become_qemu(char **args, const char *folder, pid_t parent, const int fds[],
			int console, const char *state_path)
{
	int i, null, high[FD_COUNT];
	sigset_t none;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent) /* it died before the line above */
		_exit(127);
	setpgid(0, 0); /* the terminal's Ctrl-C is ours to handle */
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	null = open("/dev/null", O_RDONLY | O_CLOEXEC);
	dup2(null, 0);
	/* Out of the way first, since the final numbers may be in use. */
	console = fcntl(console, F_DUPFD_CLOEXEC, 100);
	for (i = 0; i < FD_COUNT; i++)
		high[i] = fds[i] < 0 ? -1 : fcntl(fds[i], F_DUPFD_CLOEXEC, 100);
	for (i = 0; i < FD_COUNT; i++)
		if (high[i] >= 0)
			dup2(high[i], FD_SHARED + i);
	dup2(console, 1);
	dup2(console, 2);
	if (state_path)
		setenv("LAB_STATE", state_path, 1);
	if (chdir(folder)) {
		fprintf(stderr, "%s: %s\n", folder, strerror(errno));
		_exit(127);
	}
	execvp(args[0], args);
	fprintf(stderr, "%s: %s\n", args[0], strerror(errno));
	_exit(127);
}

int qemu_start(struct qemu *q, char **args, const char *folder, int signal_fd, int shared_fd,
	       int state_fd, const char *state_path)
{
	int sockets[2], pipe_fds[2], fds[FD_COUNT];
	pid_t parent = getpid();

	*q = (struct qemu){ .console_fd = -1, .qmp_fd = -1, .signal_fd = signal_fd };
	if (pipe2(pipe_fds, O_CLOEXEC))
		return -errno;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets)) {
		close(pipe_fds[0]);
		close(pipe_fds[1]);
		return -errno;
	}
	/* A full pipe would hold up the guest's serial port. */
	fcntl(pipe_fds[1], F_SETPIPE_SZ, 1 << 20);
	fds[FD_SHARED - FD_SHARED] = shared_fd;
	fds[FD_QMP - FD_SHARED] = sockets[1];
	fds[FD_STATE - FD_SHARED] = state_fd;
	q->pid = fork();
	if (q->pid == 0)
		become_qemu(args, folder, parent, fds, pipe_fds[1], state_path);
	close(pipe_fds[1]);
	close(sockets[1]);
	q->console_fd = pipe_fds[0];
	q->qmp_fd = sockets[0];
	fcntl(q->console_fd, F_SETFL, O_NONBLOCK);
	fcntl(q->qmp_fd, F_SETFL, O_NONBLOCK);
	if (q->pid < 0) {
		q->pid = 0;
		qemu_end(q);
		return -EAGAIN;
	}
	return 0;
}

void qemu_command(struct qemu *q, const char *commands)
{
	/* A few hundred bytes fit into the socket; if QEMU is gone, its end tells. */
	if (write(q->qmp_fd, commands, strlen(commands)) < 0 && errno != EPIPE)
		msg("monitor: %s", strerror(errno));
}

/* Take in what is there; false at the end of the stream. */
static bool receive(int fd, struct buffer *b)
{
	char data[4096];
	ssize_t got;

	while ((got = read(fd, data, sizeof(data))) > 0)
		buffer_add(b, data, got);
	return got < 0 && (errno == EAGAIN || errno == EINTR);
}

static void check_console(struct qemu *q, size_t old_size)
{
	/* The text may have come in two pieces. */
	size_t from = old_size > 64 ? old_size - 64 : 0;
	const char *const *text;

	if (q->crash_ns || q->console.size == old_size)
		return;
	for (text = crash_texts; *text; text++)
		if (memmem(q->console.data + from, q->console.size - from, *text, strlen(*text)))
			q->crash_ns = clock_ns();
}

static bool judge_line(const char *line, enum qemu_event *event)
{
	if (strstr(line, "\"error\"") || strstr(line, "\"failed\"")) {
		msg("QEMU's monitor: %s", line);
		*event = QEMU_REFUSED;
	} else if (strstr(line, "\"GUEST_PANICKED\"")) {
		*event = QEMU_STOPPED;
	} else if (strstr(line, "\"MIGRATION\"") && strstr(line, "\"completed\"")) {
		*event = QEMU_MIGRATED;
	} else {
		return false;
	}
	return true;
}

/* The next line of the monitor that matters. */
static bool next_qmp_event(struct qemu *q, enum qemu_event *event)
{
	bool found = false;
	char *end;

	while (!found && q->qmp.size && (end = strchr(q->qmp.data, '\n'))) {
		*end = '\0';
		found = judge_line(q->qmp.data, event);
		q->qmp.size -= end + 1 - q->qmp.data;
		memmove(q->qmp.data, end + 1, q->qmp.size + 1);
	}
	return found;
}

bool qemu_interrupted(int signal_fd, int wait_ms)
{
	struct pollfd wait_for = { .fd = signal_fd, .events = POLLIN };
	struct signalfd_siginfo info;

	if (wait_ms)
		poll(&wait_for, 1, wait_ms);
	while (read(signal_fd, &info, sizeof(info)) == sizeof(info))
		if (info.ssi_signo != SIGCHLD)
			last_signal = info.ssi_signo;
	return last_signal != 0;
}

static bool reap(struct qemu *q)
{
	if (q->pid && waitpid(q->pid, &q->wait_status, WNOHANG) == q->pid)
		q->pid = 0;
	return q->pid == 0;
}

enum qemu_event qemu_wait(struct qemu *q, uint64_t deadline_ns)
{
	enum qemu_event event;
	struct pollfd fds[3];
	uint64_t now, until;
	size_t old_size;
	bool ended;

	for (;;) {
		ended = reap(q); /* before reading, so that its last words are in */
		old_size = q->console.size;
		receive(q->console_fd, &q->console);
		check_console(q, old_size);
		receive(q->qmp_fd, &q->qmp);
		if (qemu_interrupted(q->signal_fd, 0))
			return QEMU_SIGNAL;
		if (next_qmp_event(q, &event))
			return event;
		now = clock_ns();
		if (q->crash_ns && (ended || now >= q->crash_ns + CRASH_GRACE_NS))
			return QEMU_CRASHED;
		if (ended)
			return QEMU_ENDED;
		if (now >= deadline_ns)
			return QEMU_TIMEOUT;
		until = deadline_ns;
		if (q->crash_ns && q->crash_ns + CRASH_GRACE_NS < until)
			until = q->crash_ns + CRASH_GRACE_NS;
		fds[0] = (struct pollfd){ .fd = q->console_fd, .events = POLLIN };
		fds[1] = (struct pollfd){ .fd = q->qmp_fd, .events = POLLIN };
		fds[2] = (struct pollfd){ .fd = q->signal_fd, .events = POLLIN };
		poll(fds, 3, (until - now) / 1000000 + 1);
	}
}

void qemu_end(struct qemu *q)
{
	if (q->pid) {
		kill(q->pid, SIGKILL);
		waitpid(q->pid, &q->wait_status, 0);
		q->pid = 0;
	}
	if (q->console_fd >= 0)
		close(q->console_fd);
	if (q->qmp_fd >= 0)
		close(q->qmp_fd);
	buffer_free(&q->console);
	buffer_free(&q->qmp);
	q->console_fd = -1;
	q->qmp_fd = -1;
}
