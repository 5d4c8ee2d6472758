// SPDX-License-Identifier: GPL-2.0-only
#include "tracepoints/tbuf_size.h"

#define PAGE 4096u
/* 4 MiB: a CPU of a busy host, or of an emulated one, may stand still for long. */
#define PAGES_MIN 1024u

/*
 * Xen keeps a list of 32-bit frame numbers behind struct t_info, which ends with a 16-bit number per
 * CPU: where in the list its buffer's frames start, in words from the start of the struct. NR_CPUS
 * is not told; where it is less than Xen's own default we are a few pages too careful.
 */
#define NR_CPUS_DEFAULT 256u
#define OFFSET_MAX 65535u
#define SIZE_MAX_16 65535u

static uint32_t list_start(unsigned int cpus)
{
	unsigned int nr_cpus = cpus > NR_CPUS_DEFAULT ? cpus : NR_CPUS_DEFAULT;

	return (2 + 2 * nr_cpus + 3) / 4;
}

uint32_t tbuf_pages_addressable(unsigned int cpus)
{
	uint32_t start = list_start(cpus);
	uint32_t room = start < OFFSET_MAX ? OFFSET_MAX - start : 0;

	if (cpus > 1)
		room /= cpus - 1;
	return room < SIZE_MAX_16 ? room : SIZE_MAX_16;
}

/* As it is one chunk, Xen takes a power of two for the list. */
static uint64_t list_pages(unsigned int cpus, uint64_t pages)
{
	uint64_t words = list_start(cpus) + cpus * pages, taken = 1;

	while (taken * PAGE < words * 4)
		taken *= 2;
	return taken;
}

uint32_t tbuf_pages_affordable(unsigned int cpus, unsigned int online, uint64_t memory_pages)
{
	uint64_t pages = memory_pages / (online ? online : 1), list;

	if (pages > SIZE_MAX_16)
		pages = SIZE_MAX_16;
	list = list_pages(cpus, pages);
	if (list > memory_pages)
		return 0;
	if (pages * online > memory_pages - list)
		pages = (memory_pages - list) / online;
	return (uint32_t)pages;
}

uint64_t tbuf_pages_for(uint64_t bytes_per_second, unsigned int milliseconds)
{
	uint64_t bytes = 2 * (bytes_per_second / 1000 + 1) * milliseconds;
	uint64_t pages = (bytes + PAGE - 1) / PAGE;

	return pages < PAGES_MIN ? PAGES_MIN : pages;
}
