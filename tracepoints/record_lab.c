// SPDX-License-Identifier: GPL-2.0-only
/* claimperf trace record --target lab: the same program, run by claimperf lab exec. */
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/msg.h"
#include "lib/replace.h"
#include "tracepoints/record.h"

/* Where it leaves files that the lab brings back. */
#define LAB_OUT "/run/out"
#define NAME(out) (is_compressed(out) ? "trace.xen.zst" : "trace.xen")

struct words {
	char *list[RECORD_LAB_WORDS + 64];
	unsigned int count;
};

__attribute__((format(printf, 2, 3))) static void add_word(struct words *words, const char *fmt, ...)
{
	va_list ap;
	int rc;

	if (words->count + 1 >= sizeof(words->list) / sizeof(words->list[0]))
		die(EXIT_USAGE, "COMMAND has too many words");
	va_start(ap, fmt);
	rc = vasprintf(&words->list[words->count++], fmt, ap);
	va_end(ap);
	if (rc < 0)
		die(EXIT_USAGE, "%s", strerror(ENOMEM));
}

static bool is_compressed(const char *out)
{
	size_t length = strlen(out);

	return length >= 4 && !strcmp(out + length - 4, ".zst");
}

static char *find_self(void)
{
	char *path = realpath("/proc/self/exe", NULL);

	if (!path)
		die(EXIT_USAGE, "/proc/self/exe: %s", strerror(errno));
	return path;
}

/* Programs in PATH are staged too: the lab looks into the same folders. */
static void stage_command(struct words *words, const char *name)
{
	static const char *const folders[] = {"/usr/sbin", "/usr/bin", "/sbin", "/bin"};
	char path[PATH_MAX];

	if (strchr(name, '/')) {
		add_word(words, "--stage=%s", name);
		return;
	}
	for (size_t i = 0; i < sizeof(folders) / sizeof(*folders); i++) {
		snprintf(path, sizeof(path), "%s/%s", folders[i], name);
		if (access(path, X_OK))
			continue;
		add_word(words, "--stage=%s", path);
		return;
	}
}

static void describe(struct words *words, const struct record_options *o, const char *folder)
{
	char *self = find_self(), *slash = strrchr(self, '/');

	add_word(words, "%.*s/claimperf-lab-exec", (int)(slash - self), self);
	for (unsigned int i = 0; i < o->nr_lab_words; i++)
		add_word(words, "%s", o->lab_words[i]);
	add_word(words, "--out=%s", folder);
	if (o->command)
		stage_command(words, o->command[0]);
	add_word(words, "--");
	add_word(words, "%s", self);
	add_word(words, "--out=" LAB_OUT "/%s", NAME(o->out));
	add_word(words, "--rates=" LAB_OUT "/rates");
	if (o->events)
		add_word(words, "--events=%s", o->events);
	if (o->size)
		add_word(words, "--size=%s", o->size);
	if (o->seconds)
		add_word(words, "--seconds=%u", o->seconds);
	if (o->queue)
		add_word(words, "--queue=%" PRIu64, o->queue);
	add_word(words, "--");
	for (char **word = o->command; word && *word; word++)
		add_word(words, "%s", *word);
	free(self);
}

static int run(char **argv)
{
	int status;
	pid_t pid = fork();

	if (!pid) {
		execv(argv[0], argv);
		msg("%s: %s", argv[0], strerror(errno));
		_exit(EXIT_USAGE);
	}
	while (pid > 0 && waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return EXIT_USAGE;
	return pid > 0 && WIFEXITED(status) ? WEXITSTATUS(status) : EXIT_USAGE;
}

static int take_file(const char *folder, const char *out, const char *target)
{
	static const char *const others[] = {"rates", "rates.new", "console.txt", "fingerprint.json"};
	char path[PATH_MAX + 32];
	int rc = 0;

	snprintf(path, sizeof(path), "%s/%s", folder, NAME(out));
	if (rename(path, target) && errno != ENOENT)
		rc = -errno;
	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++) {
		snprintf(path, sizeof(path), "%s/%s", folder, others[i]);
		unlink(path);
	}
	rmdir(folder);
	return rc;
}

int record_in_lab(const struct record_options *o)
{
	struct words words = {0};
	char folder[PATH_MAX];
	struct replacement r;
	int status, rc = replace_begin(o->out, &r);

	if (rc)
		die(EXIT_USAGE, "%s: %s", o->out, replace_error(rc));
	/* Beside FILE, so that it can be renamed. */
	if (snprintf(folder, sizeof(folder), "%s.XXXXXX", r.target) >= PATH_MAX || !mkdtemp(folder))
		die(EXIT_USAGE, "%s: %s", o->out, strerror(errno));
	describe(&words, o, folder);
	status = run(words.list);
	rc = take_file(folder, o->out, r.target);
	if (rc)
		die(EXIT_USAGE, "%s: %s", o->out, strerror(-rc));
	while (words.count)
		free(words.list[--words.count]);
	return status;
}
