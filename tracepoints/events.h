/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Trace records about heap_lock, page_alloc_lock, memory claims and the calls
 * around them: the one place where they are written down.
 *
 * This file is the same, byte for byte, in the hypervisor
 * (xen/include/xen/heap_events.h) and in claimperf (tracepoints/events.h),
 * whose decoder and documentation are made from it.  The includer defines
 * TRC_MEM and uint32_t beforehand.
 *
 * All records are of class TRC_MEM and carry a time stamp.  Subclasses are
 * what a trace mask can tell apart: 1 heap_lock, 2 claims, 4 calls,
 * 8 page_alloc_lock.  A record is a row of bit fields, each following the one
 * before it from the least significant bit of the first word on; it has at
 * most seven words of 32 bits, and words of zeros at its end may be missing.
 *
 * Cycles are TSC ticks.  Cycles and pages that do not fit are recorded as all
 * ones, which reads as "at least": 32 bits are more than a second at 4 GHz,
 * longer than any section may take, and 16 TiB, more than Xen's page lists
 * can link.
 */

#ifndef HEAP_EVENTS_H
#define HEAP_EVENTS_H

/* EVENT(subclass, minor, name, doc), with the fields of each in HEAP_FIELDS_name(). */
#define HEAP_EVENTS(EVENT) \
    EVENT(1, 32, heap_section, "one section under heap_lock, emitted after unlock") \
    EVENT(2, 33, claim_install, "one call that asked to install, replace or cancel claims") \
    EVENT(2, 34, claim_entry, "one claim that such a call installed") \
    EVENT(2, 35, claim_release, "one claim that ended unredeemed, or its rest") \
    EVENT(2, 36, node_state, \
          "pages of one node or the host, after each claim_install and each physinfo") \
    EVENT(4, 37, populate_physmap, "one run of populate_physmap, up to its end or preemption") \
    EVENT(4, 38, domctl_retry, "one domctl that found domctl_lock taken and will be tried again") \
    EVENT(4, 39, domain_teardown, "one run of domain_kill, up to its end or preemption") \
    EVENT(4, 40, scrub_run, "one run of the background scrubber that found pages to scrub") \
    EVENT(8, 41, page_alloc_section, "one section under a domain's page_alloc_lock")

/* FIELD(name, bits, type, unit, doc); type is number or the name of a list below. */
#define HEAP_FIELDS_heap_section(FIELD) \
    FIELD(domid, 15, number, "domain", "domain that the pages are or were for; 32756 when none") \
    FIELD(site, 5, site, "", "who took the lock") \
    FIELD(order, 5, number, "order", "order of the request or of the chunk; 0 when there is none") \
    FIELD(node, 7, number, "node", "NUMA node served; 127 when none was") \
    FIELD(wait, 32, number, "cycles", "from asking for the lock to having it") \
    FIELD(hold, 32, number, "cycles", "from having the lock to just before releasing it") \
    FIELD(from_node, 20, number, "pages", "redeemed from the domain's claim on the node served") \
    FIELD(from_host, 20, number, "pages", "redeemed from its host claim") \
    FIELD(from_other, 20, number, "pages", "redeemed from its claims on other nodes") \
    FIELD(host_cover, 2, cover, "", "site alloc: what covers the request on the host") \
    FIELD(node_cover, 2, cover, "", "site alloc: what covers it on the node served") \
    FIELD(refused_claims, 32, nodes, "", "nodes visited whose claims refused the request") \
    FIELD(refused_empty, 32, nodes, "", "nodes visited that had no such chunk free")

#define HEAP_FIELDS_claim_install(FIELD) \
    FIELD(domid, 16, number, "domain", "domain that the claims are for") \
    FIELD(kind, 4, kind, "", "which call") \
    FIELD(entries, 12, number, "entries", "entries of the claim set; 1 for the legacy call") \
    FIELD(error, 32, number, "errno", "0 when installed, else why not") \
    FIELD(cycles, 32, number, "cycles", "whole call, both locks included")

