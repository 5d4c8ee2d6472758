// SPDX-License-Identifier: GPL-2.0-only
#include "tracepoints/rates.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "lib/replace.h"

#define LINES_MAX 64

struct rate {
	uint32_t mask;
	uint64_t bytes_per_second;
};

static int read_rates(const char *path, struct rate *rates, unsigned int *count)
{
	FILE *in = fopen(path, "r");
	int rc = 0;

	*count = 0;
	if (!in)
		return errno == ENOENT ? 0 : -errno;
	while (*count < LINES_MAX) {
		struct rate *rate = &rates[*count];
		int got = fscanf(in, "%" SCNx32 " %" SCNu64, &rate->mask, &rate->bytes_per_second);

		if (got != 2) {
			rc = got == EOF ? 0 : -EBADMSG;
			break;
		}
		++*count;
	}
	fclose(in);
	return rc;
}

int rates_find(const char *path, uint32_t mask, uint64_t *bytes_per_second)
{
	struct rate rates[LINES_MAX];
	unsigned int count;
	int rc = read_rates(path, rates, &count);

	*bytes_per_second = 0;
	for (unsigned int i = 0; !rc && i < count; i++)
		if ((rates[i].mask & mask) == mask && rates[i].bytes_per_second > *bytes_per_second)
			*bytes_per_second = rates[i].bytes_per_second;
	return rc;
}

static int write_rates(const char *path, const struct rate *rates, unsigned int count)
{
	struct replacement r;
	FILE *out;
	int rc = replace_begin(path, &r);

	if (rc)
		return rc;
	out = fopen(r.temporary, "w");
	if (!out)
		rc = -errno;
	for (unsigned int i = 0; out && i < count; i++)
		fprintf(out, "0x%08" PRIx32 " %" PRIu64 "\n", rates[i].mask,
			rates[i].bytes_per_second);
	if (out && fclose(out))
		rc = -errno;
	return replace_end(&r, rc);
}

int rates_note(const char *path, uint32_t mask, uint64_t bytes_per_second)
{
	struct rate rates[LINES_MAX + 1];
	unsigned int count, i;
	int rc = read_rates(path, rates, &count);

	if (rc)
		return rc;
	for (i = 0; i < count && rates[i].mask != mask; i++)
		;
	if (i == count)
		rates[count++] = (struct rate){mask, 0};
	if (count > LINES_MAX || rates[i].bytes_per_second >= bytes_per_second)
		return count > LINES_MAX ? -ENOSPC : 0;
	rates[i].bytes_per_second = bytes_per_second;
	return write_rates(path, rates, count);
}
