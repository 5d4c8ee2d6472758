// SPDX-License-Identifier: GPL-2.0-only
/* What the columns mean, and what the figures do not say. */
#include "plots/report.h"

static const char reading[] =
	"<section id=\"reading\"><h2>How to read this</h2>\n"
	"<dl>\n"
	"<dt>Instructions</dt><dd>In the lab's exact mode one tick of the guest's clock is one "
	"executed instruction. "
	"All figures are counts, of hypervisor, dom0 kernel and benchmark together, per operation. "
	"They are not nanoseconds, and no cache miss or stall is in them.</dd>\n"
	"<dt>" BEFORE_VARIANT ", " AFTER_VARIANT
	"</dt><dd>The least of all samples, divided by the operations in a sample. "
	"The fraction is work that many operations share: the hypercall of a batch, a page-table "
	"page now and then.</dd>\n"
	"<dt>Δ, Δ %</dt><dd>" AFTER_VARIANT " less " BEFORE_VARIANT
	", per operation, computed from integers. Plus is worse.</dd>\n"
	"<dt>= IDENTICAL</dt><dd>No difference at all.</dd>\n"
	"<dt>↑ ↓ NOTE</dt><dd>Below 0.2 % and below 8 instructions.</dd>\n"
	"<dt>△ ▽ MINOR</dt><dd>Below 1 %.</dd>\n"
	"<dt>▲ ▼ MAJOR</dt><dd>From 1 %, or from 64 instructions inside the claim check or redeem "
	"path: "
	"<code>alloc_heap_pages</code>, <code>get_free_buddy</code>, "
	"<code>domain_adjust_tot_pages</code> "
	"and what checks or redeems for them (the compiler inlines much of it).</dd>\n"
	"<dt>? INCONCLUSIVE</dt><dd>Noisy data. Nothing is decided by them.</dd>\n"
	"<dt>regressed, improved</dt><dd>The same case on both hypervisors.</dd>\n"
	"<dt>cost, saving</dt><dd>A case that " BEFORE_VARIANT
	" cannot run, against the one named after “vs”: "
	"the price of an ability, not a regression.</dd>\n"
	"<dt>– skipped, ✗ lost</dt><dd>Skipped: neither side has a value, and the reason is given. "
	"Lost: there should be one and is not.</dd>\n"
	"<dt>claim:none … claim:tight</dt><dd>What is claimed while the domain is populated: "
	"nothing; the legacy call; "
	"the host; the node; a set over all nodes; the set and the host; another domain claims; "
	"the claim is on another node; only the claim can cover the request.</dd>\n"
	"</dl>\n"
	"<h3>Not valid in exact mode</h3>\n<ul>\n"
	"<li>Waiting for a lock, contention and fairness: virtual CPUs take turns, so that waiting "
	"is an artefact. "
	"Wait figures are shown so that nothing is hidden; no verdict rests on them.</li>\n"
	"<li>NUMA latency: all nodes are equally far in a virtual machine.</li>\n"
	"<li>Time: cache and TLB misses, prefetching and frequency do not exist here.</li>\n"
	"<li>Figures from another day: counts move with the compiler, dom0's kernel and the "
	"libraries. "
	"Compare what was built and run together.</li>\n"
	"</ul></section>\n";

void section_reading(struct report *report)
{
	fputs(reading, report->out);
}
