// SPDX-License-Identifier: GPL-2.0-only
/*
 * A program that knows nothing of the lab: TSC differences around hypercalls, the TSC itself, and
 * free memory by node. In exact mode all of it is the same in every run. See tests/lab-exact.sh.
 */
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <x86intrin.h>
#include <xenctrl.h>

#define CALLS 200

static void print_nodes(xc_interface *xch)
{
	xc_meminfo_t info[16];
	unsigned int i, nodes = 16;

	if (xc_numainfo(xch, &nodes, info, NULL)) {
		perror("xc_numainfo");
		exit(1);
	}
	for (i = 0; i < nodes; i++)
		printf("node %u: %" PRIu64 " of %" PRIu64 " MiB free\n", i, info[i].memfree >> 20,
		       info[i].memsize >> 20);
}

int main(void)
{
	xc_interface *xch = xc_interface_open(NULL, NULL, 0);
	uint64_t before, after, calls[CALLS], physinfo[CALLS];
	xc_physinfo_t info;
	int i, version = 0;

	if (!xch) {
		perror("xc_interface_open");
		return 1;
	}
	printf("start %" PRIu64 "\n", (uint64_t)__rdtsc());
	for (i = 0; i < CALLS; i++) {
		before = __rdtsc();
		version |= xc_version(xch, XENVER_version, NULL);
		after = __rdtsc();
		calls[i] = after - before;
		before = __rdtsc();
		if (xc_physinfo(xch, &info))
			return 1;
		after = __rdtsc();
		physinfo[i] = after - before;
	}
	for (i = 0; i < CALLS; i++)
		printf("version %" PRIu64 " physinfo %" PRIu64 "\n", calls[i], physinfo[i]);
	print_nodes(xch);
	printf("end %" PRIu64 " version %x\n", (uint64_t)__rdtsc(), (unsigned int)version);
	return xc_interface_close(xch);
}
