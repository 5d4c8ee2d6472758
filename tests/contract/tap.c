// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "tests/contract/machine.h"

static unsigned int tests;
static unsigned int failures;

static void report(bool good, const char *name, va_list args)
{
	tests++;
	failures += !good;
	printf("%sok %u - ", good ? "" : "not ", tests);
	vprintf(name, args);
	putchar('\n');
	fflush(stdout);
}

void ok(bool condition, const char *name, ...)
{
	va_list args;

	va_start(args, name);
	report(condition, name, args);
	va_end(args);
}

void equal(int64_t got, int64_t wanted, const char *name, ...)
{
	va_list args;

	va_start(args, name);
	report(got == wanted, name, args);
	va_end(args);
	if (got != wanted)
		printf("# got %" PRId64 ", wanted %" PRId64 "\n", got, wanted);
}

/* How much of a node's free memory is claimed, by trying; -1 if tries contradict each other. */
static int64_t probe_node(struct machine *m, unsigned int node, uint64_t wanted)
{
	uint64_t node_free = must_read_memory(m).node_free[node];
	uint64_t room = node_free > wanted ? node_free - wanted : 0;
	int fits = SET(m, prober(m), {room, node, 0});
	int beyond = SET(m, prober(m), {room + 1, node, 0});

	legacy_claim(m, prober(m), 0);
	return fits == 0 && beyond == -ENOMEM ? (int64_t)wanted : -1;
}

void check_holding(struct machine *m, uint32_t domid, const struct holding *wanted,
		   const char *name)
{
	uint64_t total = wanted->host;
	uint64_t claimed = must_read_claimed(m, domid);
	uint64_t host_total = must_read_memory(m).claimed_pages;
	int wrong_node = -1;

	for (unsigned int n = 0; n < node_count(m); n++) {
		total += wanted->node[n];
		if (probe_node(m, n, wanted->node[n]) < 0)
			wrong_node = (int)n;
	}
	ok(claimed == total && host_total == total && wrong_node < 0, "%s", name);
	if (claimed != total || host_total != total)
		printf("# claims: domain %" PRIu64 ", host %" PRIu64 ", wanted %" PRIu64 "\n",
		       claimed, host_total, total);
	if (wrong_node >= 0)
		printf("# claims on node %d are not %" PRIu64 "\n", wrong_node,
		       wanted->node[wrong_node]);
}

int finish_tap(void)
{
	printf("1..%u\n", tests);
	if (failures)
		printf("# %u of %u failed\n", failures, tests);
	return failures || !tests;
}
