// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/jobs.h"
#include "lib/msg.h"

volatile sig_atomic_t jobs_stopped;

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

void jobs_catch_signals(void)
{
	struct sigaction action = { .sa_handler = on_signal }; /* waitpid() must return */

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGHUP, &action, NULL);
}

static int start(struct job *job)
{
	pid_t parent = getpid();

	job->pid = fork();
	if (job->pid < 0)
		return -errno;
	if (!job->pid) {
		int log = open(job->log, O_WRONLY | O_CREAT | O_TRUNC, 0666);
		int null = open("/dev/null", O_RDONLY);

		/* It ends with us, whatever ends us. */
		prctl(PR_SET_PDEATHSIG, SIGTERM);
		if (getppid() != parent)
			_exit(127);
		if (log >= 0 && null >= 0) {
			dup2(null, STDIN_FILENO);
			dup2(log, STDOUT_FILENO);
			dup2(log, STDERR_FILENO);
			execvp(job->argv[0], job->argv);
		}
		msg("%s: %s", job->argv[0], strerror(errno));
		_exit(127);
	}
	return 0;
}

static struct job *find(struct job *jobs, size_t count, pid_t pid)
{
	for (size_t i = 0; i < count; i++)
		if (jobs[i].pid == pid)
			return &jobs[i];
	return NULL;
}

static int exit_status(int status)
{
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int jobs_run(struct job *jobs, size_t count, unsigned int parallel,
	     void (*done)(void *data, const struct job *job, size_t over), void *data)
{
	size_t started = 0, over = 0;

	running = jobs;
	running_count = count;
	for (size_t i = 0; i < count; i++)
		jobs[i].status = -1;
	while (over < started || (!jobs_stopped && started < count)) {
		struct job *job;
		int status;
		pid_t pid;

		if (!jobs_stopped && started < count && started - over < parallel) {
			over += start(&jobs[started++]) != 0;
			if (jobs_stopped)
				end_all();
			continue;
		}
		pid = waitpid(-1, &status, 0);
		job = pid > 0 ? find(jobs, count, pid) : NULL;
		if (!job)
			continue;
		job->pid = 0;
		job->status = exit_status(status);
		over++;
		if (done && !jobs_stopped)
			done(data, job, over);
	}
	running_count = 0;
	return jobs_stopped ? -EINTR : 0;
}

void jobs_free(struct job *jobs, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		for (char **word = jobs[i].argv; word && *word; word++)
			free(*word);
		free(jobs[i].argv);
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
	int fds[2], status, rc;
	pid_t pid;

	if (pipe(fds))
		return -errno;
	pid = fork();
	if (pid < 0)
		return -errno;
	if (!pid) {
		dup2(fds[1], STDOUT_FILENO);
		close(fds[0]);
		close(fds[1]);
		execvp(argv[0], argv);
		fprintf(stderr, "%s: %s\n", argv[0], strerror(errno));
		_exit(127);
	}
	close(fds[1]);
	rc = collect(fds[0], output);
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	return rc ? rc : exit_status(status);
}
