/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The contract, rule by rule: TEST(ID, NODES, KINDS, FUNCTION, RULE).
 *
 * NODES is how many nodes with memory it takes; KINDS is ONE, or BOTH for what is to hold for HVM
 * and PV domains alike: then ID/pv is the same test with PV domains. No include guard: this list is
 * read several times.
 */

/* The error table, each row alone: what is refused changes nothing. */
TEST("errors/no-entries", 1, ONE, errors_no_entries,
     "a set without entries: EINVAL")
TEST("errors/privilege", 1, ONE, errors_privilege,
     "a caller without the privilege to claim: EPERM, for a set as for the legacy call")
TEST("errors/pad", 1, ONE, errors_pad,
     "padding of the payload that is not 0: EINVAL")
TEST("errors/too-many", 1, ONE, errors_too_many,
     "more entries than nodes can be, plus one: E2BIG")
TEST("errors/no-domain", 1, ONE, errors_no_domain,
     "a domain that is not there: ESRCH")
TEST("errors/unreadable", 1, ONE, errors_unreadable,
     "entries that cannot be read: EFAULT")
TEST("errors/entry-pad", 1, ONE, errors_entry_pad,
     "padding of any entry that is not 0: EINVAL")
TEST("errors/legacy-among", 1, ONE, errors_legacy_among,
     "LEGACY among several entries is no node: ENOENT")
TEST("errors/twice", 1, ONE, errors_twice,
     "the host, or a node, named twice: EINVAL")
TEST("errors/no-node", 1, ONE, errors_no_node,
     "a target that is no online node: ENOENT")
TEST("errors/overflow", 2, ONE, errors_overflow,
     "node entries that overflow when added up: EINVAL")
TEST("errors/node-memory", 1, ONE, errors_node_memory,
     "more than is unclaimed on a node: ENOMEM")
TEST("errors/max-pages", 1, BOTH, errors_max_pages,
     "claims and pages beyond max_pages: EINVAL")
TEST("errors/host-memory", 1, ONE, errors_host_memory,
     "more than is unclaimed on the host: ENOMEM")
TEST("errors/order", 1, ONE, errors_order,
     "of two faults, the earlier row of the table prevails, wherever the entries are")

/* Sets that are granted, and what they replace. */
TEST("sets/values", 1, ONE, sets_values,
     "domctl 91; HOST is 2^31, as is GLOBAL, LEGACY is 2^30")
TEST("sets/host", 1, BOTH, sets_host,
     "a host claim is installed, grows, shrinks and is cancelled")
TEST("sets/node", 1, BOTH, sets_node,
     "a node claim is installed, grows, shrinks and is cancelled")
TEST("sets/move", 2, BOTH, sets_move,
     "a set replaces all that was held: from node to node, to the host and back")
TEST("sets/entries", 2, ONE, sets_entries,
     "entries come in any order, and may be empty")
TEST("sets/all-nodes", 1, ONE, sets_all_nodes,
     "a set over all nodes and the host")
TEST("sets/cancel", 1, BOTH, sets_cancel,
     "one host entry of 0 pages cancels everything, whatever the limits")
TEST("sets/redeemed", 1, BOTH, sets_redeemed,
     "a set replaces what is left of one, not what it was")
TEST("sets/full-node", 1, ONE, sets_full_node,
     "all of a node may be claimed; what is one's own counts as there")
TEST("sets/full-host", 1, ONE, sets_full_host,
     "all of the host may be claimed; what is one's own counts as there")
TEST("sets/exchange", 2, ONE, sets_exchange,
     "all of a node is exchanged for all of another, or of the host")
TEST("sets/others", 2, ONE, sets_others,
     "claims of others are not there, on their nodes and on the host")
TEST("sets/max-pages", 1, BOTH, sets_max_pages,
     "claims and pages up to max_pages, to the page")

