// SPDX-License-Identifier: GPL-2.0-only
#include "bench/dialect.h"

#include <errno.h>
#include <string.h>

#define V8_GET 92
#define NO_NODE 0xffffffffu /* nor any other target */

static const struct dialect none = {.name = "none"};
static const struct dialect legacy = {.name = "legacy", .legacy = true};
static const struct dialect v6 = {.name = "v6", .legacy = true, .set = CLAIM_DOMCTL};
static const struct dialect v7 = {
	.name = "v7",
	.legacy = true,
	.set = CLAIM_DOMCTL,
	.get = CLAIM_DOMCTL,
	.get_mode = 1,
	.too_small = ERANGE,
};
static const struct dialect v8 = {
	.name = "v8",
	.legacy = true,
	.set = CLAIM_DOMCTL,
	.get = V8_GET,
	.too_small = ENOBUFS,
	.needs_pause = true,
	.empty_releases = true,
};

/* Has, or may not be used: unknown domctls end up with the IOMMU code, which has its own words. */
static bool is_missing(int rc)
{
	return rc == -ENOSYS || rc == -EOPNOTSUPP || rc == -ENODEV || rc == -EPERM ||
	       rc == -EACCES;
}

/* One entry that no set may have, sent to dom0 as if by dialect d's get. */
static int try_get(const struct dialect *d, struct claim_call *call)
{
	const struct claim_entry bad = {.pages = 0, .target = NO_NODE};

	claim_call_prepare_op(call, d->get, 0, d->get_mode, &bad, 1);
	return claim_call_issue(call);
}

static bool has_legacy(struct claim_call *call)
{
	claim_legacy_prepare(call, 0, 0);
	claim_legacy_spoil(call);
	return claim_legacy_issue(call) != -ENOSYS;
}

/*
 * The get of v7 is refused by v6, for its mode is a pad there, and cannot be a set of v8's, because
 * of its entry. To these two the number of v8's get tells them apart.
 */
const struct dialect *dialect_probe(struct claim_call *call)
{
	int rc = try_get(&v7, call);

	if (!rc || rc == -v7.too_small)
		return &v7;
	if (!is_missing(rc)) {
		int get = try_get(&v8, call);

		if (!get || get == -v8.too_small)
			return &v8;
		if (rc == -EINVAL && is_missing(get))
			return &v6;
	}
	return has_legacy(call) ? &legacy : &none;
}

int dialect_prepare_set(const struct dialect *d, struct claim_call *call, uint32_t domid,
			const struct claim_entry *entries, size_t n)
{
	const struct claim_entry release = {.pages = 0, .target = CLAIM_TARGET_HOST};
	struct claim_entry some[CLAIM_MAX_ENTRIES];
	size_t count = 0;

	if (!d->set)
		return -EOPNOTSUPP;
	if (n > CLAIM_MAX_ENTRIES)
		return -E2BIG;
	for (size_t i = 0; i < n; i++)
		if (entries[i].pages || !d->empty_releases)
			some[count++] = entries[i];
	if (!count && !d->empty_releases)
		some[count++] = release;
	return claim_call_prepare_op(call, d->set, domid, 0, some, count);
}

int dialect_release(const struct dialect *d, struct claim_call *call, uint32_t domid)
{
	int rc = dialect_prepare_set(d, call, domid, NULL, 0);

	if (rc != -EOPNOTSUPP)
		return rc ? rc : claim_call_issue(call);
	if (!d->legacy)
		return 0;
	claim_legacy_prepare(call, domid, 0);
	return claim_legacy_issue(call);
}

int dialect_get(const struct dialect *d, struct claim_call *call, uint32_t domid,
		struct claim_entry *entries, size_t *n)
{
	int rc;

	if (!d->get)
		return -EOPNOTSUPP;
	rc = claim_call_prepare_op(call, d->get, domid, d->get_mode, NULL, *n);
	if (!rc)
		rc = claim_call_issue(call);
	if (rc == -d->too_small)
		rc = -ENOBUFS;
	if (rc && rc != -ENOBUFS)
		return rc;
	if (!rc && claim_call_payload(call)->nr_claims > *n)
		return -EPROTO;
	*n = claim_call_payload(call)->nr_claims;
	if (!rc && *n)
		memcpy(entries, claim_call_entries(call), *n * sizeof(*entries));
	return rc;
}
