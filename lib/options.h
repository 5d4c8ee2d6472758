/* SPDX-License-Identifier: GPL-2.0-only */
/* Values of command line options, for argp parsers; argp_error() says what is wrong with one. */
#ifndef CLAIMPERF_LIB_OPTIONS_H
#define CLAIMPERF_LIB_OPTIONS_H

#include <argp.h>
#include <regex.h>
#include <stdint.h>

/* A number from 1 to max. */
unsigned int option_number(struct argp_state *state, const char *option, const char *text,
			   uint64_t max);

/* From 0. */
unsigned int option_number_or_0(struct argp_state *state, const char *option, const char *text,
				uint64_t max);

/* One of these words, which end with NULL: its index. */
unsigned int option_word(struct argp_state *state, const char *option, const char *text,
			 const char *const *words);

/* An argument that is the only file: a second one is refused. */
void option_file(struct argp_state *state, const char *arg, const char **file);

/* An extended regular expression. */
void option_regex(struct argp_state *state, const char *option, const char *text, regex_t *regex);

/*
 * Move the arguments that begin with prefix to taken, both kinds in their order: for a library that has
 * options of its own. Their number, or -E2BIG when there are more than max.
 */
int option_take(int *argc, char **argv, const char *prefix, char **taken, int max);

#endif
