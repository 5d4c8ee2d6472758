/* SPDX-License-Identifier: GPL-2.0-only */
/* Where scenarios are played: a hypervisor, from its dom0; or its allocator, in this process. */
#ifndef BENCH_SCENARIO_TARGET_H
#define BENCH_SCENARIO_TARGET_H

#include <argp.h>
#include <stdint.h>

#include "bench/xen.h"

extern const char target_doc[];
/* Its options; NULL ends them. Inputs are set by target_set_inputs(). */
extern const struct argp_child target_children[];
void target_set_inputs(struct argp_state *state);

/*
 * After the options. Ends the program when it cannot run here. From then on a signal sets
 * guests_stopped, or ends it where nothing would stay behind.
 */
void target_start(void);

/* Pages that no scenario gets. */
uint64_t target_reserve(void);

/* Before the first domain: 0, or -1 after saying why nothing may start. After the last: 0, or -1. */
int target_begin(struct xen *xen);
int target_end(void);

/* Around the life of a thread that uses it. */
void target_enter_thread(void);
void target_leave_thread(void);

/* How many builders there are, unless more are asked for; how many domains there can be. */
extern const unsigned int target_builders;
extern const unsigned int target_max_domains;
/* Ends the program when there cannot be that many builders here. */
void target_check_builders(unsigned int builders);

/* Whose CPU time it takes, for people. */
extern const char target_cpu_time[];

#endif
