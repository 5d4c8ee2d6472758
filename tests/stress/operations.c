// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <string.h>

#include "tests/stress/domains.h"
#include "tests/stress/worker.h"

#define HOST CLAIM_TARGET_HOST
#define LEGACY CLAIM_TARGET_LEGACY

const char *const operation_names[NR_OPERATIONS] = {
	[CREATE] = "create",
	[DESTROY] = "destroy",
	[CLAIM_HOST] = "claim host",
	[CLAIM_NODE] = "claim node",
	[CLAIM_MIXED] = "claim mixed",
	[CLAIM_NOTHING] = "claim nothing",
	[CLAIM_WRONGLY] = "claim wrongly",
	[CLAIM_LEGACY] = "claim legacy",
	[POPULATE] = "populate",
	[POPULATE_16] = "populate 16",
	[POPULATE_512] = "populate 512",
	[FREE] = "free",
	[LIMIT] = "max_pages",
	[GROW_POOL] = "paging pool",
	[READ_HOST] = "read host",
	[READ_NODES] = "read nodes",
	[READ_DOMAIN] = "read domain",
};

const char *const result_names[NR_RESULTS] = {
	[DONE] = "done",      [IN_PART] = "in part", [NO_MEMORY] = "none",
	[INVALID] = "EINVAL", [NO_DOMAIN] = "ESRCH",
};

static struct slot *slot_of(struct worker *w, unsigned int slot)
{
	return &w->world->slots[slot];
}

static void count(struct worker *w, enum operation operation, enum result result)
{
	w->world->tally[w->id][operation][result]++;
}

/* rc is 0 or an error; those in allowed, a set of results, are fine. */
static int judge(struct worker *w, enum operation operation, int rc, unsigned int allowed)
{
	enum result result;

	switch (rc) {
	case 0: result = DONE; break;
	case -ENOMEM: result = NO_MEMORY; break;
	case -EINVAL: result = INVALID; break;
	case -ESRCH: result = NO_DOMAIN; break;
	default: result = NR_RESULTS; break;
	}
	if (result == NR_RESULTS || !(allowed & 1u << result))
		return trouble(w, "%s: %s", operation_names[operation], strerror(-rc));
	count(w, operation, result);
	return 0;
}

#define ALLOW(a) (1u << (a))
#define CLAIM_RESULTS (ALLOW(DONE) | ALLOW(NO_MEMORY) | ALLOW(INVALID) | ALLOW(NO_DOMAIN))

/* Of kind HVM while the stock lasts. */
static int obtain_domain(struct worker *w, bool *hvm, uint32_t *domid)
{
	unsigned int next = STOCK;

	if (!draw(w, 3))
		next = atomic_fetch_add(&w->world->stock_used, 1);
	*hvm = next < STOCK;
	*domid = *hvm ? w->world->stock[next] : 0;
	return *hvm ? 0 : create_domain(w->xc, false, domid);
}

static int create(struct worker *w, unsigned int slot)
{
	struct slot *s = slot_of(w, slot);
	uint32_t domid, none = 0;
	bool hvm;
	int rc;

	if (s->domid)
		return 0;
	rc = obtain_domain(w, &hvm, &domid);
	if (rc)
		return judge(w, CREATE, rc, ALLOW(NO_MEMORY));
	s->hvm = hvm;
	if (!atomic_compare_exchange_strong(&s->domid, &none, domid) &&
	    xc_domain_destroy(w->xc, domid))
		return trouble(w, "destroying a new domain: %s", strerror(errno));
	count(w, CREATE, DONE);
	return 0;
}

/* Others go on until it is dead, and longer. */
static int destroy(struct worker *w, unsigned int slot)
{
	struct slot *s = slot_of(w, slot);
	uint32_t domid;
	int rc = 0;

	if (atomic_exchange(&s->doomed, true))
		return 0;
	domid = s->domid;
	if (domid) {
		rc = xc_domain_destroy(w->xc, domid) ? -errno : 0;
		rc = judge(w, DESTROY, rc, ALLOW(DONE));
	}
	s->domid = 0;
	s->doomed = false;
	return rc;
}

