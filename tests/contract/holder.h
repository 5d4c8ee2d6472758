/* SPDX-License-Identifier: GPL-2.0-only */
/* A domain which holds claims on the host and on nodes, for calls that must not change them. */
#ifndef TESTS_CONTRACT_HOLDER_H
#define TESTS_CONTRACT_HOLDER_H

#include "tests/contract/tap.h"

struct holder {
	struct machine *m;
	uint32_t domid;
	struct holding held;
};

#define HOLDER_MAX_PAGES 100000

/* It has no pages, and max_pages is the above. */
struct holder must_create_holder(struct machine *m);

/* rc is the error, and the claims are as before. */
void check_refused(struct holder *h, int rc, int error, const char *why);

#define REFUSED(h, error, why, ...)                                                                \
	check_refused(h, SET((h)->m, (h)->domid, __VA_ARGS__), error, why)

#endif
