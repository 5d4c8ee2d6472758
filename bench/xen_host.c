// SPDX-License-Identifier: GPL-2.0-only
/*
 * bench/xen.h on Xen's allocator in this process. What surrounds the allocator in a hypervisor is
 * not there: no hypercall, no page table of a guest, no lock but the allocator's own.
 */
#include "bench/xen_host.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bench/callgrind.h"
#include "bench/counters.h"
#include "bench/ticks.h"
#include "bench/xen.h"
#include "lib/msg.h"

#define CALIBRATION_NS 20000000
#define ALL_PAGES UINT32_MAX /* as many as a hypervisor of 32-bit page counts can say */
/* What heap_age() makes ready per node: more than any case takes. */
#define AGED_PAGES 16384
#define AGE_SEED 1
#define HEAP_CLAIMS (XEN_MAX_NODES + 2) /* one more than anybody takes */

struct extent {
	uint64_t frame;
	unsigned int order;
};

struct guest {
	struct heap_domain *domain;
	uint32_t domid;
	struct extent *extents;
	size_t nr_extents;
	bool dying;
};

struct xen {
	struct guest guests[HEAP_MAX_DOMAINS];
	unsigned int nr_guests;
	uint32_t next_domid;
	bool claim_sets;
	/* The call prepared. */
	struct guest *guest;
	unsigned int order, flags, nr_extents;
	int node;
	struct heap_claim set[HEAP_CLAIMS];
	unsigned int entries, pad;
	bool unreadable;
	uint64_t pages;
	uint64_t frames[XEN_MAX_EXTENTS];
};

static const struct xen_host *host;
static struct heap_library heap;
static bool counting_events;

void xen_host_boot(struct xen_host *options)
{
	host = options;
	heap_library_open(host->library, &heap);
	heap.place(&options->config);
	heap.boot(&host->config);
	heap.age(host->history, AGED_PAGES, AGE_SEED);
}

void xen_host_count_events(bool on)
{
	counting_events = on;
}

const struct heap_library *xen_host_heap(void)
{
	return &heap;
}

static uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC_RAW, &t);
	return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

static uint64_t measure_tsc_khz(void)
{
	uint64_t ns = now_ns(), ticks = read_ticks(), passed;

	while ((passed = now_ns() - ns) < CALIBRATION_NS)
		;
	return (read_ticks() - ticks) * 1000000 / passed;
}

static bool knows_claim_sets(void)
{
	const struct heap_claim release = {.target = HEAP_CLAIM_HOST};
	struct heap_domain *d = heap.create_domain(ALL_PAGES);
	bool knows = !heap.claim_set(d, &release, 1, 0);

	heap.kill_domain(d);
	heap.destroy_domain(d);
	return knows;
}

int xen_open(struct xen **out)
{
	struct xen *xen = calloc(1, sizeof(*xen));

	if (!xen)
		return -ENOMEM;
	xen->claim_sets = knows_claim_sets();
	*out = xen;
	return 0;
}

void xen_close(struct xen *xen)
{
	if (!xen)
		return;
	xen_destroy_domains(xen);
	free(xen);
}

unsigned int xen_list_domains(const struct xen *xen, uint32_t *domids, unsigned int max)
{
	for (unsigned int i = 0; i < xen->nr_guests && i < max; i++)
		domids[i] = xen->guests[i].domid;
	return xen->nr_guests;
}

/* They hold memory of a process that ends. */
void xen_leave_domains(struct xen *xen)
{
	xen->nr_guests = 0;
}

unsigned int xen_nodes(const struct xen *xen)
{
	(void)xen;
	return host->config.nodes;
}

uint64_t xen_tsc_khz(const struct xen *xen)
{
	static uint64_t khz;

	(void)xen;
	/* Under callgrind there is no time to measure. */
	if (!khz && !host->count)
		khz = measure_tsc_khz();
	return khz;
}

const char *xen_dialect(const struct xen *xen)
{
	return xen->claim_sets ? "v6" : "legacy";
}

bool xen_has_claim_sets(const struct xen *xen)
{
	return xen->claim_sets;
}

bool xen_has_legacy_claims(const struct xen *xen)
{
	(void)xen;
	return true;
}