/* One look, under one lock: nothing is offline here, so there never are more claims than pages. */
static int read_host(struct worker *w)
{
	xc_physinfo_t info;

	if (xc_physinfo(w->xc, &info))
		return trouble(w, "physinfo: %s", strerror(errno));
	if (info.outstanding_pages > info.free_pages)
		return trouble(w, "%ju pages are claimed, %ju are free",
			       (uintmax_t)info.outstanding_pages, (uintmax_t)info.free_pages);
	w->free_pages = info.free_pages;
	w->unclaimed = info.free_pages - info.outstanding_pages;
	count(w, READ_HOST, DONE);
	return 0;
}

/* Little, all that is unclaimed but for a bit, or more than there is. */
static uint64_t draw_pages(struct worker *w)
{
	switch (draw(w, 10)) {
	case 0: return 0;
	case 1: return w->free_pages + draw(w, 1000);
	case 2: return draw(w, w->free_pages + 1);
	case 3:
	case 4:
	case 5:
	case 6: return w->unclaimed - draw(w, w->unclaimed < 1000 ? w->unclaimed + 1 : 1000);
	default: return draw(w, 4000);
	}
}

static struct claim_entry draw_entry(struct worker *w, uint32_t target)
{
	return (struct claim_entry){.pages = draw_pages(w), .target = target};
}

static int claim(struct worker *w, uint32_t domid, enum operation operation)
{
	struct claim_entry set[MAX_NODES + 1];
	unsigned int results = CLAIM_RESULTS;
	size_t n = 1;

	set[0] = draw_entry(w, HOST);
	if (operation == CLAIM_NODE)
		set[0].target = (uint32_t)draw(w, w->world->nodes);
	if (operation == CLAIM_NOTHING) {
		set[0].pages = 0;
		results = ALLOW(DONE) | ALLOW(NO_DOMAIN);
	}
	if (operation == CLAIM_MIXED)
		for (uint32_t node = 0; node < w->world->nodes; node++)
			if (draw(w, 2))
				set[n++] = draw_entry(w, node);
	if (operation == CLAIM_WRONGLY) {
		set[n++] = set[0];
		results = ALLOW(INVALID) | ALLOW(NO_DOMAIN);
	}
	return judge(w, operation, claim_set(w->claim, domid, set, n), results);
}

static int claim_legacy(struct worker *w, uint32_t domid)
{
	struct claim_entry entry = draw_entry(w, LEGACY);

	if (draw(w, 2))
		return judge(w, CLAIM_LEGACY, claim_set(w->claim, domid, &entry, 1), CLAIM_RESULTS);
	claim_legacy_prepare(w->claim, domid, entry.pages);
	return judge(w, CLAIM_LEGACY, claim_legacy_issue(w->claim), CLAIM_RESULTS);
}

static struct kept *kept_of(struct worker *w, unsigned int slot, uint32_t domid)
{
	struct kept *kept;

	if (slot < SHARED_SLOTS)
		return NULL;
	kept = &w->kept[(slot - SHARED_SLOTS) % OWN_SLOTS];
	if (kept->domid != domid) {
		kept->domid = domid;
		kept->count = 0;
	}
	return kept;
}

static uint32_t draw_node(struct worker *w)
{
	unsigned int node = (unsigned int)draw(w, w->world->nodes);

	switch (draw(w, 3)) {
	case 0: return 0;
	case 1: return XENMEMF_node(node);
	default: return XENMEMF_exact_node(node);
	}
}

static int count_extents(struct worker *w, enum operation operation, int done, unsigned int wanted)
{
	count(w, operation,
	      done == (int)wanted ? DONE
	      : done > 0	  ? IN_PART
	      : done == 0	  ? NO_MEMORY
				  : NO_DOMAIN);
	return 0;
}

static int populate(struct worker *w, unsigned int slot, uint32_t domid, enum operation operation)
{
	unsigned int order = operation == POPULATE ? 0 : operation == POPULATE_16 ? 4 : 9;
	unsigned int extents = 1 + (unsigned int)draw(w, order == 9 ? 2 : order ? 4 : MAX_BATCH);
	struct kept *kept = kept_of(w, slot, domid);
	uint64_t first = atomic_fetch_add(&slot_of(w, slot)->next_frame, (extents + 1ull) << order);
	int done;

	first = (first + (1ull << order) - 1) >> order << order;
	for (unsigned int i = 0; i < extents; i++)
		w->batch[i] = first + ((uint64_t)i << order);
	done = xc_domain_populate_physmap(w->xc, domid, extents, order, draw_node(w), w->batch);
	for (int i = 0; kept && !order && i < done && kept->count < MAX_KEPT; i++)
		kept->frames[kept->count++] = w->batch[i];
	return count_extents(w, operation, done, extents);
}

