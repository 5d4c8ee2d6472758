// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "lib/msg.h"
#include "tests/contract/tap.h"

bool print_steps;
sigjmp_buf abandoned;
static bool running;
static unsigned int failures;

void begin_steps(void)
{
	running = true;
	failures = 0;
}

unsigned int end_steps(void)
{
	running = false;
	return failures;
}

static bool report(bool good, const char *name, va_list args)
{
	failures += !good;
	if (good && !print_steps)
		return false;
	printf("# %s ", good ? "      " : "FAILED");
	vprintf(name, args);
	return true;
}

void ok(bool condition, const char *name, ...)
{
	va_list args;

	va_start(args, name);
	if (report(condition, name, args))
		putchar('\n');
	va_end(args);
}

void equal(int64_t got, int64_t wanted, const char *name, ...)
{
	va_list args;

	va_start(args, name);
	if (report(got == wanted, name, args)) {
		if (got != wanted)
			printf(" (got %" PRId64 ", wanted %" PRId64 ")", got, wanted);
		putchar('\n');
	}
	va_end(args);
}

void abandon(const char *why, ...)
{
	va_list args;
	char text[256];

	va_start(args, why);
	vsnprintf(text, sizeof(text), why, args);
	va_end(args);
	if (!running)
		die(EXIT_USAGE, "%s", text);
	ok(false, "cannot go on: %s", text);
	siglongjmp(abandoned, 1);
}

static uint64_t least(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

static uint64_t difference(uint64_t a, uint64_t b)
{
	return a > b ? a - b : 0;
}

/* Is so much of a node claimed? Then the prober may claim the rest, as far as the host has it. */
static bool probe_node(struct machine *m, const struct memory *memory, unsigned int node,
		       uint64_t claimed)
{
	uint64_t room = least(difference(memory->node_free[node], claimed),
			      difference(memory->free_pages, memory->claimed_pages));
	int fits = SET(m, prober(m), {room, node, 0});
	int beyond = SET(m, prober(m), {room + 1, node, 0});

	legacy_claim(m, prober(m), 0);
	return fits == 0 && beyond == -ENOMEM;
}

void check_holding(struct machine *m, uint32_t domid, const struct holding *wanted,
		   const char *name)
{
	struct memory memory = must_read_memory(m);
	uint64_t claimed = must_read_claimed(m, domid);
	uint64_t total = wanted->host;
	int wrong_node = -1;

	for (unsigned int n = 0; n < node_count(m); n++) {
		total += wanted->node[n];
		if (!probe_node(m, &memory, n, wanted->node[n]))
			wrong_node = (int)n;
	}
	ok(claimed == total && memory.claimed_pages == total && wrong_node < 0, "%s", name);
	if (claimed != total || memory.claimed_pages != total)
		printf("#          claims: domain %" PRIu64 ", host %" PRIu64 ", wanted %" PRIu64
		       "\n",
		       claimed, memory.claimed_pages, total);
	else if (wrong_node >= 0)
		printf("#          claims on node %d are not %" PRIu64 "\n", wrong_node,
		       wanted->node[wrong_node]);
}
