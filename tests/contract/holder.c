// SPDX-License-Identifier: GPL-2.0-only
#include "tests/contract/holder.h"

#define HOST_PAGES 100
#define NODE_PAGES 200

struct holder must_create_holder(struct machine *m)
{
	unsigned int nodes = node_count(m) > 1 ? 2 : 1;
	const struct claim_entry set[] = {
		{HOST_PAGES, HOST, 0}, {NODE_PAGES, 0, 0}, {NODE_PAGES + 1, 1, 0}};
	struct holder h = {
		.m = m,
		.domid = must_create(m),
		.held = {.host = HOST_PAGES, .node = {NODE_PAGES}},
	};

	if (nodes > 1)
		h.held.node[1] = NODE_PAGES + 1;
	must_set_max_pages(m, h.domid, HOLDER_MAX_PAGES);
	if (set_claims(m, h.domid, set, 1 + nodes))
		abandon("the claims to begin with are refused");
	check_holding(m, h.domid, &h.held, "claims to begin with are held");
	return h;
}

void check_refused(struct holder *h, int rc, int error, const char *why)
{
	equal(rc, -error, "%s", why);
	check_holding(h->m, h->domid, &h->held, "  claims are as before");
}
