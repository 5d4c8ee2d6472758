/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef TESTS_STRESS_DOMAINS_H
#define TESTS_STRESS_DOMAINS_H

#include <xenctrl.h>

#include "tests/stress/stress.h"

#define NO_LIMIT (1ull << 31) /* pages: more than any host has */

/* A domain without a limit on its pages. Returns 0 or -errno. */
int create_domain(xc_interface *xc, bool hvm, uint32_t *domid);

/*
 * Have HVM domains ready: Xen 4.17 crashes if memory runs out at the wrong moment of creating one
 * (p2m_init() frees the host's p2m before the nested ones, which are on a list of it).
 */
int fill_stock(xc_interface *xc, struct world *world);

#endif
