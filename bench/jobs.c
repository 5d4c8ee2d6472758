// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/jobs.h"
#include "lib/msg.h"

volatile sig_atomic_t jobs_stopped;
void (*jobs_tick)(void);

/* The signal handler reads these; pids change in the main thread only. */
static struct job *running;
static size_t running_count;

static void end_all(void)
{
	for (size_t i = 0; i < running_count; i++)
		if (running[i].pid > 0)
			kill(running[i].pid, SIGTERM);
}

/* From here, so that a signal right before waitpid() is not lost. */
static void on_signal(int number)
{
	int err = errno;

	(void)number;
	jobs_stopped = 1;
	end_all();
	errno = err;
}

static void on_alarm(int number)
{
	(void)number;
}

void jobs_catch_signals(void)
{
	struct sigaction action = { .sa_handler = on_signal }; /* waitpid() must return */
	struct sigaction tick = { .sa_handler = on_alarm };

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGHUP, &action, NULL);
	sigaction(SIGALRM, &tick, NULL);
}

static int exit_status(int status)
{
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static void exec_child(char *const argv[], const sigset_t *mask)
{
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	signal(SIGTERM, SIG_DFL); /* our handler is not for the child either */
	sigprocmask(SIG_SETMASK, mask, NULL);
	execvp(argv[0], argv);
	msg("%s: %s", argv[0], strerror(errno));
	_exit(127);
}

/*
 * A process between this program and a child, which leads the child's process group. The kernel tells
 * it when the program is gone, even by SIGKILL, and it ends the group: what a shell script started
 * would not be told. Returns the child's exit status.
 */
static int guard_child(pid_t parent, char *const argv[], const sigset_t *mask)
{
	int number, status = 0;
	sigset_t wanted;
	bool ended = false;
	pid_t child;

	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != parent) /* gone before the line above */
		return 127;
	child = fork();
	if (!child)
		exec_child(argv, mask);
	sigemptyset(&wanted);
	sigaddset(&wanted, SIGTERM);
	sigaddset(&wanted, SIGCHLD);
	while (child > 0 && waitpid(child, &status, WNOHANG) != child) {
		sigwait(&wanted, &number);
		if (number != SIGTERM)
			continue;
		/* Once: each member may clean up. Its own share stays pending. */
		sigdelset(&wanted, SIGTERM);
		kill(0, SIGTERM);
		ended = true;
	}
	if (ended)
		kill(0, SIGKILL); /* what does not heed it; this process goes too */
	return child > 0 ? exit_status(status) : 127;
}

/* The pid of a child that will end with all of its group at SIGTERM, or -errno. */
static pid_t start_guarded(char *const argv[], int in, int out, int err)
{
	pid_t parent = getpid(), pid;
	sigset_t all, mask;

	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, &mask); /* our handlers are not for the guard */
	pid = fork();
	if (pid) {
		pid = pid < 0 ? -errno : pid;
		sigprocmask(SIG_SETMASK, &mask, NULL);
		return pid;
	}
	dup2(in, STDIN_FILENO);
	dup2(out, STDOUT_FILENO);
	dup2(err, STDERR_FILENO);
	_exit(guard_child(parent, argv, &mask));
}

static int start(struct job *job)
{
	int log = open(job->log, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
	pid_t pid = log < 0 || null < 0 ? -errno : start_guarded(job->argv, null, log, log);

	if (pid < 0)
		msg("%s: %s", job->log, strerror(-pid));
	else
		job->pid = pid;
	close(log);
	close(null);
	return pid < 0 ? pid : 0;
}

static struct job *find(struct job *jobs, size_t count, pid_t pid)
{
	for (size_t i = 0; i < count; i++)
		if (jobs[i].pid == pid)
			return &jobs[i];
	return NULL;
}

static void tick_each_second(bool on)
{
	struct itimerval second = {{.tv_sec = on}, {.tv_sec = on}};

	setitimer(ITIMER_REAL, &second, NULL);
}

/* The next that is over; NULL: none yet. */
static struct job *wait_for_job(struct job *jobs, size_t count)
{
	int status;
	pid_t pid = waitpid(-1, &status, 0);
	struct job *job = pid > 0 ? find(jobs, count, pid) : NULL;

	if (job) {
		job->pid = 0;
		job->status = exit_status(status);
	} else if (jobs_tick && !jobs_stopped) {
		jobs_tick();
	}
	return job;
}

int jobs_run(struct job *jobs, size_t count, unsigned int parallel,
	     void (*done)(void *data, const struct job *job), void *data)
{
	size_t started = 0, over = 0;

	running = jobs;
	running_count = count;
	tick_each_second(jobs_tick);
	for (size_t i = 0; i < count; i++)
		jobs[i].status = -1;
	while (over < started || (!jobs_stopped && started < count)) {
		struct job *job;

		if (!jobs_stopped && started < count && started - over < parallel) {
			over += start(&jobs[started++]) != 0;
			if (jobs_stopped)
				end_all();
			continue;
		}
		job = wait_for_job(jobs, count);
		over += job != NULL;
		if (job && done)
			done(data, job);
	}
	tick_each_second(false);
	running_count = 0;
	return jobs_stopped ? -EINTR : 0;
}

static void free_words(struct job *job)
{
	for (char **word = job->argv; word && *word; word++)
		free(*word);
	free(job->argv);
	job->argv = NULL;
}

void jobs_free(struct job *jobs, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		free_words(&jobs[i]);
		free(jobs[i].log);
	}
	free(jobs);
}

static int collect(int fd, char **output)
{
	FILE *in = fdopen(fd, "r"), *out;
	size_t size, got;
	char block[4096];

	if (!in)
		return -errno;
	out = open_memstream(output, &size);
	while (out && (got = fread(block, 1, sizeof(block), in)))
		fwrite(block, 1, got, out);
	fclose(in);
	return out && !fclose(out) ? 0 : -ENOMEM;
}

int job_output(char *const argv[], char **output)
{
	struct job job = { 0 };
	int fds[2], status = 0, rc;
	pid_t pid;

	if (pipe2(fds, O_CLOEXEC))
		return -errno;
	job.pid = start_guarded(argv, STDIN_FILENO, fds[1], STDERR_FILENO);
	close(fds[1]);
	running = &job;
	running_count = 1;
	if (jobs_stopped)
		end_all();
	rc = collect(fds[0], output);
	do
		pid = waitpid(job.pid, &status, 0);
	while (pid < 0 && errno == EINTR);
	running_count = 0;
	if (job.pid < 0)
		return job.pid;
	return rc ? rc : exit_status(status);
}

int job_ask(struct job *job, char **output)
{
	int rc = job_output(job->argv, output);

	free_words(job);
	return rc;
}
