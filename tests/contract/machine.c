// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/contract/private.h"
#include "tests/contract/tap.h"

#define DOM0_FIRST_FRAME (1ull << 24) /* beyond what its kernel knows */
#define SETTLE_MS 10
#define SETTLE_TRIES 300

void must(bool good, const char *what)
{
	if (!good)
		abandon("%s: %s", what, strerror(errno));
}

struct claim_call *claim_call(struct machine *m)
{
	return m->claim;
}

unsigned int node_count(const struct machine *m)
{
	return m->nodes;
}

uint32_t prober(const struct machine *m)
{
	return m->prober;
}

static bool read_memory(struct machine *m, struct memory *memory)
{
	xc_meminfo_t nodes[MAX_NODES];
	unsigned int count = MAX_NODES;
	xc_physinfo_t info;

	if (xc_physinfo(m->xc, &info) || xc_numainfo(m->xc, &count, nodes, NULL))
		return false;
	memset(memory, 0, sizeof(*memory));
	memory->free_pages = info.free_pages;
	memory->claimed_pages = info.outstanding_pages;
	for (m->nodes = 0; m->nodes < count; m->nodes++) {
		if (nodes[m->nodes].memsize == XEN_INVALID_MEM_SZ)
			break;
		memory->node_free[m->nodes] = nodes[m->nodes].memfree >> XC_PAGE_SHIFT;
	}
	return true;
}

struct memory must_read_memory(struct machine *m)
{
	struct memory memory;

	must(read_memory(m, &memory), "physinfo and numainfo");
	return memory;
}

uint64_t node_free(struct machine *m, unsigned int node)
{
	return must_read_memory(m).node_free[node];
}

uint64_t host_free(struct machine *m)
{
	return must_read_memory(m).free_pages;
}

uint64_t unclaimed(struct machine *m)
{
	struct memory memory = must_read_memory(m);

	return memory.free_pages - memory.claimed_pages;
}

uint64_t must_read_heap(struct machine *m, unsigned int node)
{
	uint64_t bytes;

	must(!xc_availheap(m->xc, 0, 0, (int)node, &bytes), "availheap");
	return bytes >> XC_PAGE_SHIFT;
}

static unsigned int read_console(struct machine *m)
{
	unsigned int size = sizeof(m->console) - 1;

	must(!xc_readconsolering(m->xc, m->console, &size, 0, 1, &m->console_index), "console");
	m->console[size] = '\0';
	return size;
}

const char *console_complaint(struct machine *m)
{
	static const char *const bad[] = {"WARN",	"BUG",	 "Assertion",
					  "assertion",	"FATAL", "Call trace",
					  "call trace", "c=0x",	 "Fault"};

	while (read_console(m))
		for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
			if (strstr(m->console, bad[i]))
				return m->console;
	return NULL;
}

struct machine *open_machine(void)
{
	struct machine *m = calloc(1, sizeof(*m));

	must(m, "memory");
	m->xc = xc_interface_open(NULL, NULL, 0);
	m->calls = xencall_open(NULL, 0);
	m->foreign = xenforeignmemory_open(NULL, 0);
	must(m->xc && m->calls && m->foreign, "no Xen here");
	must(!claim_call_open(m->calls, &m->claim), "claim call");
	while (read_console(m))
		;
	must_read_memory(m);
	return m;
}

void close_machine(struct machine *m)
{
	claim_call_close(m->claim);
	xenforeignmemory_close(m->foreign);
	xencall_close(m->calls);
	xc_interface_close(m->xc);
	free(m);
}

void must_begin(struct machine *m, enum kind kind)
{
	m->kind = kind;
	m->before = must_read_memory(m);
	m->dom0_kib = must_read_max_pages(m, DOM0) << (XC_PAGE_SHIFT - 10);
	m->nr_domains = 1;
	m->domains[0] = (struct domain){
		.domid = DOM0,
		.kind = PV,
		.next_frame = DOM0_FIRST_FRAME,
	};
	m->prober = must_create_kind(m, PV);
}

/* Xen frees what it kept about a domain a little after the domain is gone. */
static bool settle(struct machine *m, struct memory *after)
{
	for (unsigned int i = 0; i < SETTLE_TRIES; i++) {
		if (read_memory(m, after) && !memcmp(after, &m->before, sizeof(*after)))
			return true;
		usleep(SETTLE_MS * 1000);
	}
	return false;
}

static void give_back_all(struct machine *m)
{
	struct domain *dom0 = &m->domains[0];

	if (m->mapped)
		xenforeignmemory_unmap(m->foreign, m->mapped, 1);
	m->mapped = NULL;
	while (m->nr_domains > 1)
		destroy(m, &m->domains[--m->nr_domains]);
	legacy_claim(m, DOM0, 0);
	if (dom0->kept)
		xc_domain_decrease_reservation(m->xc, DOM0, dom0->kept, 0, dom0->frames);
	xc_domain_setmaxmem(m->xc, DOM0, m->dom0_kib);
	while (m->offlined)
		bring_online(m, m->offline[--m->offlined]);
}

bool clean_up(struct machine *m, char *complaint, size_t size, bool *lost)
{
	struct memory after;

	give_back_all(m);
	if (settle(m, &after))
		return true;
	*lost = after.claimed_pages;
	snprintf(complaint, size,
		 "%" PRIu64 " pages are claimed, %" PRIu64 " are free of %" PRIu64 " before",
		 after.claimed_pages, after.free_pages, m->before.free_pages);
	return false;
}

int set_claims(struct machine *m, uint32_t domid, const struct claim_entry *entries, size_t n)
{
	return claim_set(m->claim, domid, entries, n);
}

int legacy_claim(struct machine *m, uint32_t domid, uint64_t pages)
{
	claim_legacy_prepare(m->claim, domid, pages);
	return claim_legacy_issue(m->claim);
}