unsigned int xen_max_domains(const struct xen *xen)
{
	(void)xen;
	return HEAP_MAX_DOMAINS;
}

/* By what it went through, which is to be measured. */
bool xen_heap_is_given(const struct xen *xen)
{
	(void)xen;
	return true;
}

int xen_read_memory(struct xen *xen, struct xen_memory *memory)
{
	static struct heap_counters counters;

	(void)xen;
	heap.read_counters(&counters);
	memset(memory, 0, sizeof(*memory));
	memory->free_pages = counters.free;
	memory->claimed_pages = counters.claimed;
	for (unsigned int i = 0; i < host->config.nodes; i++)
		memory->node_free_pages[i] = counters.node[i].free;
	return 0;
}

/* Nobody else is here. */
int xen_settle(struct xen *xen, unsigned int still_ms, unsigned int most_ms)
{
	(void)xen;
	(void)still_ms;
	(void)most_ms;
	return 0;
}

static struct guest *find_guest(struct xen *xen, uint32_t domid)
{
	for (unsigned int i = 0; i < xen->nr_guests; i++)
		if (xen->guests[i].domid == domid)
			return &xen->guests[i];
	return NULL;
}

int xen_create_domain(struct xen *xen, enum xen_kind kind, uint64_t pages, uint32_t *domid)
{
	struct guest *guest = &xen->guests[xen->nr_guests];

	(void)kind;
	(void)pages;
	if (xen->nr_guests == HEAP_MAX_DOMAINS)
		return -ENOSPC;
	*guest = (struct guest){.domain = heap.create_domain(ALL_PAGES), .domid = ++xen->next_domid};
	xen->nr_guests++;
	*domid = guest->domid;
	return 0;
}

static void free_extents(struct guest *guest)
{
	while (guest->nr_extents) {
		const struct extent *e = &guest->extents[--guest->nr_extents];

		heap.free(e->frame, e->order);
	}
}

/*
 * What a dying domain frees waits to be scrubbed. A hypervisor does that when it is idle; here the
 * pages go back before death, and are clean, unless dirt is asked for.
 */
int xen_destroy_domain(struct xen *xen, uint32_t domid)
{
	struct guest *guest = find_guest(xen, domid);

	if (!guest)
		return -ESRCH;
	if (host->history != HEAP_DIRTY)
		free_extents(guest);
	if (!guest->dying)
		heap.kill_domain(guest->domain);
	free_extents(guest);
	heap.destroy_domain(guest->domain);
	free(guest->extents);
	*guest = xen->guests[--xen->nr_guests];
	return 0;
}

/* There is no XEN_DESTROY here. */
void xen_forget_domain(struct xen *xen, uint32_t domid)
{
	(void)xen;
	(void)domid;
}

int xen_keep_dying(struct xen *xen, uint32_t domid, uint64_t frame)
{
	struct guest *guest = find_guest(xen, domid);

	(void)frame;
	if (!guest)
		return -ESRCH;
	heap.kill_domain(guest->domain);
	guest->dying = true;
	return 0;
}

int xen_set_max_pages(struct xen *xen, uint32_t domid, uint64_t pages)
{
	struct guest *guest = find_guest(xen, domid);

	if (!guest)
		return -ESRCH;
	heap.set_max_pages(guest->domain, pages);
	return 0;
}

void xen_destroy_domains(struct xen *xen)
{
	while (xen->nr_guests)
		xen_destroy_domain(xen, xen->guests[xen->nr_guests - 1].domid);
}

int xen_count_marked(struct xen *xen, unsigned int *count)
{
	(void)xen;
	*count = 0;
	return 0;
}

int xen_clean(struct xen *xen, unsigned int *count)
{
	return xen_count_marked(xen, count);
}

int xen_read_domain(struct xen *xen, uint32_t domid, uint64_t *pages, uint64_t *claimed)
{
	struct guest *guest = find_guest(xen, domid);
	struct heap_holding holding;

	if (!guest)
		return -ESRCH;
	heap.read_domain(guest->domain, &holding);
	*pages = holding.pages;
	*claimed = holding.host_claims + holding.node_claims;
	return 0;
}

