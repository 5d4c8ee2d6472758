// SPDX-License-Identifier: GPL-2.0-only
/* claimperf history: results of all nights, with their raw data. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "lib/msg.h"
#include "results/history_commands.h"

static const struct command {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *arguments, *doc;
} commands[] = {
	{"import", history_command_import, "FILE...", "store results with their raw data"},
	{"list", history_command_list, "", "the runs, in order of time"},
	{"show", history_command_show, "RUN", "one run: fingerprint, figures, files"},
	{"export", history_command_export, "RUN | --case GLOB",
	 "a run as it was, or figures over time"},
	{"check", history_command_check, "", "is all there, and as it was?"},
	{"pin", history_command_pin, "RUN", "never prune it"},
	{"unpin", history_command_unpin, "RUN", "prune it when it is its time"},
	{"prune", history_command_prune, "", "remove the files of old runs"},
	{0},
};

static void print_usage(FILE *out)
{
	fputs("Usage: claimperf history COMMAND [ARGUMENT...]\n\n", out);
	for (const struct command *c = commands; c->name; c++)
		fprintf(out, "  %-7s %-20s %s\n", c->name, c->arguments, c->doc);
	/* plots/ has that program: it reads what is here. */
	fputs("  page    --out FILE           all cases over time, as one HTML page\n", out);
	fputs("\nEach COMMAND has --help. RUN is the beginning of a run's id. Exit status: 0 fine, "
	      "1 a failed "
	      "check, 2 usage or\nenvironment. See docs/history.md.\n\n"
	      "Examples:\n"
	      "  claimperf history import claims.json baseline.json\n"
	      "  claimperf history export --case 'populate/order:0/*' --format csv\n",
	      out);
}

static int run_command(const struct command *command, int argc, char **argv)
{
	static char name[64];
	int status;

	snprintf(name, sizeof(name), "claimperf history %s", command->name);
	msg_call_us(argv, name);
	argp_err_exit_status = EXIT_USAGE;
	status = command->run(argc, argv);
	if (fflush(stdout))
		die(EXIT_USAGE, "cannot write the output: %s", strerror(errno));
	return status;
}

int main(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : NULL;

	for (const struct command *c = commands; name && c->name; c++)
		if (!strcmp(c->name, name))
			return run_command(c, argc - 1, argv + 1);
	if (!name) {
		print_usage(stderr);
		return EXIT_USAGE;
	}
	if (strcmp(name, "--help") && strcmp(name, "-h") && strcmp(name, "-?"))
		die(EXIT_USAGE, "'%s' is not a command; see claimperf history --help", name);
	print_usage(stdout);
	return 0;
}
