// SPDX-License-Identifier: GPL-2.0-only
/* Start the machine with a job, wait for its end, take in what it left. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/clock.h"
#include "lib/msg.h"
#include "scripts/lab/lab.h"
#include "scripts/lab/results.h"
#include "scripts/lab/shared.h"

/*
 * Names in /tmp that exist here and that text mentions: "/tmp/NAME" anywhere in it. The rest of
 * /tmp stays unseen, so that COMMAND can use any other name there as in a fresh machine.
 */
static void add_visible(struct buffer *visible, const char *text)
{
	const char *at = text;
	char *path;
	struct stat st;

	while ((at = strstr(at, "/tmp/"))) {
		at += strlen("/tmp/");
		path = format("/tmp/%.*s", (int)strcspn(at, "/ \t\n'\";:,)"), at);
		if (path[strlen("/tmp/")] && !lstat(path, &st))
			buffer_printf(visible, "%s/", path + strlen("/tmp/"));
		free(path);
	}
}

static void write_job(const struct lab *lab, char **words, int count)
{
	static struct lab_job job = { .magic = LAB_MAGIC };
	struct buffer strings = { 0 }, visible = { 0 };
	int i;

	buffer_printf(&visible, "/");
	add_visible(&visible, lab->cwd);
	buffer_add(&strings, lab->cwd, strlen(lab->cwd) + 1);
	buffer_add(&strings, lab->program, strlen(lab->program) + 1);
	for (i = 1; i < count; i++) {
		add_visible(&visible, words[i]);
		buffer_add(&strings, words[i], strlen(words[i]) + 1);
	}
	if (strings.size > sizeof(job.strings) || visible.size >= sizeof(job.visible))
		die(EXIT_USAGE, "COMMAND is longer than %zu bytes", sizeof(job.strings));
	memcpy(job.strings, strings.data, strings.size);
	memcpy(job.visible, visible.data, visible.size);
	job.argc = count;
	if (pwrite(lab->shared_fd, &job, sizeof(job), 0) != sizeof(job))
		die(EXIT_USAGE, "shared memory: %s", strerror(errno));
	buffer_free(&strings);
	buffer_free(&visible);
}

static enum qemu_event restore(struct qemu *q, uint64_t deadline)
{
	enum qemu_event event;
	char *incoming = format("{\"execute\":\"qmp_capabilities\"}\n"
		"{\"execute\":\"migrate-set-capabilities\",\"arguments\":{\"capabilities\":["
		"{\"capability\":\"x-ignore-shared\",\"state\":true},"
		"{\"capability\":\"events\",\"state\":true}]}}\n"
		"{\"execute\":\"migrate-set-parameters\",\"arguments\":{\"announce-rounds\":0}}\n"
		"{\"execute\":\"migrate-incoming\",\"arguments\":{\"uri\":\"fd:%d\"}}\n", FD_STATE);

	qemu_command(q, incoming);
	free(incoming);
	event = qemu_wait(q, deadline);
	if (event == QEMU_MIGRATED) {
		qemu_command(q, "{\"execute\":\"cont\"}\n");
		event = qemu_wait(q, deadline);
	}
	return event;
}

static void store_console(const struct lab *lab, const struct qemu *q, const char *out)
{
	char *path = format("%s/console.txt", out), *boot;
	struct buffer text = { 0 };

	if (lab->snapshot) {
		boot = format("%s/console.txt", lab->snapshot);
		read_file(boot, &text);
		free(boot);
	}
	buffer_add(&text, q->console.data, q->console.size);
	write_file(path, text.data, text.size);
	buffer_free(&text);
	free(path);
}

static void store_fingerprint(const struct lab *lab, const char *out)
{
	char *path = format("%s/fingerprint.json", out);
	struct buffer text = { 0 };

	fingerprint_make(lab, &text);
	write_file(path, text.data, text.size);
	buffer_free(&text);
	free(path);
}

static enum qemu_event start_and_wait(struct lab *lab, struct qemu *q)
{
	char *memory = format("%s/ram", lab->snapshot ? lab->snapshot : "");
	char *state = lab->snapshot ? format("%s/state", lab->snapshot) : NULL, *initrd = NULL, **args;
	struct machine_files files = { .memory = memory, .turns = lab->turns };
	int state_fd = -1;
	uint64_t deadline;

	if (state && (state_fd = open(state, O_RDONLY | O_CLOEXEC)) < 0)
		die(EXIT_USAGE, "%s: %s", state, strerror(errno));
	if (!lab->snapshot && archive_store(lab, &initrd))
		exit(EXIT_USAGE);
	files.initrd = initrd;
	files.plugins = lab->plugins;
	args = machine_args(&lab->machine, lab->snapshot ? MACHINE_RESTORE : MACHINE_PLAIN, &files);
	if (qemu_start(q, args, lab->folder, lab->signal_fd, lab->shared_fd, state_fd, NULL))
		die(EXIT_USAGE, "cannot start %s", machine_qemu());
	deadline = clock_ns() + lab->timeout_ns;
	if (!lab->snapshot)
		deadline += lab->boot_timeout_ns;
	if (state_fd >= 0)
		close(state_fd);
	machine_free_args(args);
	free(initrd);
	free(state);
	free(memory);
	return lab->snapshot ? restore(q, deadline) : qemu_wait(q, deadline);
}

int lab_run(struct lab *lab, const struct options *o)
{
	int wait_status = 0, status = EXIT_USAGE;
	enum qemu_event event;
	struct qemu q;

	write_job(lab, o->command, o->command_words);
	event = start_and_wait(lab, &q);
	if (o->out)
		store_console(lab, &q, o->out);
	if (event != QEMU_ENDED || !WIFEXITED(q.wait_status) ||
	    WEXITSTATUS(q.wait_status) != LAB_EXIT_STATUS) {
		report_failure(&q, event, "COMMAND did not end", lab->timeout_ns);
	} else {
		if (o->out)
			store_fingerprint(lab, o->out);
		if (!results_store(lab->shared_fd, o->out, &wait_status))
			status = WIFEXITED(wait_status) ? WEXITSTATUS(wait_status)
							: 128 + WTERMSIG(wait_status);
	}
	qemu_end(&q);
	plugins_report(lab, o);
	return status;
}
