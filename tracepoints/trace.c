// SPDX-License-Identifier: GPL-2.0-only
/* claimperf trace: what xentrace recorded on a hypervisor with claimperf's trace points. */
#include <argp.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/msg.h"
#include "tracepoints/commands.h"
#include "tracepoints/skew.h"

static const struct command {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *arguments;
	const char *doc;
} commands[] = {
	{"summary", trace_summary, "FILE", "what the records say in sum"},
	{"dump", trace_dump, "FILE", "each record"},
	{"diff", trace_diff, "BEFORE,... AFTER,...", "two traces, or pairs of them, side by side"},
	{"claims", trace_claims, "FILE", "what became of each claim"},
	{"timeline", trace_timeline, "FILE", "holds and pages over time, as JSON"},
	{"export", trace_export, "FILE --format FORMAT", "a part of it for other programs"},
	{0},
};

static void print_usage(FILE *out)
{
	const struct command *c;

	fputs("Usage: claimperf trace COMMAND [ARGUMENT...]\n\n"
	      "  record   [-- COMMAND]             what trace points tell, in dom0 or the lab\n"
	      "  plot     FILE --out DIR           its pictures\n",
	      out);
	for (c = commands; c->name; c++)
		fprintf(out, "  %-8s %-24s %s\n", c->name, c->arguments, c->doc);
	fputs("\nEach COMMAND has --help. Exit status: 0 fine, 1 a damaged file or a failed check, "
	      "2 usage or environment. See docs/trace.md.\n\n"
	      "Examples:\n"
	      "  claimperf trace summary trace.xen\n"
	      "  claimperf trace dump trace.xen | grep heap_section\n",
	      out);
}

static int run_command(const struct command *command, int argc, char **argv)
{
	static char name[64];

	snprintf(name, sizeof(name), "claimperf trace %s", command->name);
	msg_call_us(argv, name);
	argp_err_exit_status = EXIT_USAGE;
	return command->run(argc, argv);
}

static const struct command *find_command(const char *name)
{
	const struct command *c;

	for (c = commands; c->name; c++)
		if (!strcmp(c->name, name))
			return c;
	return NULL;
}

static int help_or_die(const char *name)
{
	if (!name) {
		print_usage(stderr);
		return EXIT_USAGE;
	}
	if (strcmp(name, "--help") && strcmp(name, "-h") && strcmp(name, "-?"))
		die(EXIT_USAGE, "'%s' is not a command; see claimperf trace --help", name);
	print_usage(stdout);
	return 0;
}

static const char *open_error(int ret)
{
	if (ret == -EBADMSG)
		return "not a trace file of xentrace";
	if (ret == -EINVAL)
		return "not a regular file";
	return strerror(-ret);
}

static void tell_clock(const char *path, const struct skew *skew, const struct skew_cpu *cpu)
{
	unsigned int reference = skew->cpus[skew->reference].cpu;

	if (cpu->ahead)
		msg("%s: the clock of CPU %u is %lld cycles ahead of that of CPU %u: corrected", path,
		    cpu->cpu, (long long)cpu->ahead, reference);
	if (cpu->state == SKEW_REFUSED)
		msg("%s: the clock of CPU %u disagrees with that of CPU %u: not corrected", path,
		    cpu->cpu, reference);
	if (cpu->state == SKEW_DRIFTED)
		msg("%s: the clock of CPU %u disagrees with the others' from byte %llu on", path,
		    cpu->cpu, (unsigned long long)skew->drifted_from);
}

static void correct_clocks(const char *path, struct trace_reader *reader)
{
	struct skew skew;
	unsigned int i;

	if (skew_correct(reader, &skew))
		die(EXIT_USAGE, "%s: %s", path, strerror(ENOMEM));
	for (i = 0; i < skew.count; i++)
		tell_clock(path, &skew, &skew.cpus[i]);
}

struct trace_reader *open_trace(const char *path)
{
	struct trace_reader *reader;
	int ret = trace_open(path, &reader);

	if (ret)
		die(EXIT_USAGE, "%s: %s", path, open_error(ret));
	correct_clocks(path, reader);
	return reader;
}

int main(int argc, char **argv)
{
	const struct command *command = argc > 1 ? find_command(argv[1]) : NULL;
	static char name[] = "claimperf trace";
	int ret;

	msg_call_us(argv, name);
	ret = command ? run_command(command, argc - 1, argv + 1) : help_or_die(argv[1]);

	if (fflush(stdout) || ferror(stdout))
		die(EXIT_USAGE, "cannot write: %s", strerror(errno));
	return ret;
}
