/* SPDX-License-Identifier: GPL-2.0-only */
/* Shared by the files that make up the machine. */
#ifndef TESTS_CONTRACT_PRIVATE_H
#define TESTS_CONTRACT_PRIVATE_H

#include <xenctrl.h>
#include <xenguest.h>
#include <xenforeignmemory.h>

#include "tests/contract/machine.h"

#define MAX_DOMAINS 16 /* in one test */
#define MAX_BATCH 1024
#define MAX_KEPT 4096

struct domain {
	uint32_t domid;
	enum kind kind;
	bool alive;
	uint64_t next_frame;
	unsigned int kept;
	xen_pfn_t frames[MAX_KEPT]; /* of its single pages, to be given back; the last ones */
};

struct machine {
	xc_interface *xc;
	xencall_handle *calls;
	xenforeignmemory_handle *foreign;
	struct claim_call *claim;
	unsigned int nodes;
	uint32_t console_index;
	char console[1 << 16];

	/* Of the test that runs. */
	enum kind kind;
	struct memory before;
	uint64_t dom0_kib; /* its limit */
	uint32_t prober;
	void *mapped;
	uint64_t offline[MAX_DOMAINS];
	unsigned int offlined;
	xen_pfn_t batch[MAX_BATCH];
	unsigned int nr_domains;
	struct domain domains[MAX_DOMAINS]; /* The first is dom0. */
};

/* abandon() with errno unless all went well. */
void must(bool good, const char *what);
/* A domain without memory, one virtual CPU; its limit is for the caller to set. */
int create_empty(xc_interface *xc, enum kind kind, uint32_t *domid);
struct domain *find_domain(struct machine *m, uint32_t domid);
int destroy(struct machine *m, struct domain *d);
int bring_online(struct machine *m, uint64_t frame);

#endif
