/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef BENCH_HOST_MACHINE_H
#define BENCH_HOST_MACHINE_H

/* Domain structures go to the HEAP_MAX_DOMAINS frames from here on. */
void place_domains(unsigned long frame);
/* Where threads run that enter from now on. */
void place_cpus(unsigned int nodes, unsigned int node_cpus);
/* Of the frames in use that one call of init_boot_pages() gave, whose page_info says free already.
 */
void start_sparse(void);
unsigned int count_nodes(void);

#endif
