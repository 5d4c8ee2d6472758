// SPDX-License-Identifier: GPL-2.0-only
#include "lib/hist.h"

#include <stdlib.h>

#define SUB_COUNT (1u << HIST_SUB_BITS)

/* Values below 2 * SUB_COUNT map to themselves; above, each octave takes SUB_COUNT buckets. */
static unsigned int bucket_of(uint64_t value)
{
	unsigned int octave;

	if (value < SUB_COUNT)
		return (unsigned int)value;
	octave = 63 - (unsigned int)__builtin_clzll(value) - HIST_SUB_BITS;
	return octave * SUB_COUNT + (unsigned int)(value >> octave);
}

uint64_t hist_lower(unsigned int index)
{
	unsigned int octave = index < SUB_COUNT ? 0 : index / SUB_COUNT - 1;

	return (uint64_t)(index - octave * SUB_COUNT) << octave;
}

uint64_t hist_upper(unsigned int index)
{
	unsigned int octave = index < SUB_COUNT ? 0 : index / SUB_COUNT - 1;

	return hist_lower(index) + (((uint64_t)1 << octave) - 1);
}

struct hist *hist_new(void)
{
	struct hist *h = calloc(1, sizeof(*h));

	if (h)
		h->min = UINT64_MAX;
	return h;
}

void hist_record(struct hist *h, uint64_t value)
{
	h->count++;
	h->sum += value;
	if (value < h->min)
		h->min = value;
	if (value > h->max)
		h->max = value;
	h->buckets[bucket_of(value)]++;
}

void hist_merge(struct hist *h, const struct hist *from)
{
	unsigned int i;

	h->count += from->count;
	h->sum += from->sum;
	if (from->min < h->min)
		h->min = from->min;
	if (from->max > h->max)
		h->max = from->max;
	for (i = 0; i < HIST_BUCKETS; i++)
		h->buckets[i] += from->buckets[i];
}

uint64_t hist_quantile(const struct hist *h, unsigned int permille)
{
	unsigned __int128 target = (unsigned __int128)h->count * permille;
	uint64_t seen = 0, upper;
	unsigned int i;

	if (!h->count)
		return 0;
	for (i = 0; i < HIST_BUCKETS; i++) {
		seen += h->buckets[i];
		if (seen && (unsigned __int128)seen * 1000 >= target)
			break;
	}
	upper = hist_upper(i);
	if (upper < h->min)
		return h->min;
	return upper > h->max ? h->max : upper;
}
