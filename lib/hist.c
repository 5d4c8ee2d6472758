// SPDX-License-Identifier: GPL-2.0-only
#include "lib/hist.h"

#include <stdlib.h>

#define SUB_COUNT HIST_SUB_COUNT

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

void hist_merge(struct hist *h, const struct hist *from)
{
	unsigned int i;

	h->count += from->count;
	h->sum += from->sum;
	if (from->min < h->min)
		h->min = from->min;
	if (from->max > h->max)
		h->max = from->max;
	for (i = hist_first(from); i <= hist_last(from); i++)
		h->buckets[i] += from->buckets[i];
}

void hist_record_many(struct hist *h, uint64_t value, uint64_t times)
{
	if (!times)
		return;
	hist_record(h, value);
	times--;
	h->count += times;
	h->sum += value * times;
	h->buckets[hist_bucket(value)] += times;
}

uint64_t hist_quantile(const struct hist *h, unsigned int permille)
{
	return hist_quantile_ppm(h, permille * 1000);
}

uint64_t hist_quantile_ppm(const struct hist *h, unsigned int ppm)
{
	unsigned __int128 target = (unsigned __int128)h->count * ppm;
	uint64_t seen = 0, upper;
	unsigned int i;

	if (!h->count)
		return 0;
	for (i = hist_first(h); i < hist_last(h); i++) {
		seen += h->buckets[i];
		if (seen && (unsigned __int128)seen * 1000000 >= target)
			break;
	}
	upper = hist_upper(i);
	if (upper < h->min)
		return h->min;
	return upper > h->max ? h->max : upper;
}
