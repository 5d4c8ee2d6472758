// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "tests/model/spec.h"

#define MAX_ENTRIES (HEAP_MAX_NODES + 1)

unsigned long spec_free(const struct spec *s)
{
	unsigned long sum = 0;

	for (unsigned int n = 0; n < s->nodes; n++)
		sum += s->free[n];
	return sum;
}

unsigned long spec_domain_node_claims(const struct spec *s, const struct spec_domain *d)
{
	unsigned long sum = 0;

	for (unsigned int n = 0; n < s->nodes; n++)
		sum += d->claims[n];
	return sum;
}

unsigned long spec_domain_claims(const struct spec *s, const struct spec_domain *d)
{
	return d->host_claims + spec_domain_node_claims(s, d);
}

unsigned long spec_claimed(const struct spec *s)
{
	unsigned long sum = 0;

	for (unsigned int i = 0; i < SPEC_DOMAINS; i++)
		sum += spec_domain_claims(s, &s->domain[i]);
	return sum;
}

unsigned long spec_node_claimed(const struct spec *s, unsigned int node)
{
	unsigned long sum = 0;

	for (unsigned int i = 0; i < SPEC_DOMAINS; i++)
		sum += s->domain[i].claims[node];
	return sum;
}

static unsigned long unclaimed(unsigned long free, unsigned long claimed)
{
	return free > claimed ? free - claimed : 0;
}

unsigned long spec_unclaimed(const struct spec *s)
{
	return unclaimed(spec_free(s), spec_claimed(s));
}

unsigned long spec_node_unclaimed(const struct spec *s, unsigned int node)
{
	return unclaimed(s->free[node], spec_node_claimed(s, node));
}

static void cancel_claims(struct spec_domain *d)
{
	d->host_claims = 0;
	memset(d->claims, 0, sizeof(d->claims));
}

/* The pages of a legacy claim count those that the domain has, so it must be for more. */
int spec_claim_legacy(struct spec *s, struct spec_domain *d, unsigned long pages)
{
	if (!pages) {
		cancel_claims(d);
		return 0;
	}
	if (d->dying)
		return -ESRCH;
	if (spec_domain_claims(s, d))
		return -EINVAL;
	if (pages <= d->pages || pages > d->max_pages)
		return -EINVAL;
	if (pages - d->pages > spec_unclaimed(s))
		return -ENOMEM;
	d->host_claims = pages - d->pages;
	return 0;
}

static bool is_node(uint32_t target)
{
	return target < HEAP_MAX_NODES;
}

static bool any_pad(const struct heap_claim *set, unsigned int nr)
{
	for (unsigned int i = 0; i < nr; i++)
		if (set[i].pad)
			return true;
	return false;
}

static bool named_twice(const struct heap_claim *set, unsigned int nr)
{
	for (unsigned int i = 0; i < nr; i++)
		for (unsigned int j = 0; j < i; j++)
			if (set[i].target == set[j].target &&
			    (is_node(set[i].target) || set[i].target == HEAP_CLAIM_HOST))
				return true;
	return false;
}

static bool all_online(const struct spec *s, const struct heap_claim *set, unsigned int nr)
{
	for (unsigned int i = 0; i < nr; i++)
		if (set[i].target >= s->nodes && set[i].target != HEAP_CLAIM_HOST)
			return false;
	return true;
}

static int check_amounts(const struct spec *s, const struct spec_domain *d,
			 const struct heap_claim *set, unsigned int nr)
{
	uint64_t host = 0, nodes = 0;

	for (unsigned int i = 0; i < nr; i++)
		if (set[i].target == HEAP_CLAIM_HOST)
			host = set[i].pages;
		else if (__builtin_add_overflow(nodes, set[i].pages, &nodes))
			return -EINVAL;
	for (unsigned int i = 0; i < nr; i++) {
		uint32_t node = set[i].target;

		if (node != HEAP_CLAIM_HOST &&
		    set[i].pages > spec_node_unclaimed(s, node) + d->claims[node])
			return -ENOMEM;
	}
	if ((unsigned __int128)host + nodes + d->pages > d->max_pages)
		return -EINVAL;
	if (host + nodes > spec_unclaimed(s) + spec_domain_claims(s, d))
		return -ENOMEM;
	return 0;
}

static void install(struct spec_domain *d, const struct heap_claim *set, unsigned int nr)
{
	cancel_claims(d);
	for (unsigned int i = 0; i < nr; i++)
		if (set[i].target == HEAP_CLAIM_HOST)
			d->host_claims = set[i].pages;
		else
			d->claims[set[i].target] = set[i].pages;
}

int spec_claim_set(struct spec *s, struct spec_domain *d, const struct heap_claim *set,
		   unsigned int nr, uint32_t pad)
{
	int error;

	if (!nr || pad)
		return -EINVAL;
	if (nr > MAX_ENTRIES)
		return -E2BIG;
	if (d->dying)
		return -ESRCH;
	if (!set)
		return -EFAULT;
	if (any_pad(set, nr))
		return -EINVAL;
	if (nr == 1 && set[0].target == HEAP_CLAIM_LEGACY)
		return spec_claim_legacy(s, d, set[0].pages);
	if (nr == 1 && set[0].target == HEAP_CLAIM_HOST && !set[0].pages)
		return spec_claim_legacy(s, d, 0);
	if (named_twice(set, nr))
		return -EINVAL;
	if (!all_online(s, set, nr))
		return -ENOENT;
	error = check_amounts(s, d, set, nr);
	if (!error)
		install(d, set, nr);
	return error;
}

void spec_kill_domain(struct spec_domain *d)
{
	d->dying = true;
	cancel_claims(d);
}

bool spec_host_permits(const struct spec *s, const struct spec_request *r)
{
	unsigned long own = r->refcounted ? spec_domain_claims(s, r->d) : 0;

	return r->pages <= spec_unclaimed(s) + own;
}

bool spec_node_permits(const struct spec *s, const struct spec_request *r, unsigned int node)
{
	unsigned long own = r->refcounted ? r->d->claims[node] : 0;

	return r->pages <= spec_node_unclaimed(s, node) + own;
}

static unsigned long redeem(unsigned long *claims, unsigned long pages)
{
	unsigned long redeemed = *claims < pages ? *claims : pages;

	*claims -= redeemed;
	return pages - redeemed;
}

void spec_take(struct spec *s, const struct spec_request *r, unsigned int node)
{
	unsigned long left = r->pages;

	s->free[node] -= r->pages;
	if (!r->refcounted)
		return;
	left = redeem(&r->d->claims[node], left);
	left = redeem(&r->d->host_claims, left);
	for (unsigned int n = 0; left && n < s->nodes; n++)
		left = redeem(&r->d->claims[n], left);
}

bool spec_assign(struct spec *s, const struct spec_request *r, unsigned int node)
{
	bool fits = !r->refcounted || r->d->pages + r->pages <= r->d->max_pages;

	if (r->d && (r->d->dying || !fits)) {
		s->free[node] += r->pages;
		return false;
	}
	if (r->refcounted)
		r->d->pages += r->pages;
	return true;
}