/* Pages which are known to be there, or what may be there if others are at it as well. */
static int free_pages(struct worker *w, unsigned int slot, uint32_t domid)
{
	struct kept *kept = kept_of(w, slot, domid);
	unsigned int n = 1 + (unsigned int)draw(w, MAX_BATCH);
	xen_pfn_t *frames = w->batch;
	uint64_t next_frame = slot_of(w, slot)->next_frame;

	if (kept) {
		n = n < kept->count ? n : kept->count;
		kept->count -= n;
		frames = kept->frames + kept->count;
	} else if (!slot_of(w, slot)->hvm) {
		return 0;
	}
	for (unsigned int i = 0; !kept && i < n; i++)
		w->batch[i] = i ? w->batch[i - 1] + 1 : draw(w, next_frame + 1);
	if (!n)
		return 0;
	return count_extents(w, FREE, xc_domain_decrease_reservation(w->xc, domid, n, 0, frames),
			     n);
}

static int limit(struct worker *w, uint32_t domid)
{
	uint64_t pages = draw(w, 3) ? NO_LIMIT : draw(w, 20000);
	int rc = xc_domain_setmaxmem(w->xc, domid, pages << (XC_PAGE_SHIFT - 10)) ? -errno : 0;

	return judge(w, LIMIT, rc, ALLOW(DONE) | ALLOW(NO_DOMAIN));
}

/* Only own domains: what a dying one answers is no matter of claims. */
static int grow_pool(struct worker *w, unsigned int slot, uint32_t domid)
{
	int rc;

	if (slot < SHARED_SLOTS || !slot_of(w, slot)->hvm)
		return 0;
	rc = xc_set_paging_mempool_size(w->xc, domid, (1 + draw(w, 16)) << 20) ? -errno : 0;
	return judge(w, GROW_POOL, rc, ALLOW(DONE) | ALLOW(NO_MEMORY));
}

static int read_nodes(struct worker *w)
{
	xc_meminfo_t nodes[MAX_NODES];
	unsigned int n = w->world->nodes;

	if (xc_numainfo(w->xc, &n, nodes, NULL))
		return trouble(w, "numainfo: %s", strerror(errno));
	for (unsigned int i = 0; i < w->world->nodes; i++)
		if (nodes[i].memfree > nodes[i].memsize)
			return trouble(w, "%ju bytes are free of %ju on node %u",
				       (uintmax_t)nodes[i].memfree, (uintmax_t)nodes[i].memsize, i);
	count(w, READ_NODES, DONE);
	return 0;
}

static int read_domain(struct worker *w, uint32_t domid)
{
	xc_domaininfo_t info;
	int found = xc_domain_getinfolist(w->xc, domid, 1, &info);
	bool there = found == 1 && info.domain == domid;

	/* No claim can be larger than what the machine has. */
	if (there && info.outstanding_pages > NO_LIMIT)
		return trouble(w, "a domain claims %ju pages", (uintmax_t)info.outstanding_pages);
	count(w, READ_DOMAIN, there ? DONE : NO_DOMAIN);
	return 0;
}

int operate(struct worker *w, enum operation operation, unsigned int slot)
{
	uint32_t domid = slot_of(w, slot)->domid;

	if (operation == CREATE)
		return create(w, slot);
	if (operation == READ_HOST)
		return read_host(w);
	if (operation == READ_NODES)
		return read_nodes(w);
	if (!domid)
		return 0;
	/* Claims that are to leave next to nothing need to know what there is now. */
	if (operation >= CLAIM_HOST && operation <= CLAIM_LEGACY && read_host(w))
		return -1;
	switch (operation) {
	case DESTROY: return destroy(w, slot);
	case CLAIM_LEGACY: return claim_legacy(w, domid);
	case POPULATE:
	case POPULATE_16:
	case POPULATE_512: return populate(w, slot, domid, operation);
	case FREE: return free_pages(w, slot, domid);
	case LIMIT: return limit(w, domid);
	case GROW_POOL: return grow_pool(w, slot, domid);
	case READ_DOMAIN: return read_domain(w, domid);
	default: return claim(w, domid, operation);
	}
}