int xen_claim_legacy(struct xen *xen, uint32_t domid, uint64_t pages)
{
	int rc = xen_prepare_legacy(xen, domid, pages);

	return rc ? rc : (int)xen_call(xen, XEN_CLAIM_PAGES);
}

int xen_claim_set(struct xen *xen, uint32_t domid, const struct xen_claim *set, unsigned int n)
{
	int rc = xen_prepare_set(xen, domid, set, n);

	return rc ? rc : (int)xen_call(xen, XEN_CLAIM_SET);
}

int xen_release_claims(struct xen *xen, uint32_t domid)
{
	const struct xen_claim none = {.target = XEN_CLAIM_HOST};

	return xen->claim_sets ? xen_claim_set(xen, domid, &none, 1)
			       : xen_claim_legacy(xen, domid, 0);
}

int xen_read_claims(struct xen *xen, uint32_t domid, struct xen_claim *set, unsigned int *n)
{
	struct guest *guest = find_guest(xen, domid);
	struct heap_holding holding;
	unsigned int count = 0;

	if (!guest)
		return -ESRCH;
	heap.read_domain(guest->domain, &holding);
	for (unsigned int i = 0; i < host->config.nodes; i++)
		if (holding.claims[i] && count < *n)
			set[count++] = (struct xen_claim){holding.claims[i], i};
	if (holding.host_claims && count < *n)
		set[count++] = (struct xen_claim){holding.host_claims, XEN_CLAIM_HOST};
	*n = count;
	return 0;
}

/* Room for what the call will allocate, so that it does nothing else. */
static int reserve_extents(struct guest *guest, unsigned int more)
{
	struct extent *grown =
		reallocarray(guest->extents, guest->nr_extents + more, sizeof(*grown));

	if (!grown)
		return -ENOMEM;
	guest->extents = grown;
	return 0;
}

int xen_prepare_populate(struct xen *xen, uint32_t domid, unsigned int order, int node,
			 uint64_t first_frame, unsigned int extents)
{
	(void)first_frame;
	if (extents > XEN_MAX_EXTENTS)
		return -E2BIG;
	xen->guest = find_guest(xen, domid);
	if (!xen->guest)
		return -ESRCH;
	xen->order = order;
	xen->node = node == XEN_ANY_NODE ? HEAP_ANY_NODE : XEN_NODE_OF(node);
	xen->flags = HEAP_CREATING | (node == xen->node && node >= 0 ? HEAP_EXACT_NODE : 0);
	xen->nr_extents = extents;
	return reserve_extents(xen->guest, extents);
}

int xen_prepare_set(struct xen *xen, uint32_t domid, const struct xen_claim *set, unsigned int n)
{
	xen->guest = find_guest(xen, domid);
	if (!xen->guest)
		return -ESRCH;
	if (!xen->claim_sets)
		return -EOPNOTSUPP;
	if (n > HEAP_CLAIMS)
		return -E2BIG;
	for (unsigned int i = 0; i < n; i++)
		xen->set[i] = (struct heap_claim){.pages = set[i].pages, .target = set[i].target};
	xen->entries = n;
	xen->pad = 0;
	xen->unreadable = false;
	return 0;
}

int xen_prepare_legacy(struct xen *xen, uint32_t domid, uint64_t pages)
{
	uint64_t has = 0, claimed;
	int rc = xen_read_domain(xen, domid, &has, &claimed);

	/* The call counts what the domain has; 0 alone means cancel. */
	xen_prepare_legacy_total(xen, domid, pages ? has + pages : 0);
	return rc;
}

void xen_prepare_legacy_total(struct xen *xen, uint32_t domid, uint64_t pages)
{
	xen->guest = find_guest(xen, domid);
	xen->pages = pages;
}

int xen_prepare_flawed(struct xen *xen, uint32_t domid, const struct xen_claim *set, unsigned int n,
		       enum xen_flaw flaw)
{
	int rc = xen_prepare_set(xen, domid, set, n);

	if (flaw == XEN_FLAW_NO_ENTRIES)
		xen->entries = 0;
	if (flaw == XEN_FLAW_ENTRY_PAD)
		xen->set[n - 1].pad = 1;
	xen->pad = flaw == XEN_FLAW_PAD;
	xen->unreadable = flaw == XEN_FLAW_UNREADABLE;
	return rc;
}

