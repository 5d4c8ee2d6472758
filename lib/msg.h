/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Messages for people. All go to stderr, prefixed with the program's name.
 *
 * Names come from files, and could clear a terminal or worse: in messages, and in all that a
 * program with this file prints on stdout if that is a terminal, control characters but newline and
 * tab are "\x1b" and so on.
 */
#ifndef CLAIMPERF_LIB_MSG_H
#define CLAIMPERF_LIB_MSG_H

/* Exit codes shared by all programs. */
#define EXIT_REGRESSION 1 /* a regression or a failed check */
#define EXIT_USAGE 2      /* bad input, or the environment lacks something */
#define EXIT_SKIPPED 77   /* not applicable here; the reason was printed */

/* Print "PROGRAM: " and the formatted text, then a newline. */
void msg(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Both, and argp's, begin with name from now on: what the user typed, if that is not the program. */
void msg_call_us(char **argv, char *name);

/* msg(), then exit with status. */
void die(int status, const char *fmt, ...) __attribute__((format(printf, 2, 3), noreturn));

#endif
