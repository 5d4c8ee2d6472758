// SPDX-License-Identifier: GPL-2.0-only
/*
 * Runs in dom0: something to trace. Each worker builds domains one after the other: claims half of
 * the pages on a node, some on another and on the host, populates, destroys. Prints what all did.
 * Usage: trace-load WORKERS DOMAINS CALLS ORDER EXTENTS
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/xen.h"
#include "lib/msg.h"
#include "lib/parse.h"

struct load {
	uint64_t domains, calls, order, extents;
};

static int claim(struct xen *xen, uint32_t domid, unsigned int node, uint64_t pages)
{
	struct xen_claim set[] = {{pages / 2, node}, {pages / 4, XEN_CLAIM_HOST}, {pages / 8, 0}};
	unsigned int nodes = xen_nodes(xen);

	set[2].target = (node + 1) % nodes;
	if (!xen_has_claim_sets(xen))
		return xen_claim_legacy(xen, domid, pages);
	return xen_claim_set(xen, domid, set, nodes > 1 ? 3 : 2);
}

static int populate(struct xen *xen, uint32_t domid, int node, const struct load *load)
{
	uint64_t frame = 0, step = load->extents << load->order, ticks;
	long done;
	int rc = 0;

	for (uint64_t i = 0; !rc && i < load->calls; i++, frame += step) {
		rc = xen_prepare_populate(xen, domid, (unsigned int)load->order, node, frame,
					  (unsigned int)load->extents);
		done = rc ? rc : xen_issue(xen, XEN_POPULATE, &ticks);
		if (!rc && done != (long)load->extents)
				rc = done < 0 ? (int)done : -ENOMEM;
	}
	return rc;
}

static int build_domain(struct xen *xen, unsigned int node, const struct load *load)
{
	uint64_t pages = load->calls * load->extents << load->order;
	uint32_t domid;
	int rc = xen_create_domain(xen, XEN_HVM, pages, &domid);

	if (!rc)
		rc = claim(xen, domid, node, pages);
	if (!rc)
		rc = populate(xen, domid, (int)node, load);
	if (!rc)
		rc = xen_destroy_domain(xen, domid);
	return rc;
}

static int work(unsigned int worker, const struct load *load)
{
	struct xen *xen;
	int rc = xen_open(&xen);

	for (uint64_t i = 0; !rc && i < load->domains; i++)
		rc = build_domain(xen, (unsigned int)(worker + i) % xen_nodes(xen), load);
	if (rc) {
		msg("worker %u: %s", worker, strerror(-rc));
		return EXIT_REGRESSION;
	}
	xen_close(xen);
	return 0;
}

int main(int argc, char **argv)
{
	uint64_t numbers[5] = {0};
	struct load load;
	int status, failed = 0;

	for (int i = 0; i < 5; i++)
		if (argc != 6 || parse_u64(argv[i + 1], i != 3, XEN_MAX_EXTENTS, &numbers[i]))
			die(EXIT_USAGE, "usage: trace-load WORKERS DOMAINS CALLS ORDER EXTENTS");
	load = (struct load){numbers[1], numbers[2], numbers[3], numbers[4]};
	for (unsigned int i = 0; i < numbers[0]; i++)
		if (!fork())
			_exit(work(i, &load));
	while (wait(&status) > 0)
		failed |= status;
	printf("domains %lu\nextents %lu\n", numbers[0] * load.domains,
	       numbers[0] * load.domains * load.calls * load.extents);
	return failed ? EXIT_REGRESSION : 0;
}
