// SPDX-License-Identifier: GPL-2.0-only
/*
 * Runs in dom0: with xentrace on, claims pages for a new domain, populates it with order-9 extents
 * on node 0, and prints what a trace of that must contain.
 * The trace goes to $OUT/t.xen. Usage: trace-job XENTRACE EXTENTS
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "lib/msg.h"
#include "lib/parse.h"
#include "tests/lab_job.h"

#define ORDER 9
#define EXTENTS_MAX 64

/* Half on the node that will serve, a quarter from anywhere, an eighth on another node. */
static void claim(uint32_t domid, uint64_t pages)
{
	const struct claim_entry set[] = {
		{pages / 2, 0, 0}, {pages / 4, CLAIM_TARGET_HOST, 0}, {pages / 8, 1, 0}};

	if (install_claims(domid, set, 3, pages))
		printf("redeem node %lu\nredeem host %lu\nredeem other %lu\ninstall set 3\n",
		       pages / 2, pages / 4, pages / 8);
	else
		printf("redeem host %lu\ninstall legacy 1\n", pages);
}

int main(int argc, char **argv)
{
	uint64_t extents, pages, before;
	xc_interface *xc;
	uint32_t domid;
	pid_t tracer;

	if (argc != 3 || parse_u64(argv[2], 8, EXTENTS_MAX, &extents))
		die(EXIT_USAGE, "usage: XENTRACE EXTENTS (8 to %u)", EXTENTS_MAX);
	if (!getenv("OUT") || chdir(getenv("OUT")))
		die(EXIT_USAGE, "no folder in $OUT");
	xc = xc_interface_open(NULL, NULL, 0);
	if (!xc)
		die(EXIT_USAGE, "no Xen here");
	pages = extents << ORDER;
	domid = new_domain(xc, pages);
	tracer = start_xentrace(argv[1]);
	claim(domid, pages);
	before = host_outstanding(xc);
	populate(xc, domid, (unsigned int)extents, ORDER, 0);
	printf("extents %lu\nredeemed %lu\n", extents, before - host_outstanding(xc));
	stop_xentrace(tracer);
	xc_domain_destroy(xc, domid);
	xc_interface_close(xc);
	return 0;
}