#define HEAP_FIELDS_claim_entry(FIELD) \
    FIELD(domid, 16, number, "domain", "holder of the claim") \
    FIELD(node, 16, number, "node", "node it is on; 127 for a host claim") \
    FIELD(pages, 32, number, "pages", "pages claimed")

#define HEAP_FIELDS_claim_release(FIELD) \
    FIELD(domid, 16, number, "domain", "holder of the claim") \
    FIELD(node, 8, number, "node", "node it was on; 127 for a host claim") \
    FIELD(reason, 8, release, "", "why it ended") \
    FIELD(pages, 32, number, "pages", "pages that had not been redeemed")

#define HEAP_FIELDS_node_state(FIELD) \
    FIELD(node, 32, number, "node", "the node; 127 for the host") \
    FIELD(free, 32, number, "pages", "free pages") \
    FIELD(claimed, 32, number, "pages", "of them claimed and not yet redeemed")

#define HEAP_FIELDS_populate_physmap(FIELD) \
    FIELD(domid, 16, number, "domain", "domain that is populated") \
    FIELD(order, 16, number, "order", "order of the extents") \
    FIELD(asked, 32, number, "extents", "extents left to do at the start") \
    FIELD(done, 32, number, "extents", "extents done in this run") \
    FIELD(cycles, 32, number, "cycles", "whole run, one section or more per extent included")

#define HEAP_FIELDS_domctl_retry(FIELD) \
    FIELD(domid, 16, number, "domain", "domain that the domctl is about") \
    FIELD(op, 16, number, "domctl", "number of the domctl")

#define HEAP_FIELDS_domain_teardown(FIELD) \
    FIELD(domid, 16, number, "domain", "domain that is killed") \
    FIELD(error, 16, number, "errno", "0 when done, 85 (ERESTART) when preempted") \
    FIELD(pages, 32, number, "pages", "pages the domain lost in this run") \
    FIELD(cycles, 32, number, "cycles", "whole run, its sections included")

#define HEAP_FIELDS_scrub_run(FIELD) \
    FIELD(node, 32, number, "node", "node scrubbed") \
    FIELD(pages, 32, number, "pages", "pages scrubbed") \
    FIELD(cycles, 32, number, "cycles", "whole run, its sections included")

#define HEAP_FIELDS_page_alloc_section(FIELD) \
    FIELD(domid, 16, number, "domain", "domain whose lock it is") \
    FIELD(site, 8, owner, "", "who took the lock") \
    FIELD(order, 8, number, "order", "order of the chunk; 0 when there is none") \
    FIELD(wait, 32, number, "cycles", "from asking for the lock to having it") \
    FIELD(hold, 32, number, "cycles", "from having the lock to just before releasing it")

/* Lists of named values: VALUE(number, LIST_NAME, name, doc). */
#define HEAP_SITES(VALUE) \
    VALUE(0, HEAP_SITE_ALLOC, alloc, "alloc_heap_pages: check, search, take, redeem, mark") \
    VALUE(1, HEAP_SITE_ALLOC_SCRUB, alloc_scrub, \
          "alloc_heap_pages: counting pages that the allocation had to scrub") \
    VALUE(2, HEAP_SITE_FREE, free, "free_heap_pages: mark, merge, put back") \
    VALUE(3, HEAP_SITE_SCRUB, scrub, "scrub_free_pages: the background scrubber") \
    VALUE(4, HEAP_SITE_CLAIM_LEGACY, claim_legacy, \
          "domain_set_outstanding_pages: legacy claims, and cancelling all claims") \
    VALUE(5, HEAP_SITE_CLAIM_SET, claim_set, "domain_set_claims: installing a claim set") \
    VALUE(6, HEAP_SITE_CLAIM_ADJUST, claim_adjust, \
          "domain_adjust_tot_pages: claims that follow tot_pages (only without claim sets)") \
    VALUE(7, HEAP_SITE_INFO, info, "get_outstanding_claims: physinfo") \
    VALUE(8, HEAP_SITE_OFFLINE, offline, "offline_page and online_page: pages taken out of use") \
    VALUE(9, HEAP_SITE_STATIC, static, "static memory: pages taken and given back")