/* Last in, first out, mostly. */
static void forget_extent(struct guest *guest, uint64_t frame)
{
	size_t i = guest->nr_extents;

	while (i && guest->extents[i - 1].frame != frame)
		i--;
	if (i)
		guest->extents[i - 1] = guest->extents[--guest->nr_extents];
}

int xen_prepare_decrease(struct xen *xen, uint32_t domid, unsigned int order, const uint64_t *frames,
			 unsigned int extents)
{
	if (extents > XEN_MAX_EXTENTS)
		return -E2BIG;
	xen->guest = find_guest(xen, domid);
	if (!xen->guest)
		return -ESRCH;
	memmove(xen->frames, frames, extents * sizeof(*frames));
	for (unsigned int i = extents; i; i--)
		forget_extent(xen->guest, frames[i - 1]);
	xen->order = order;
	xen->nr_extents = extents;
	return 0;
}

/* What xen_cannot() says cannot be prepared. */
int xen_prepare_exchange(struct xen *xen, uint32_t domid, unsigned int order, const uint64_t *frames,
			 unsigned int extents, unsigned int given_order, unsigned int given)
{
	(void)xen, (void)domid, (void)order, (void)frames, (void)extents, (void)given_order, (void)given;
	return -EOPNOTSUPP;
}

int xen_prepare_destroy(struct xen *xen, uint32_t domid)
{
	(void)xen, (void)domid;
	return -EOPNOTSUPP;
}

int xen_prepare_info(struct xen *xen, enum xen_call call, uint32_t domid, unsigned int count)
{
	(void)xen, (void)call, (void)domid, (void)count;
	return -EOPNOTSUPP;
}

unsigned int xen_told(const struct xen *xen, enum xen_call call)
{
	(void)xen, (void)call;
	return 0;
}

const uint64_t *xen_given_frames(const struct xen *xen)
{
	return xen->frames;
}

const char *xen_cannot(const struct xen *xen, enum xen_call call)
{
	(void)xen;
	return xen_is_allocator_call(call) ? NULL : "the host target has the allocator only, not what is around it";
}

const uint64_t *xen_frames(const struct xen *xen)
{
	return xen->frames;
}

void xen_profile(struct xen *xen, bool on)
{
	(void)xen;
	if (on)
		callgrind_forget();
}

static long populate(struct xen *xen)
{
	struct guest *guest = xen->guest;
	unsigned int i;

	for (i = 0; i < xen->nr_extents; i++) {
		uint64_t frame = heap.alloc(guest->domain, xen->order, xen->node, xen->flags);

		if (!frame)
			break;
		xen->frames[i] = frame;
		guest->extents[guest->nr_extents++] = (struct extent){frame, xen->order};
	}
	return i;
}

long xen_call(struct xen *xen, enum xen_call call)
{
	switch (call) {
	case XEN_POPULATE:
		return populate(xen);
	case XEN_CLAIM_SET:
	case XEN_CLAIM_FLAWED:
		return heap.claim_set(xen->guest->domain, xen->unreadable ? NULL : xen->set, xen->entries,
				      xen->pad);
	case XEN_CLAIM_PAGES:
		return heap.claim_legacy(xen->guest->domain, xen->pages);
	case XEN_DECREASE:
		for (unsigned int i = 0; i < xen->nr_extents; i++)
			heap.free(xen->frames[i], xen->order);
		return xen->nr_extents;
	case XEN_LOCK_PAIR:
		take_and_drop_lock();
		return 0;
	case XEN_NOTHING:
		return 0;
	default:
		return -EOPNOTSUPP;
	}
}

long xen_issue(struct xen *xen, enum xen_call call, uint64_t *ticks)
{
	uint64_t start;
	long rc;
	int lost;

	if (!host->count) {
		if (counting_events)
			counters_begin();
		start = read_ticks();
		rc = xen_call(xen, call);
		*ticks = read_ticks() - start;
		if (counting_events)
			counters_end();
		return rc;
	}
	callgrind_open_window();
	rc = xen_call(xen, call);
	callgrind_close_window();
	lost = callgrind_read(ticks);
	return lost ? lost : rc;
}
