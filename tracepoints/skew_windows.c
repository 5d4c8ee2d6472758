// SPDX-License-Identifier: GPL-2.0-only
/* What the order of windows says about clocks. */
#include <stdlib.h>

#include "tracepoints/skew_private.h"

/* A record may be written late when the machine is virtual: the lowest two of a kind may be wrong.
 */
#define LOWEST 3
/* No two clocks differ by so much; garbage does. */
#define CYCLES_MAX (1ll << 60)

struct bounds {
	/* The clock of [a] is ahead of [b] by at most; ascending. */
	int64_t high[SKEW_CPUS][SKEW_CPUS][LOWEST];
	uint64_t seen[SKEW_CPUS]
		     [SKEW_CPUS]; /* at the last window of [a]: last time of [b] before */
	uint64_t last[SKEW_CPUS];
};

static void clear_bounds(struct bounds *b)
{
	unsigned int i, k, l;

	for (i = 0; i < SKEW_CPUS; i++)
		for (k = 0; k < SKEW_CPUS; k++)
			for (l = 0; l < LOWEST; l++)
				b->high[i][k][l] = INT64_MAX;
}

static void keep_lowest(int64_t *lowest, int64_t value)
{
	int64_t higher;
	unsigned int i;

	if (value > CYCLES_MAX || value < -CYCLES_MAX)
		return;
	for (i = 0; i < LOWEST; i++)
		if (value < lowest[i]) {
			higher = lowest[i];
			lowest[i] = value;
			value = higher;
		}
}

static void bound_window(struct bounds *b, unsigned int a, uint64_t first, uint64_t last)
{
	unsigned int i;

	for (i = 0; i < SKEW_CPUS; i++)
		if (i != a && b->seen[a][i])
			keep_lowest(b->high[a][i], (int64_t)(first - b->seen[a][i]));
	memcpy(b->seen[a], b->last, sizeof(b->last));
	if (last > b->last[a])
		b->last[a] = last;
}

static void read_windows(struct meter *m, struct bounds *b)
{
	struct trace_reader *r = m->reader;
	uint64_t at = 0, first, last;
	struct window w;
	unsigned int n;
	int a;

	for (n = 0; n < SKEW_WINDOWS && is_window_at(r, at); at = w.next, n++) {
		measure_window(r, at, &w);
		a = index_of(m, w.cpu);
		if (a >= 0 && find_times(r, &w, &first, &last))
			bound_window(b, (unsigned int)a, first, last);
		release_pages(r, w.next - at);
	}
}

/* Is the clock of a against that of the reference, 0, outside of what window order allows? */
static void place_by_windows(struct meter *m, const struct bounds *b, unsigned int a)
{
	unsigned int reference = m->skew->reference;
	int64_t high = b->high[a][reference][LOWEST - 1];
	int64_t low = b->high[reference][a][LOWEST - 1];

	if (high == INT64_MAX || low == INT64_MAX)
		return;
	low = -low;
	m->placed[a] = m->bounded[a] = true;
	m->tight[a] = a > reference ? high : low;
	if (low > high + 2 * SKEW_SLACK)
		m->refused[a] = true;
	else if (low > SKEW_SLACK || high < -SKEW_SLACK)
		m->ahead[a] = m->tight[a];
}

int compare_by_windows(struct meter *m)
{
	struct bounds *b = calloc(1, sizeof(*b));
	unsigned int i;

	if (!b)
		return -ENOMEM;
	clear_bounds(b);
	read_windows(m, b);
	for (i = 0; i < m->skew->count; i++)
		if (i != m->skew->reference)
			place_by_windows(m, b, i);
	free(b);
	return 0;
}
