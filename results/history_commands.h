/* SPDX-License-Identifier: GPL-2.0-only */
/* The commands of claimperf history; history_main.c has the table. */
#ifndef CLAIMPERF_RESULTS_HISTORY_COMMANDS_H
#define CLAIMPERF_RESULTS_HISTORY_COMMANDS_H

#include <argp.h>

#include "results/history.h"

/*
 * argv[0] is "claimperf history COMMAND", for argp's messages. They return the exit status, or end
 * the program with 2 and what is wrong.
 */
int history_command_import(int argc, char **argv);
int history_command_list(int argc, char **argv);
int history_command_show(int argc, char **argv);
int history_command_export(int argc, char **argv);
int history_command_check(int argc, char **argv);
int history_command_pin(int argc, char **argv);
int history_command_unpin(int argc, char **argv);
int history_command_prune(int argc, char **argv);

/* Options that commands have in common, as children of their parsers: the input is a struct
 * shared_options. */
struct shared_options {
	const char *store; /* the folder; NULL: the usual one */
	struct history_filter filter;
};

extern const struct argp store_argp, filter_argp;

/* All options and the argument of commands about one RUN. */
struct run_options {
	struct shared_options shared;
	const char *run;
};

void parse_run_options(int argc, char **argv, const char *doc, struct run_options *out);

/*
 * Open the history that the options name; what fails then is in history_error. What is printed
 * while it is open for reading comes when it is closed: nobody has to wait for who reads the
 * output.
 */
struct history *open_history(const struct shared_options *options, enum history_mode mode);
void close_history(struct history *h);

extern char history_error[HISTORY_ERROR_SIZE];

/* An argument that is the only RUN, or a date such as 2026-01-31. */
void option_run(struct argp_state *state, const char *arg, const char **run);
const char *option_date(struct argp_state *state, const char *option, const char *arg);

/* End the program with history_error if ret is not 0. */
void history_or_die(int ret);

#define ID_SHOWN 12 /* digits of an id that people see */

#endif
