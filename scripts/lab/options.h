/* SPDX-License-Identifier: GPL-2.0-only */
/* The command line of lab exec. */
#ifndef CLAIMPERF_LAB_OPTIONS_H
#define CLAIMPERF_LAB_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct options {
	const char *variant;
	const char *image;
	uint64_t nodes;
	uint64_t cpus;
	uint64_t memory; /* bytes */
	uint64_t timeout_s;
	bool parallel;
	bool describe;
	const char *out;
	const char *profile;
	const char *probe;   /* functions to follow */
	const char *probe_holds;
	const char *symbols;
	const char *chdir;
	char **staged;
	size_t staged_count;
	char **command;
	int command_words;
};

/* Ends the program with EXIT_USAGE and a message when the command line is wrong. */
void options_parse(struct options *o, int argc, char **argv);

#endif
