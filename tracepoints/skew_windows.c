// SPDX-License-Identifier: GPL-2.0-only
/* What the order of windows says about clocks. */
#include <stdlib.h>

#include "tracepoints/skew_private.h"

/* So many values of a kind are kept, and needed for a statement. */
#define VALUES_MAX 512
#define VALUES_MIN 3
/* No two clocks differ by so much; garbage does. */
#define CYCLES_MAX (1ll << 60)

struct values {
	unsigned int count;
	int64_t cycles[VALUES_MAX];
};

/* One CPU and the reference; [0] is the CPU ahead of the reference, [1] the other way. */
struct pair {
	uint64_t last[2]; /* last time in the windows of the CPU, of the reference */
	uint64_t seen[2]; /* at its last window: last time of the other before */
	struct values high[2];
};

static void keep_value(struct values *v, int64_t cycles)
{
	if (v->count < VALUES_MAX && cycles < CYCLES_MAX && cycles > -CYCLES_MAX)
		v->cycles[v->count++] = cycles;
}

/* A window of the CPU (side 0) or of the reference (side 1). */
static void take_window(struct pair *p, unsigned int side, uint64_t first, uint64_t last)
{
	if (p->seen[side])
		keep_value(&p->high[side], (int64_t)(first - p->seen[side]));
	p->seen[side] = p->last[!side];
	if (last > p->last[side])
		p->last[side] = last;
}

static void read_windows(struct meter *m, struct pair *pairs)
{
	unsigned int reference = m->reference, i;
	struct trace_reader *r = m->reader;
	uint64_t at, first, last;
	struct window w;
	int cpu;

	for (at = 0; at < SKEW_BYTES && is_window_at(r, at); at = w.next) {
		measure_window(r, at, &w);
		pass_window(r, &w);
		cpu = index_of(m, w.cpu);
		if (cpu < 0 || !find_times(r, &w, &first, &last))
			continue;
		for (i = 0; i < m->skew->count; i++)
			if (i != reference &&
			    ((unsigned int)cpu == i || (unsigned int)cpu == reference))
				take_window(&pairs[i], (unsigned int)cpu == reference, first, last);
	}
}

static int by_value(const void *left, const void *right)
{
	const int64_t *a = left, *b = right;

	return (*a > *b) - (*a < *b);
}

/*
 * What the clock of one is ahead of the other by at most. Not the least value: where CPUs are
 * virtual, one may be stopped while it writes a record, which is then old in a young window.
 */
static bool get_bound(struct values *v, int64_t *bound)
{
	if (v->count < VALUES_MIN)
		return false;
	qsort(v->cycles, v->count, sizeof(v->cycles[0]), by_value);
	*bound = v->cycles[v->count / 4];
	return true;
}

/* Is the clock of a against that of the reference, 0, outside of what window order allows? */
static void place_by_windows(struct meter *m, struct pair *pair, unsigned int a)
{
	int64_t high, low;

	if (!get_bound(&pair->high[0], &high) || !get_bound(&pair->high[1], &low))
		return;
	low = -low;
	m->placed[a] = m->bounded[a] = true;
	m->tight[a] = a > m->reference ? high : low;
	if (low > high + 2 * SKEW_SLACK)
		m->refused[a] = true;
	else if (low > SKEW_SLACK || high < -SKEW_SLACK)
		m->ahead[a] = m->tight[a];
}

int compare_by_windows(struct meter *m)
{
	struct pair *pairs = calloc(m->skew->count, sizeof(*pairs));
	unsigned int i;

	if (!pairs)
		return -ENOMEM;
	read_windows(m, pairs);
	for (i = 0; i < m->skew->count; i++)
		if (i != m->reference)
			place_by_windows(m, &pairs[i], i);
	free(pairs);
	return 0;
}
