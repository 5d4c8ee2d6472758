/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Trace records about heap_lock, memory claims and populate_physmap: the one
 * place where they are written down.
 *
 * This file is the same, byte for byte, in the hypervisor
 * (xen/include/xen/heap_events.h) and in claimperf (tracepoints/events.h),
 * whose decoder and documentation are made from it.  The includer defines
 * TRC_MEM and uint32_t beforehand.
 *
 * All records are of class TRC_MEM, carry a time stamp, and have at most six
 * words of 32 bits, the first of which is the domain.  Cycles are TSC ticks.
 * Cycles and pages that do not fit are recorded as 0xffffffff, which reads as
 * "at least": 32 bits of cycles are more than a second at 4 GHz, longer than
 * any of these sections may take, and keep every record in six words.
 */

#ifndef HEAP_EVENTS_H
#define HEAP_EVENTS_H

/* EVENT(minor, name, doc), with the words of each in HEAP_WORDS_name(). */
#define HEAP_EVENTS(EVENT) \
    EVENT(32, heap_section, "one section under heap_lock, emitted after unlock") \
    EVENT(33, claim_check, "the claim checks made in one section of site alloc") \
    EVENT(34, claim_redeem, "claimed pages that one section turned into allocated ones") \
    EVENT(35, claim_install, "one call that asked to install, replace or cancel claims") \
    EVENT(36, populate_physmap, "one run of populate_physmap, up to its end or preemption")

/* WORD(name, type, unit, doc); type is u32 or the name of a list below. */
#define HEAP_WORDS_heap_section(WORD) \
    WORD(domid, u32, "domain", "domain that the pages are or were for; 32756 when none") \
    WORD(site, site, "", "who took the lock") \
    WORD(order, u32, "order", "order of the request or of the chunk; 0 when there is none") \
    WORD(node, u32, "node", "NUMA node served; 255 when none was") \
    WORD(wait, u32, "cycles", "from asking for the lock to having it") \
    WORD(hold, u32, "cycles", "from having the lock to just before releasing it")

#define HEAP_WORDS_claim_check(WORD) \
    WORD(domid, u32, "domain", "domain that asks; 32756 when none") \
    WORD(order, u32, "order", "order of the request") \
    WORD(host, cover, "", "answer of the check for the whole host") \
    WORD(node_unclaimed, u32, "checks", "node checks passed on unclaimed pages alone") \
    WORD(node_claims, u32, "checks", "node checks passed thanks to the domain's claims") \
    WORD(node_refused, u32, "checks", "node checks refused")

#define HEAP_WORDS_claim_redeem(WORD) \
    WORD(domid, u32, "domain", "holder of the claims") \
    WORD(node, u32, "node", "NUMA node served; 255 when the caller does not know") \
    WORD(pages, u32, "pages", "pages allocated") \
    WORD(from_node, u32, "pages", "redeemed from the claim on the node served") \
    WORD(from_host, u32, "pages", "redeemed from the host claim") \
    WORD(from_other, u32, "pages", "redeemed from claims on other nodes")

#define HEAP_WORDS_claim_install(WORD) \
    WORD(domid, u32, "domain", "domain that the claims are for") \
    WORD(kind, kind, "", "which call") \
    WORD(entries, u32, "entries", "entries of the claim set; 1 for the legacy call") \
    WORD(error, u32, "errno", "0 when installed, else why not") \
    WORD(cycles, u32, "cycles", "whole call, both locks included")

#define HEAP_WORDS_populate_physmap(WORD) \
    WORD(domid, u32, "domain", "domain that is populated") \
    WORD(order, u32, "order", "order of the extents") \
    WORD(asked, u32, "extents", "extents left to do at the start") \
    WORD(done, u32, "extents", "extents done in this run") \
    WORD(cycles, u32, "cycles", "whole run, one section or more per extent included")

/* Lists of named values: VALUE(number, LIST_NAME, name, doc). */
#define HEAP_SITES(VALUE) \
    VALUE(0, HEAP_SITE_ALLOC, alloc, "alloc_heap_pages: check, search, take, mark") \
    VALUE(1, HEAP_SITE_ALLOC_SCRUB, alloc_scrub, \
          "alloc_heap_pages: counting pages that the allocation had to scrub") \
    VALUE(2, HEAP_SITE_FREE, free, "free_heap_pages: mark, merge, put back") \
    VALUE(3, HEAP_SITE_SCRUB, scrub, "scrub_free_pages: the background scrubber") \
    VALUE(4, HEAP_SITE_CLAIM_LEGACY, claim_legacy, \
          "domain_set_outstanding_pages: legacy claims, and cancelling all claims") \
    VALUE(5, HEAP_SITE_CLAIM_SET, claim_set, "domain_set_claims: installing a claim set") \
    VALUE(6, HEAP_SITE_CLAIM_ADJUST, claim_adjust, \
          "domain_adjust_tot_pages: claims that follow tot_pages (only without claim sets)") \
    VALUE(7, HEAP_SITE_INFO, info, "get_outstanding_claims: physinfo")

#define HEAP_COVERS(VALUE) \
    VALUE(0, HEAP_COVER_REFUSED, refused, "nothing covers the request") \
    VALUE(1, HEAP_COVER_UNCLAIMED, unclaimed, "unclaimed pages alone cover it") \
    VALUE(2, HEAP_COVER_CLAIMS, claims, "unclaimed pages and the domain's claims cover it")

#define HEAP_KINDS(VALUE) \
    VALUE(0, HEAP_KIND_LEGACY, legacy, "XENMEM_claim_pages") \
    VALUE(1, HEAP_KIND_SET, set, "XEN_DOMCTL_claim_memory, whatever its entries say")

/* LIST(name, values, doc) */
#define HEAP_LISTS(LIST) \
    LIST(site, HEAP_SITES, "sites that take heap_lock") \
    LIST(cover, HEAP_COVERS, "verdict of a claim check") \
    LIST(kind, HEAP_KINDS, "kinds of claim calls")

/* From here on all is derived. */

#define HEAP_WORDS_MAX 6

#define HEAP_EVENT_NUMBER_(minor, name, doc) TRC_##name = TRC_MEM + (minor),
enum heap_event {
    HEAP_EVENTS(HEAP_EVENT_NUMBER_)
};

#define HEAP_VALUE_NUMBER_(number, constant, name, doc) constant = (number),
enum heap_site {
    HEAP_SITES(HEAP_VALUE_NUMBER_)
};
enum heap_cover {
    HEAP_COVERS(HEAP_VALUE_NUMBER_)
};
enum heap_kind {
    HEAP_KINDS(HEAP_VALUE_NUMBER_)
};

#define HEAP_WORD_FIELD_(name, type, unit, doc) uint32_t name;
#define HEAP_EVENT_STRUCT_(minor, name, doc) \
    struct trc_##name { \
        HEAP_WORDS_##name(HEAP_WORD_FIELD_) \
    };
HEAP_EVENTS(HEAP_EVENT_STRUCT_)

#undef HEAP_EVENT_NUMBER_
#undef HEAP_VALUE_NUMBER_
#undef HEAP_WORD_FIELD_
#undef HEAP_EVENT_STRUCT_

#endif /* HEAP_EVENTS_H */