/* XENMEM_claim_pages, and the same as an entry of a set. */
TEST("legacy/size", 1, BOTH, legacy_size,
     "counts what the domain has; more than that, up to max_pages, or EINVAL")
TEST("legacy/second", 1, ONE, legacy_second,
     "any claim held: EINVAL")
TEST("legacy/cancel", 1, ONE, legacy_cancel,
     "0 pages cancel every claim, of nodes too, whatever the limits")
TEST("legacy/memory", 1, ONE, legacy_memory,
     "up to what is unclaimed, or ENOMEM")
TEST("legacy/mixed", 2, ONE, legacy_mixed,
     "a set replaces a legacy claim, and the other way round when cancelled")
TEST("legacy/redeem", 1, BOTH, legacy_redeem,
     "is redeemed like a host claim, and then may be staked anew")
TEST("legacy/huge", 1, ONE, legacy_huge,
     "page counts are not cut to 32 bits")

/* What is claimed is kept from others. */
TEST("protect/host", 1, BOTH, protect_host,
     "all of the host claimed: others get no page, its holder does")
TEST("protect/node", 2, BOTH, protect_node,
     "all of a node claimed: others get no page of it, its holder does")
TEST("protect/host-edge", 1, BOTH, protect_host_edge,
     "what is unclaimed on the host serves others, to the page, at any order")
TEST("protect/node-edge", 2, BOTH, protect_node_edge,
     "what is unclaimed on a node serves others, to the page, at any order")
TEST("protect/other-claims", 2, BOTH, protect_other_claims,
     "a claim on the host or on another node opens no node")
TEST("protect/two-holders", 1, BOTH, protect_two_holders,
     "two holders share a node, each to its own claim")
TEST("protect/xen-host", 1, ONE, protect_xen_host,
     "Xen's own memory is not served from claims, not even for their holder")
TEST("protect/xen-node", 2, ONE, protect_xen_node,
     "Xen's own memory comes from nodes that are not claimed")
TEST("protect/xenheap", 1, ONE, protect_xenheap,
     "what Xen allocates for nobody, or to create a domain, is not served from claims")

/* Allocations that may come from elsewhere. */
TEST("steer/any-node", 2, BOTH, steer_any_node,
     "pages of any node come from elsewhere than a claimed one")
TEST("steer/last-node", 2, BOTH, steer_last_node,
     "all nodes but one claimed: all comes from that one")
TEST("steer/preferred", 2, BOTH, steer_preferred,
     "a preferred node that is claimed gives way to others")
TEST("steer/affinity", 2, BOTH, steer_affinity,
     "node affinity gives way, too, whatever node is asked for")
TEST("steer/exact", 2, BOTH, steer_exact,
     "an exact node that is claimed: refused")
TEST("steer/exhausted", 2, BOTH, steer_exhausted,
     "all nodes claimed, one by one: refused")
TEST("steer/rest", 2, BOTH, steer_rest,
     "the unclaimed rest of a node is served, and no page more of it")
TEST("steer/holder", 2, BOTH, steer_holder,
     "a holder that takes any node is served from its own claim when others hold the rest")

/* Claims that do not cover a request. */
TEST("partial/host", 1, BOTH, partial_host,
     "claim and unclaimed pages of the host serve a request together")
TEST("partial/node", 2, BOTH, partial_node,
     "claim and unclaimed pages of a node serve a request together")
TEST("partial/mixed", 2, BOTH, partial_mixed,
     "claims on the host and on nodes count together for the host")
TEST("partial/fallback", 2, BOTH, partial_fallback,
     "a node that claim and rest do not cover is passed over, or refused if exact")

/* How claims shrink. */
TEST("redeem/node-first", 2, BOTH, redeem_node_first,
     "the claim on the node that serves is redeemed first")
TEST("redeem/host-next", 2, BOTH, redeem_host_next,
     "then the host claim, then those on other nodes")
TEST("redeem/node-order", 4, BOTH, redeem_node_order,
     "claims on other nodes are redeemed in node order")
