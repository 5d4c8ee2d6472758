/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What bears upon measured times on a real host, and what a run there changes: pinning and tracing.
 * Nothing of libxen* shows here. Functions return 0 or -errno.
 */
#ifndef BENCH_MACHINE_STATE_H
#define BENCH_MACHINE_STATE_H

#include <stdbool.h>

#include "bench/run_lock.h"

struct machine;

enum machine_answer { MACHINE_UNKNOWN, MACHINE_NO, MACHINE_YES };

/* How the hypervisor was built. */
struct machine_build {
	enum machine_answer debug, lock_profile, counters;
};

/* Power management of a CPU, as the hypervisor does it. */
struct machine_power {
	char governor[16]; /* empty: it does not scale frequencies */
	bool turbo;
	unsigned int deepest_idle; /* number of the deepest idle state it may enter; 0: none known */
};

/* A vCPU of dom0, and the CPU to keep it on. */
struct machine_pin {
	unsigned int vcpu, cpu;
	char affinity[RUN_LOCK_MASK + 1]; /* as it is now, see run_lock.h */
};

int machine_open(struct machine **out);
void machine_close(struct machine *m); /* NULL is fine */

void machine_read_build(struct machine_build *build);
void machine_read_power(struct machine *m, unsigned int cpu, struct machine_power *power);

/*
 * The last vCPU, which has the fewest interrupts to serve, on the CPU of its number; on the one that
 * it is on, if it may not run there.
 */
int machine_find_pin(struct machine *m, struct machine_pin *pin);

/* Keep the vCPU there, and this process on that vCPU. */
int machine_pin(struct machine *m, const struct machine_pin *pin);

/* -EINVAL: not such a text. */
int machine_set_affinity(struct machine *m, unsigned int vcpu, const char *affinity);
int machine_stop_tracing(struct machine *m);

#endif
