/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A log-linear histogram of unsigned 64-bit values. Each power of two is cut
 * into 64 buckets of equal width, so a bucket is at most 1/64 (1.6 %) wide of
 * its value, and values below 128 are exact. Minimum, maximum and sum are kept exactly.
 */
#ifndef CLAIMPERF_LIB_HIST_H
#define CLAIMPERF_LIB_HIST_H

#include <stdint.h>

#define HIST_SUB_BITS 6
#define HIST_SUB_COUNT (1u << HIST_SUB_BITS)
#define HIST_BUCKETS ((64 - HIST_SUB_BITS + 1) << HIST_SUB_BITS)

struct hist {
	uint64_t count; /* values recorded */
	uint64_t min;   /* UINT64_MAX when empty */
	uint64_t max;   /* 0 when empty */
	uint64_t sum;   /* modulo 2^64 */
	uint64_t buckets[HIST_BUCKETS];
};

/* NULL when memory is short; release with free(). */
struct hist *hist_new(void);

/* Values below 2 * SUB_COUNT map to themselves; above, each octave takes SUB_COUNT buckets. */
static inline unsigned int hist_bucket(uint64_t value)
{
	unsigned int octave;

	if (value < HIST_SUB_COUNT)
		return (unsigned int)value;
	octave = 63 - (unsigned int)__builtin_clzll(value) - HIST_SUB_BITS;
	return octave * HIST_SUB_COUNT + (unsigned int)(value >> octave);
}

/* Buckets outside of these are empty; of an empty histogram, one bucket is looked at. */
static inline unsigned int hist_first(const struct hist *h)
{
	return h->count ? hist_bucket(h->min) : 0;
}

static inline unsigned int hist_last(const struct hist *h)
{
	return hist_bucket(h->max);
}

/* Called for each record of a trace. */
static inline void hist_record(struct hist *h, uint64_t value)
{
	h->count++;
	h->sum += value;
	if (value < h->min)
		h->min = value;
	if (value > h->max)
		h->max = value;
	h->buckets[hist_bucket(value)]++;
}

void hist_record_many(struct hist *h, uint64_t value, uint64_t times);

/* Add all of from to h. */
void hist_merge(struct hist *h, const struct hist *from);

/*
 * The value at or below which permille/1000 of all values lie: the upper edge
 * of the bucket that holds it, clamped to the exact [min, max]. 0 when empty.
 */
uint64_t hist_quantile(const struct hist *h, unsigned int permille);

/* As hist_quantile(), in millionths. */
uint64_t hist_quantile_ppm(const struct hist *h, unsigned int ppm);

/* Inclusive bounds of bucket index < HIST_BUCKETS. */
uint64_t hist_lower(unsigned int index);
uint64_t hist_upper(unsigned int index);

#endif