TEST("redeem/large", 2, BOTH, redeem_large,
     "one large page takes from all of them, in that order")
TEST("redeem/one-node", 1, BOTH, redeem_one_node,
     "each page served takes one off, single or large")
TEST("redeem/final", 1, BOTH, redeem_final,
     "pages given back do not come back to the claim")
TEST("redeem/max-pages", 1, BOTH, redeem_max_pages,
     "claims and pages together never grow past max_pages")
TEST("redeem/failed", 1, BOTH, redeem_failed,
     "what is redeemed for pages that max_pages forbids afterwards is lost")
TEST("redeem/refused", 1, BOTH, redeem_refused,
     "an allocation that is refused redeems nothing")
TEST("redeem/xen", 1, ONE, redeem_xen,
     "Xen's own memory for the holder redeems nothing")
TEST("redeem/exchange", 1, ONE, redeem_exchange,
     "pages exchanged are not served from claims, and redeem nothing")
TEST("redeem/on-demand", 1, ONE, redeem_on_demand,
     "pages kept to be populated on demand redeem claims as others do")
TEST("redeem/others", 1, BOTH, redeem_others,
     "what others allocate redeems nothing")

/* The end of a domain. */
TEST("death/set", 1, BOTH, death_set,
     "cancels claims on the host and on nodes")
TEST("death/redeemed", 1, BOTH, death_redeemed,
     "of a domain with half of its claims redeemed")
TEST("death/legacy", 1, BOTH, death_legacy,
     "of a domain with a legacy claim")
TEST("death/used-up", 1, BOTH, death_used_up,
     "of a domain that redeemed all of it")
TEST("death/all", 1, ONE, death_all,
     "of a domain that claimed everything gives all of it to others")
TEST("death/neighbour", 1, BOTH, death_neighbour,
     "leaves claims of others alone")
TEST("death/dying", 1, BOTH, death_dying,
     "claims go at once, though the domain stays while a page is mapped")
TEST("death/refused", 1, BOTH, death_refused,
     "a dying domain claims nothing any more: ESRCH")

/* A domain without claims that gives up memory and takes it back: dom0. */
TEST("balloon/host", 1, ONE, balloon_host,
     "dom0 gets no page back when all of the host is claimed")
TEST("balloon/node", 2, ONE, balloon_node,
     "dom0 gets no page of a claimed node, but those of others")
TEST("balloon/between", 1, BOTH, balloon_between,
     "pages that dom0 gives up between claim and redemption are unclaimed")
TEST("balloon/own", 1, ONE, balloon_own,
     "dom0 itself may claim and redeem")
TEST("balloon/kernel", 1, ONE, balloon_kernel,
     "the balloon driver waits until claims leave room")

/* Fewer free pages than claims. */
TEST("offline/node", 2, BOTH, offline_node,
     "all of a node claimed, a page goes offline: nothing is unclaimed there")
TEST("offline/host", 1, BOTH, offline_host,
     "all of the host claimed, a page goes offline: nothing is unclaimed")
TEST("offline/many", 1, ONE, offline_many,
     "several pages short, one claim after the other is given up")
TEST("offline/partial", 1, BOTH, offline_partial,
     "what is missing is not made up for by a partial cover")
TEST("offline/legacy", 1, ONE, offline_legacy,
     "legacy claims find nothing either")
TEST("offline/online", 1, ONE, offline_online,
     "pages back online are claimed first")
TEST("offline/used", 1, ONE, offline_used,
     "a page in use that is to go offline is not free when given back")
TEST("offline/death", 1, ONE, offline_death,
     "the holder's death leaves what is there, unclaimed")

/* What is told. */
TEST("figures/claims", 1, BOTH, figures_claims,
     "a domain's claims, host and nodes; the host's are the sum of all domains")
TEST("figures/free", 1, BOTH, figures_free,
     "claims leave the free figures alone; pages lower those of their node and of the host")