#define HEAP_OWNERS(VALUE) \
    VALUE(0, HEAP_OWNER_ASSIGN, assign, "assign_pages: giving pages to a domain") \
    VALUE(1, HEAP_OWNER_FREE, free, "free_domheap_pages: taking pages from a domain") \
    VALUE(2, HEAP_OWNER_CLAIM, claim, "calls that install, replace or cancel claims") \
    VALUE(3, HEAP_OWNER_LIMIT, limit, "XEN_DOMCTL_max_mem") \
    VALUE(4, HEAP_OWNER_RELINQUISH, relinquish, \
          "a dying domain's pages: walking its lists, and putting others on them") \
    VALUE(5, HEAP_OWNER_SHARE, share, "share_xen_page_with_guest: lending pages of Xen to a domain")

#define HEAP_COVERS(VALUE) \
    VALUE(0, HEAP_COVER_UNCLAIMED, unclaimed, "unclaimed pages alone, or nobody had to ask") \
    VALUE(1, HEAP_COVER_CLAIMS, claims, "unclaimed pages and the domain's claims") \
    VALUE(2, HEAP_COVER_REFUSED, refused, "nothing: the request was refused")

#define HEAP_KINDS(VALUE) \
    VALUE(0, HEAP_KIND_LEGACY, legacy, "XENMEM_claim_pages") \
    VALUE(1, HEAP_KIND_SET, set, "XEN_DOMCTL_claim_memory, whatever its entries say")

#define HEAP_RELEASES(VALUE) \
    VALUE(0, HEAP_RELEASE_REPLACED, replaced, "a claim set took its place") \
    VALUE(1, HEAP_RELEASE_CANCELLED, cancelled, "a call cancelled it") \
    VALUE(2, HEAP_RELEASE_DIED, died, "its domain was killed")

/* LIST(name, values, doc) */
#define HEAP_LISTS(LIST) \
    LIST(site, HEAP_SITES, "sites that take heap_lock") \
    LIST(owner, HEAP_OWNERS, "sites that take a domain's page_alloc_lock") \
    LIST(cover, HEAP_COVERS, "what a claim check found to cover a request") \
    LIST(kind, HEAP_KINDS, "kinds of claim calls") \
    LIST(release, HEAP_RELEASES, "ends of a claim that are no redemption")

/*
 * Type nodes is a set: bit N for node N, bit 31 for any from 31 on.
 * From here on all is derived.
 */

#define HEAP_DOMID_NONE 32756u /* DOMID_INVALID */
#define HEAP_NODE_NONE 127u
#define HEAP_WORDS_MAX 7

#define HEAP_EVENT_NUMBER_(subclass, minor, name, doc) \
    TRC_##name = (TRC_MEM & ~0xf000u) + ((subclass) << 12) + (minor),
enum heap_event {
    HEAP_EVENTS(HEAP_EVENT_NUMBER_)
};

#define HEAP_VALUE_NUMBER_(number, constant, name, doc) constant = (number),
#define HEAP_LIST_NUMBERS_(name, values, doc) \
    enum heap_##name { \
        values(HEAP_VALUE_NUMBER_) \
    };
HEAP_LISTS(HEAP_LIST_NUMBERS_)

#define HEAP_FIELD_(name, bits, type, unit, doc) uint32_t name : (bits);
#define HEAP_EVENT_STRUCT_(subclass, minor, name, doc) \
    struct __attribute__((__packed__)) trc_##name { \
        HEAP_FIELDS_##name(HEAP_FIELD_) \
    }; \
    _Static_assert(sizeof(struct trc_##name) % 4 == 0 && \
                   sizeof(struct trc_##name) <= 4 * HEAP_WORDS_MAX, \
                   #name " is no record");
HEAP_EVENTS(HEAP_EVENT_STRUCT_)

#undef HEAP_EVENT_NUMBER_
#undef HEAP_VALUE_NUMBER_
#undef HEAP_LIST_NUMBERS_
#undef HEAP_FIELD_
#undef HEAP_EVENT_STRUCT_

#endif /* HEAP_EVENTS_H */
