// SPDX-License-Identifier: GPL-2.0-only
#include "plots/child.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static _Noreturn void become(char *const argv[], const char *folder, int out, int err)
{
	if (dup2(out, STDOUT_FILENO) < 0 || dup2(err, STDERR_FILENO) < 0)
		_exit(127);
	if (folder && chdir(folder)) {
		perror(folder);
		_exit(127);
	}
	setenv("LC_ALL", "C.UTF-8", 1);
	execvp(argv[0], argv);
	perror(argv[0]);
	_exit(127);
}

static char *read_all(FILE *file, size_t *size)
{
	struct stat status;
	char *text;

	if (fstat(fileno(file), &status))
		return NULL;
	text = malloc((size_t)status.st_size + 1);
	if (!text)
		return NULL;
	rewind(file);
	*size = fread(text, 1, (size_t)status.st_size, file);
	text[*size] = 0;
	return text;
}

static int wait_for(pid_t pid, int *status)
{
	int raw;

	while (waitpid(pid, &raw, 0) < 0)
		if (errno != EINTR)
			return -errno;
	*status = WIFEXITED(raw) ? WEXITSTATUS(raw) : 128 + WTERMSIG(raw);
	return 0;
}

int child_run(char *const argv[], const char *folder, struct child_output *output)
{
	/* Files rather than pipes: a child may fill both without anyone reading. */
	FILE *out = tmpfile(), *err = tmpfile();
	int ret = out && err ? 0 : -errno;
	size_t err_size;
	pid_t pid;

	*output = (struct child_output){0};
	if (ret)
		goto close;
	pid = fork();
	if (!pid)
		become(argv, folder, fileno(out), fileno(err));
	ret = pid < 0 ? -errno : wait_for(pid, &output->status);
	if (ret)
		goto close;
	output->out = read_all(out, &output->out_size);
	output->err = read_all(err, &err_size);
	if (!output->out || !output->err)
		ret = -ENOMEM;
close:
	if (out)
		fclose(out);
	if (err)
		fclose(err);
	return ret;
}

void child_free(struct child_output *output)
{
	free(output->out);
	free(output->err);
	*output = (struct child_output){0};
}
