// SPDX-License-Identifier: GPL-2.0-only
/* The size of Xen's trace buffers, which can be set but once per boot. */
#include <inttypes.h>
#include <string.h>

#include "lib/clock.h"
#include "lib/msg.h"
#include "tracepoints/rates.h"
#include "tracepoints/record.h"
#include "tracepoints/tbuf_size.h"

#define MIB (1 << 20)
/* How long the reader may be kept from reading. */
#define AWAY_MS 500
/* An automatic size takes at most this part of the unclaimed memory; it is gone until the next boot. */
#define AUTO_PART 16
#define PROBES 64
/* Header, time stamp, three words. */
#define RECORD_BYTES 24

static double mib_of_pages(uint64_t pages)
{
	return (double)(pages << 12) / MIB;
}

/* Nanoseconds of a call that makes Xen record, at its fastest. */
static uint64_t time_call(struct tbufs *tbufs)
{
	uint64_t best = UINT64_MAX, start, ns;

	for (unsigned int i = 0; i < PROBES; i++) {
		start = clock_ns();
		tbufs_call_physinfo(tbufs);
		ns = clock_ns() - start;
		best = ns && ns < best ? ns : best;
	}
	return best;
}

/*
 * What Xen has never recorded cannot be measured, as it counts nothing without buffers. But the
 * densest call there is can be timed: physinfo makes a record of a section and one of each node.
 * Populating came to between 0.4 and 2 times that; so twice more is kept in hand.
 */
static uint64_t guess_rate(struct tbufs *tbufs, const struct tbufs_host *host)
{
	uint64_t bytes = (host->nodes + 2) * RECORD_BYTES;

	return 4 * bytes * 1000000000ull / time_call(tbufs);
}

static uint32_t choose_pages(struct tbufs *tbufs, const struct tbufs_host *host,
			     const struct record_options *o, uint32_t mask)
{
	uint32_t most = tbuf_pages_addressable(host->cpus);
	uint32_t affordable = tbuf_pages_affordable(host->cpus, host->online,
						    host->unclaimed_pages / AUTO_PART);
	uint64_t rate = 0, pages;
	int rc = rates_find(o->rates, mask, &rate);
	bool measured = rate;

	if (rc)
		die(EXIT_USAGE, "%s: %s", o->rates, strerror(-rc));
	if (!measured)
		rate = guess_rate(tbufs, host);
	pages = tbuf_pages_for(rate, AWAY_MS);
	msg("%s %.1f MB/s: %" PRIu64 " pages",
	    measured ? "earlier, a CPU recorded" :
		       "no earlier recording tells; by the time of a call, a CPU may record",
	    (double)rate / 1e6, pages);
	if (pages > most)
		pages = most;
	if (pages > affordable)
		pages = affordable;
	return pages ? (uint32_t)pages : 1;
}

/* Nobody can set it twice, so what cannot be is refused before Xen is asked. */
static void check_pages(const struct tbufs_host *host, uint32_t pages)
{
	uint32_t most = tbuf_pages_addressable(host->cpus);
	uint32_t affordable =
		tbuf_pages_affordable(host->cpus, host->online, host->unclaimed_pages);

	if (pages > most && most <= affordable)
		die(EXIT_USAGE,
		    "--size %" PRIu32 ": with %u CPUs, Xen can address at most %" PRIu32
		    " pages for each (%.0f MiB)",
		    pages, host->cpus, most, mib_of_pages(most));
	if (pages > affordable)
		die(EXIT_USAGE,
		    "--size %" PRIu32 ": Xen has %.0f MiB unclaimed, which is at most %" PRIu32
		    " pages for each of %u CPUs",
		    pages, mib_of_pages(host->unclaimed_pages), affordable, host->online);
}

void set_buffer_size(struct tbufs *tbufs, struct tbufs_host *host, const struct record_options *o,
		     uint32_t mask)
{
	uint32_t pages = o->pages;
	int rc;

	if (host->pages) {
		if (pages && pages != host->pages)
			die(EXIT_USAGE,
			    "--size %" PRIu32 ": set to %u pages per CPU until the next boot", pages,
			    host->pages);
		msg("buffers of %u pages (%.1f MiB) per CPU were set before", host->pages,
		    mib_of_pages(host->pages));
		return;
	}
	if (pages)
		check_pages(host, pages);
	else
		pages = choose_pages(tbufs, host, o, mask);
	rc = tbufs_set_pages(tbufs, pages, mask);
	if (!rc)
		rc = tbufs_read_host(tbufs, host);
	if (rc) {
		tbufs_close(tbufs);
		die(EXIT_USAGE, "Xen refuses buffers of %" PRIu32 " pages per CPU: %s", pages,
		    strerror(-rc));
	}
	msg("buffers of %u pages (%.1f MiB) for each of %u CPUs until the next boot%s", host->pages,
	    mib_of_pages(host->pages), host->online,
	    host->pages < pages ? ": Xen gave less than was asked for" : "");
}
