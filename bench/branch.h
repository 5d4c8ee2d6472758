/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The branches of the allocator that cases are about, and how often a call takes them. The trace
 * points of a +trace hypervisor are the proof: bench/proof.h counts their records in the windows
 * of the measured calls.
 */
#ifndef BENCH_BRANCH_H
#define BENCH_BRANCH_H

/* X(id, name, what a record of the case's domain says when it was taken) */
#define BENCH_BRANCHES(X)                                                                          \
	X(ALLOC_FREE, "alloc/unclaimed", "an allocation that unclaimed pages of the host cover")   \
	X(ALLOC_CLAIMED, "alloc/claimed", "an allocation that only the domain's claims let pass on the host") \
	X(NODE_FREE, "node/unclaimed", "an allocation that unclaimed pages of the node served cover") \
	X(NODE_CLAIMED, "node/claimed", "an allocation that only the claim on the node served lets pass there") \
	X(REDEEM_NONE, "redeem/none", "an allocation that redeems nothing")                        \
	X(REDEEM_NODE, "redeem/node", "an allocation that redeems the claim on the node served")   \
	X(REDEEM_HOST, "redeem/host", "an allocation that redeems the host claim")                 \
	X(REDEEM_OTHER, "redeem/other", "an allocation that redeems claims on other nodes")        \
	X(REDEEM_MIXED, "redeem/mixed", "an allocation that redeems several claims at once")       \
	X(SCRUB, "alloc/scrub", "an allocation that scrubs what it takes")                         \
	X(REFUSED_HOST, "refused/host", "an allocation refused by the check of the host")          \
	X(REFUSED_NODE, "refused/node", "an allocation refused by the checks of nodes alone")      \
	X(PASSED_CLAIMS, "passed/claims", "an allocation that passed nodes over whose claims refused it") \
	X(PASSED_EMPTY, "passed/empty", "an allocation that passed nodes over that had nothing free") \
	X(FREE, "free", "a section that gives a chunk back")                                       \
	X(CLAIM_LEGACY, "claim/legacy", "a legacy claim call that was accepted")                   \
	X(CLAIM_SET, "claim/set", "a claim set that was accepted")                                 \
	X(CLAIM_REFUSED, "claim/refused", "a claim call that was refused with the case's error")   \
	X(RELEASE, "release", "a claim that ended unredeemed")                                     \
	X(TEARDOWN, "teardown", "a run of domain_kill")                                            \
	X(INFO, "info", "a section that reads outstanding claims, of any domain")                  \
	X(SYSCTL, "call/sysctl", "a sysctl of a PV dom0; which one, its answer tells")             \
	X(DOMCTL, "call/domctl", "a domctl of a PV dom0; which one, its answer tells")             \
	X(VERSION, "call/version", "a call of xen_version by a PV dom0")

#define BENCH_BRANCH_ID(id, name, what) BRANCH_##id,
enum bench_branch { BRANCH_NONE, BENCH_BRANCHES(BENCH_BRANCH_ID) BRANCHES };
#undef BENCH_BRANCH_ID

/* A sample takes it that often; BRANCH_NONE ends a list of them. */
struct bench_proof {
	enum bench_branch branch;
	unsigned int times; /* exactly; 0: at least once in all samples together */
};

const char *branch_name(enum bench_branch branch);
const char *branch_what(enum bench_branch branch);

#endif
