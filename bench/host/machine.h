/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef BENCH_HOST_MACHINE_H
#define BENCH_HOST_MACHINE_H

/* Domain structures go to the HEAP_MAX_DOMAINS frames from here on. */
void place_domains(unsigned long frame);

#endif
