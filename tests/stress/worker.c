// SPDX-License-Identifier: GPL-2.0-only
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "lib/clock.h"
#include "tests/stress/worker.h"

/* How often each operation is drawn, by the mood of a worker, which lasts for a while. */
#define MOODS 3
#define MOOD_LASTS 64

static const unsigned int weights[MOODS][NR_OPERATIONS] = {
	{
		[CREATE] = 12,
		[DESTROY] = 3,
		[CLAIM_HOST] = 12,
		[CLAIM_NODE] = 12,
		[CLAIM_MIXED] = 12,
		[CLAIM_NOTHING] = 4,
		[CLAIM_WRONGLY] = 3,
		[CLAIM_LEGACY] = 12,
		[POPULATE] = 40,
		[POPULATE_16] = 20,
		[POPULATE_512] = 12,
		[FREE] = 30,
		[LIMIT] = 4,
		[GROW_POOL] = 1,
		[READ_HOST] = 10,
		[READ_NODES] = 5,
		[READ_DOMAIN] = 6,
	},
	/* Fight for the last pages: claim them, while others ... */
	{
		[CREATE] = 2,
		[CLAIM_HOST] = 10,
		[CLAIM_NODE] = 10,
		[CLAIM_MIXED] = 10,
		[CLAIM_LEGACY] = 30,
		[CLAIM_NOTHING] = 15,
		[READ_HOST] = 5,
	},
	/* ... take them. */
	{
		[CREATE] = 2,
		[POPULATE] = 30,
		[POPULATE_16] = 10,
		[POPULATE_512] = 20,
		[FREE] = 30,
	},
};

/* xorshift64*, which 0 would bring to a halt. */
uint64_t draw(struct worker *w, uint64_t limit)
{
	w->random ^= w->random >> 12;
	w->random ^= w->random << 25;
	w->random ^= w->random >> 27;
	return (w->random * 0x2545f4914f6cdd1dull >> 11) % limit;
}

int trouble(struct worker *w, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(w->world->trouble[w->id], sizeof(w->world->trouble[0]), fmt, args);
	va_end(args);
	return -1;
}

static enum operation draw_operation(struct worker *w)
{
	enum operation operation = 0;
	unsigned int sum = 0, drawn;

	if (!w->mood_left--) {
		w->weights = weights[draw(w, MOODS)];
		w->mood_left = MOOD_LASTS;
	}
	for (unsigned int i = 0; i < NR_OPERATIONS; i++)
		sum += w->weights[i];
	drawn = (unsigned int)draw(w, sum);
	while (drawn >= w->weights[operation])
		drawn -= w->weights[operation++];
	return operation;
}

/* Shared ones as often as one's own. */
static unsigned int draw_slot(struct worker *w)
{
	if (draw(w, 2))
		return (unsigned int)draw(w, SHARED_SLOTS);
	return SHARED_SLOTS + w->id * OWN_SLOTS + (unsigned int)draw(w, OWN_SLOTS);
}

static bool open_worker(struct worker *w)
{
	cpu_set_t cpu;

	CPU_ZERO(&cpu);
	CPU_SET(w->id, &cpu);
	sched_setaffinity(0, sizeof(cpu), &cpu); /* with fewer CPUs, they share */
	w->xc = xc_interface_open(NULL, NULL, 0);
	w->calls = xencall_open(NULL, 0);
	return w->xc && w->calls && !claim_call_open(w->calls, &w->claim);
}

bool run_worker(struct world *world, unsigned int id)
{
	struct worker *w = calloc(1, sizeof(*w));
	int rc = 0;

	if (!w)
		return false;
	w->world = world;
	w->id = id;
	w->random = (world->seed * MAX_WORKERS + id) * 0x9e3779b97f4a7c15ull | 1;
	if (!open_worker(w))
		rc = trouble(w, "no Xen here");
	while (!rc && clock_ns() < world->deadline_ns)
		rc = operate(w, draw_operation(w), draw_slot(w));
	return !rc;
}
