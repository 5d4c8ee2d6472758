/* SPDX-License-Identifier: GPL-2.0-only */
/* What "claimperf trace record" was asked for. */
#ifndef CLAIMPERF_TRACEPOINTS_RECORD_H
#define CLAIMPERF_TRACEPOINTS_RECORD_H

#include <stdbool.h>
#include <stdint.h>

#include "bench/tbufs.h"
#include "tracepoints/select.h"

#define RECORD_LAB_WORDS 64

struct record_options {
	const char *events; /* NULL: all */
	struct select select;
	const char *out;
	const char *size; /* as given, or NULL */
	uint32_t pages;	  /* 0: auto */
	unsigned int seconds;
	uint64_t queue; /* bytes; 0: choose */
	const char *rates;
	char **command; /* NULL: none */
	bool lab;
	char *lab_words[RECORD_LAB_WORDS]; /* options of claimperf lab exec */
	unsigned int nr_lab_words;
};

/* See that the buffers have a size, and say which. Dies when it cannot be what was asked for. */
void set_buffer_size(struct tbufs *tbufs, struct tbufs_host *host, const struct record_options *o,
		     uint32_t mask);

/* Record in the dom0 of a virtual host; returns the exit status. */
int record_in_lab(const struct record_options *o);

#endif
