// SPDX-License-Identifier: GPL-2.0-only
#include "tracepoints/catalog.h"
#include "tracepoints/pairs.h"

/* Xen's own, from its public/trace.h. */
#define XEN_VMENTRY 0x00081001u
#define XEN_VMEXIT 0x00081002u
#define XEN_VMEXIT_WIDTH 0x100u /* 64-bit addresses in the record */
#define XEN_NESTED 0x400u
#define XEN_IDLE_ENTRY 0x00801002u
#define XEN_IDLE_EXIT 0x00801003u
/* The old state in bits 8 and 9, the new one in bits 4 and 5: 0 running, 1 runnable. */
#define XEN_RUNSTATE 0x00021001u
#define XEN_RUNSTATE_OLD 0x300u
#define XEN_RUNSTATE_NEW 0x030u
#define TO_STATE(state) {XEN_RUNSTATE | (state) << 4, XEN_RUNSTATE_OLD}
#define FROM_STATE(state) {XEN_RUNSTATE | (state) << 8, XEN_RUNSTATE_NEW}
#define VCPU {NULL, 0, 16}
#define VCPU_DOMAIN {NULL, 16, 16}

const struct pair pairs[] = {
	{.name = "heap_lock",
	 .doc = "a section under heap_lock",
	 .shape = PAIR_TIMED,
	 .track = PAIR_ON_CPU,
	 .end = {TRC_heap_section, 0},
	 .domain = {.name = "domid"},
	 .cycles = {.name = "hold"},
	 .lead = {.name = "wait"}},
	{.name = "page_alloc_lock",
	 .doc = "a section under a domain's page_alloc_lock",
	 .shape = PAIR_TIMED,
	 .track = PAIR_ON_CPU,
	 .end = {TRC_page_alloc_section, 0},
	 .domain = {.name = "domid"},
	 .cycles = {.name = "hold"},
	 .lead = {.name = "wait"}},
	{.name = "claim_call",
	 .doc = "a call that installs, replaces or cancels claims",
	 .shape = PAIR_TIMED,
	 .track = PAIR_ON_CPU,
	 .end = {TRC_claim_install, 0},
	 .domain = {.name = "domid"},
	 .cycles = {.name = "cycles"}},
	{.name = "scrub",
	 .doc = "a run of the background scrubber",
	 .shape = PAIR_TIMED,
	 .track = PAIR_ON_CPU,
	 .end = {TRC_scrub_run, 0},
	 .cycles = {.name = "cycles"},
	 .amount = {.name = "pages"}},
	{.name = "populate",
	 .doc = "a call that populates, over its preemptions",
	 .shape = PAIR_RUNS,
	 .track = PAIR_ON_DOMAIN,
	 .end = {TRC_populate_physmap, 0},
	 .cross = {TRC_domain_teardown, 0},
	 .domain = {.name = "domid"},
	 .key = {.name = "order"},
	 .cycles = {.name = "cycles"},
	 .amount = {.name = "done"},
	 .asked = {.name = "asked"}},
	{.name = "teardown",
	 .doc = "a domain's end, over its preemptions",
	 .shape = PAIR_RUNS,
	 .track = PAIR_ON_DOMAIN,
	 .end = {TRC_domain_teardown, 0},
	 .domain = {.name = "domid"},
	 .cycles = {.name = "cycles"},
	 .amount = {.name = "pages"},
	 .again = {.name = "error"},
	 .again_value = 85 /* ERESTART */},
	{.name = "vmexit",
	 .doc = "from leaving a guest to entering it again",
	 .shape = PAIR_BEGIN_END,
	 .track = PAIR_ON_CPU,
	 .begin = {XEN_VMEXIT, XEN_VMEXIT_WIDTH | XEN_NESTED},
	 .end = {XEN_VMENTRY, XEN_NESTED},
	 .cross = {XEN_RUNSTATE, XEN_RUNSTATE_OLD | XEN_RUNSTATE_NEW}},
	{.name = "idle",
	 .doc = "a CPU asleep",
	 .shape = PAIR_BEGIN_END,
	 .track = PAIR_ON_CPU,
	 .begin = {XEN_IDLE_ENTRY, 0},
	 .end = {XEN_IDLE_EXIT, 0}},
	{.name = "running",
	 .doc = "a virtual CPU on a CPU",
	 .shape = PAIR_BEGIN_END,
	 .track = PAIR_ON_VCPU,
	 .begin = TO_STATE(0u),
	 .end = FROM_STATE(0u),
	 .domain = VCPU_DOMAIN,
	 .key = VCPU},
	{.name = "runnable",
	 .doc = "a virtual CPU waiting for a CPU",
	 .shape = PAIR_BEGIN_END,
	 .track = PAIR_ON_VCPU,
	 .begin = TO_STATE(1u),
	 .end = FROM_STATE(1u),
	 .domain = VCPU_DOMAIN,
	 .key = VCPU},
	{0},
};

_Static_assert(sizeof(pairs) / sizeof(pairs[0]) <= PAIRS_MAX + 1, "a bit for each");
