/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef TESTS_CONTRACT_GUEST_H
#define TESTS_CONTRACT_GUEST_H

/* The reasons to shut down of the guest; Xen's own are small numbers. */
enum guest_reason {
	GUEST_REFUSED = 0x50, /* both calls: EPERM */
	GUEST_SET,	      /* the set went through */
	GUEST_CLAIMED,	      /* the legacy call did */
	GUEST_SURPRISED,      /* another error */
};

#endif
