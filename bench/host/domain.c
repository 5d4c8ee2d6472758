/* SPDX-License-Identifier: GPL-2.0-only */
/* Domains, as far as the allocator knows them; allocation and free as their callers do it. */
#include <xen/domain_page.h>
#include <xen/mm.h>
#include <xen/sched.h>

#include "heap.h"
#include "machine.h"
#include "trace.h"

/* Before 4.19, a lock that its holder may take again is as all locks. */
#ifndef rspin_lock_init
#define rspin_lock_init spin_lock_init
#define rspin_lock spin_lock
#define rspin_unlock spin_unlock
#endif

struct domain *dom_io, *dom_xen;
static unsigned long domain_frames;
static DEFINE_SPINLOCK(domains_lock);
static bool in_use[HEAP_MAX_DOMAINS];

static struct domain *of(struct heap_domain *d)
{
	return (struct domain *)d;
}

static struct domain *domain_at(unsigned int i)
{
	return mfn_to_virt(domain_frames + i);
}

void place_domains(unsigned long frame)
{
	BUILD_BUG_ON(sizeof(struct domain) > PAGE_SIZE);
	domain_frames = frame;
}

static unsigned int take_domain(void)
{
	unsigned int i;

	spin_lock(&domains_lock);
	for (i = 0; i < HEAP_MAX_DOMAINS && in_use[i]; i++)
		;
	if (i == HEAP_MAX_DOMAINS)
		host_abort("more than %d domains", HEAP_MAX_DOMAINS);
	in_use[i] = true;
	spin_unlock(&domains_lock);
	return i;
}

struct heap_domain *heap_create_domain(unsigned long max_pages)
{
	unsigned int i = take_domain();
	struct domain *d = domain_at(i);

	memset(d, 0, sizeof(*d));
	d->domain_id = i + 1;
	d->max_pages = min(max_pages, 0UL + (typeof(d->max_pages))~0UL);
	atomic_set(&d->refcnt, 1);
	rspin_lock_init(&d->page_alloc_lock);
	nodes_setall(d->node_affinity);
	INIT_PAGE_LIST_HEAD(&d->page_list);
	INIT_PAGE_LIST_HEAD(&d->extra_page_list);
	INIT_PAGE_LIST_HEAD(&d->xenpage_list);
	INIT_PAGE_LIST_HEAD(&d->arch.relmem_list);
	return (struct heap_domain *)d;
}

void heap_kill_domain(struct heap_domain *d)
{
	rspin_lock(&of(d)->page_alloc_lock);
	of(d)->is_dying = DOMDYING_dying;
	rspin_unlock(&of(d)->page_alloc_lock);
	domain_set_outstanding_pages(of(d), 0);
}

void heap_destroy_domain(struct heap_domain *d)
{
	if (!of(d)->is_dying || of(d)->tot_pages)
		host_abort("domain %d is destroyed alive, or with %lu pages", of(d)->domain_id,
			   of(d)->tot_pages + 0UL);
	spin_lock(&domains_lock);
	in_use[virt_to_mfn(d) - domain_frames] = false;
	spin_unlock(&domains_lock);
}

void heap_set_max_pages(struct heap_domain *d, unsigned long pages)
{
	rspin_lock(&of(d)->page_alloc_lock);
	of(d)->max_pages = min(pages, 0UL + (typeof(of(d)->max_pages))~0UL);
	rspin_unlock(&of(d)->page_alloc_lock);
}

int heap_claim_legacy(struct heap_domain *d, unsigned long pages)
{
	return trace_install(of(d), HEAP_KIND_LEGACY, 1,
			     domain_set_outstanding_pages(of(d), pages));
}

unsigned long heap_alloc(struct heap_domain *d, unsigned int order, int node, unsigned int flags)
{
	unsigned int memflags = 0;
	struct page_info *pg;

	if (node != HEAP_ANY_NODE)
		memflags |= MEMF_node(node);
	if (flags & HEAP_EXACT_NODE)
		memflags |= MEMF_exact_node;
	if (flags & HEAP_NO_REFCOUNT)
		memflags |= MEMF_no_refcount;
	if (flags & HEAP_NO_OWNER)
		memflags |= MEMF_no_owner;
	if (flags & HEAP_CREATING)
		memflags |= MEMF_no_tlbflush | MEMF_no_icache_flush;
	pg = alloc_domheap_pages(of(d), order, memflags);
	return pg ? mfn_x(page_to_mfn(pg)) : 0;
}

void heap_free(unsigned long frame, unsigned int order)
{
	struct page_info *pg = mfn_to_page(_mfn(frame));
	unsigned int i;

	if (!page_get_owner(pg))
		free_domheap_pages(pg, order);
	else
		for (i = 0; i < 1u << order; i++)
			if (test_and_clear_bit(_PGC_allocated, &pg[i].count_info))
				put_page(&pg[i]);
}

int heap_offline(unsigned long frame)
{
	uint32_t status;

	return offline_page(_mfn(frame), 0, &status);
}

int heap_online(unsigned long frame)
{
	uint32_t status;

	return online_page(_mfn(frame), &status);
}

bool heap_is_free(unsigned long frame)
{
	return page_state_is(mfn_to_page(_mfn(frame)), free);
}
