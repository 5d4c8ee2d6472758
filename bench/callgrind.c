// SPDX-License-Identifier: GPL-2.0-only
#include "bench/callgrind.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MAX_FUNCTIONS 256
#define MAX_NAME 128

struct count {
	char function[MAX_NAME];
	uint64_t instructions;
};

struct counts {
	struct count lines[MAX_FUNCTIONS];
	unsigned int nr;
	uint64_t total;
};

static const char *out_prefix;
static unsigned int dumps; /* written by this process */
static pid_t dumper;
static unsigned int windows;
static struct counts last, cheapest;

int callgrind_start(const char *prefix)
{
	if (!RUNNING_ON_VALGRIND)
		return -ENOTSUP;
	out_prefix = prefix;
	CALLGRIND_START_INSTRUMENTATION;
	return 0;
}

static struct count *find_count(struct counts *counts, const char *function)
{
	struct count *c;

	for (c = counts->lines; c < counts->lines + counts->nr; c++)
		if (!strncmp(c->function, function, MAX_NAME - 1))
			return c;
	if (counts->nr == MAX_FUNCTIONS)
		return NULL;
	counts->nr++;
	*c = (struct count){0};
	snprintf(c->function, MAX_NAME, "%.*s", MAX_NAME - 1, function);
	return c;
}

/*
 * "fn=NAME", then lines "POSITION COST". The line after "calls=" has the cost of the call, which
 * the callee has too.
 */
static int parse_dump(FILE *in, struct counts *counts)
{
	struct count *current = NULL;
	bool of_call = false;
	char line[512];

	*counts = (struct counts){0};
	while (fgets(line, sizeof(line), in)) {
		unsigned long cost;

		line[strcspn(line, "\n")] = '\0';
		if (!strncmp(line, "fn=", 3)) {
			current = find_count(counts, line + 3);
			if (!current)
				return -E2BIG;
		} else if (!strncmp(line, "calls=", 6)) {
			of_call = true;
		} else if (current && sscanf(line, "%*u %lu", &cost) == 1) {
			current->instructions += of_call ? 0 : cost;
			counts->total += of_call ? 0 : cost;
			of_call = false;
		}
	}
	return ferror(in) ? -EIO : 0;
}

int callgrind_read(uint64_t *instructions)
{
	char path[PATH_MAX];
	FILE *in;
	int rc;

	/* Each process numbers its own. */
	if (dumper != getpid()) {
		dumper = getpid();
		dumps = 0;
	}
	CALLGRIND_DUMP_STATS;
	snprintf(path, sizeof(path), "%s.%d.%u", out_prefix, dumper, ++dumps);
	in = fopen(path, "r");
	if (!in)
		return -errno;
	rc = parse_dump(in, &last);
	fclose(in);
	unlink(path);
	if (rc)
		return rc;
	*instructions = last.total;
	windows++;
	if (windows == 1 || last.total < cheapest.total)
		cheapest = last;
	return 0;
}

void callgrind_forget(void)
{
	windows = 0;
}

int callgrind_write_profile(const char *path)
{
	FILE *out = fopen(path, "w");

	if (!out)
		return -errno;
	fprintf(out, "# section=1\n# windows=%u\n# total=%lu\n", windows, cheapest.total);
	for (unsigned int i = 0; i < cheapest.nr; i++)
		if (cheapest.lines[i].instructions)
			fprintf(out, "%lu %s\n", cheapest.lines[i].instructions,
				cheapest.lines[i].function);
	return fclose(out) ? -errno : 0;
}
