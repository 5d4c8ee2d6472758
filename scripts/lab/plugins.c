// SPDX-License-Identifier: GPL-2.0-only
/* QEMU's arguments for the plugins that --profile and --probe ask for. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/msg.h"
#include "scripts/lab/lab.h"
#include "tracepoints/probe_select.h"

/* A comma separates a plugin's arguments; in a value it is written twice. */
static void add_value(struct buffer *text, const char *value)
{
	for (; *value; value++)
		buffer_add(text, ",,", *value == ',' ? 2 : 0), buffer_add(text, value, *value != ',');
}

/* QEMU runs in another folder. */
static void add_path(struct buffer *text, const char *path)
{
	char cwd[PATH_MAX];

	if (!getcwd(cwd, sizeof(cwd)))
		die(EXIT_USAGE, "current folder: %s", strerror(errno));
	if (*path != '/') {
		add_value(text, cwd);
		buffer_printf(text, "/");
	}
	add_value(text, path);
}

static void start_plugin(struct buffer *text, const struct lab *lab, const char *name,
			 const char *option, const char *symbols)
{
	char *plugin = format("%s/lib/%s.so", lab->build, name);

	if (access(plugin, R_OK) || access(symbols, R_OK))
		die(EXIT_USAGE, "%s needs %s and %s", option, plugin, symbols);
	add_path(text, plugin);
	buffer_printf(text, ",syms=");
	add_path(text, symbols);
	free(plugin);
}

static char *probe_file(const struct options *o, const char *suffix)
{
	char *path;
	int fd;

	if (o->out)
		return format("%s/probe.%s", o->out, suffix);
	path = format("/tmp/claimperf-probe-XXXXXX");
	fd = mkstemp(path);
	if (fd < 0)
		die(EXIT_USAGE, "%s: %s", path, strerror(errno));
	close(fd);
	return path;
}

static char *describe_profile(const struct lab *lab, const struct options *o, const char *symbols)
{
	struct buffer text = { 0 };

	start_plugin(&text, lab, "insncount", "--profile", symbols);
	buffer_printf(&text, ",out=");
	add_path(&text, o->profile);
	return text.data;
}

static char *describe_probe(struct lab *lab, const struct options *o, const char *symbols)
{
	struct buffer text = { 0 };
	char error[SELECT_ERROR_SIZE];

	start_plugin(&text, lab, "probe", "--probe", symbols);
	/* Now, and not when a machine is up. */
	if (check_functions(symbols, o->probe, error))
		die(EXIT_USAGE, "--probe %s", error);
	lab->probe_json = probe_file(o, "json");
	lab->probe_text = probe_file(o, "txt");
	buffer_printf(&text, ",follow=");
	add_value(&text, o->probe);
	buffer_printf(&text, ",json=");
	add_path(&text, lab->probe_json);
	buffer_printf(&text, ",text=");
	add_path(&text, lab->probe_text);
	if (o->probe_holds) {
		buffer_printf(&text, ",holds=");
		add_path(&text, o->probe_holds);
	}
	return text.data;
}

void plugins_prepare(struct lab *lab, const struct options *o)
{
	char *symbols = o->symbols ? strdup(o->symbols) : find_symbol_file(lab->machine.image);
	unsigned int count = 0;

	if (!symbols)
		die(EXIT_USAGE, "out of memory");
	if (o->profile)
		lab->plugins[count++] = describe_profile(lab, o, symbols);
	if (o->probe)
		lab->plugins[count++] = describe_probe(lab, o, symbols);
	free(symbols);
}

void plugins_report(const struct lab *lab, const struct options *o)
{
	struct buffer text = { 0 };

	if (!lab->probe_text)
		return;
	if (!read_file(lab->probe_text, &text))
		write_all(STDERR_FILENO, text.data, text.size);
	buffer_free(&text);
	if (o->out)
		return;
	unlink(lab->probe_json);
	unlink(lab->probe_text);
}
