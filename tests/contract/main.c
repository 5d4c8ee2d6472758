// SPDX-License-Identifier: GPL-2.0-only
/*
 * The claim contract, tested on a running Xen from dom0; needs two NUMA nodes or more, and a
 * machine of its own: it claims all of the memory, and offlines pages. Prints TAP.
 */
#include <errno.h>
#include <stdio.h>

#include "lib/msg.h"
#include "tests/contract/tests.h"

int main(void)
{
	struct machine *m = must_open_machine();
	const char *complaint;
	int status;

	if (claim_set(claim_call(m), prober(m), NULL, 0) == -ENOSYS)
		die(EXIT_SKIPPED, "this hypervisor has no claim sets");
	if (node_count(m) < 2)
		die(EXIT_SKIPPED, "needs two NUMA nodes");

	test_errors(m);
	test_sets(m);
	test_legacy(m);
	test_allocation(m);
	test_offlining(m);

	complaint = console_complaint(m);
	ok(!complaint, "Xen's console shows no warning, no failed assertion");
	if (complaint)
		printf("# console: %s\n", complaint);
	status = finish_tap();
	close_machine(m);
	return status;
}
