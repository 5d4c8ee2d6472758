/* SPDX-License-Identifier: GPL-2.0-only */
/* A thread is a CPU: its number, its per-CPU variables, what runs on it. */
#include <xen/percpu.h>
#include <xen/preempt.h>
#include <xen/rcupdate.h>
#include <xen/sched.h>
#include <asm/flushtlb.h>

#include "heap.h"

#define PERCPU_BYTES 4096

__thread struct cpu_info host_cpu;
unsigned long __per_cpu_offset[NR_CPUS];
unsigned int nr_cpu_ids = HEAP_MAX_THREADS;
cpumask_t cpu_online_map;
irq_cpustat_t irq_stat[NR_CPUS];
nodeid_t cpu_to_node[NR_CPUS];
cpumask_t node_to_cpumask[MAX_NUMNODES];

DEFINE_PER_CPU(unsigned int, __preempt_count);
DEFINE_PER_CPU(unsigned int, rcu_lock_cnt);
DEFINE_PER_CPU(u32, tlbflush_time);
DEFINE_PER_CPU(cpumask_var_t, cpu_sibling_mask);

extern char __start_xen_percpu[], __stop_xen_percpu[];

static char percpu[HEAP_MAX_THREADS][PERCPU_BYTES] __aligned(PERCPU_BYTES);
static struct domain xen_domain;
static struct vcpu running_vcpu = {.domain = &xen_domain};
static bool taken[HEAP_MAX_THREADS];

static unsigned int nodes = 1, cpus_of_node = 1;

void place_cpus(unsigned int nr_nodes, unsigned int node_cpus)
{
	unsigned int cpu;

	nodes = nr_nodes;
	cpus_of_node = node_cpus ?: 1;
	/* Of all, as they look at each other's. */
	BUG_ON(__stop_xen_percpu - __start_xen_percpu > PERCPU_BYTES);
	for (cpu = 0; cpu < HEAP_MAX_THREADS; cpu++)
		__per_cpu_offset[cpu] = percpu[cpu] - __start_xen_percpu;
}

void heap_enter_thread(void)
{
	unsigned int cpu = 0;

	while (cpu < HEAP_MAX_THREADS && !__sync_bool_compare_and_swap(&taken[cpu], false, true))
		cpu++;
	if (cpu == HEAP_MAX_THREADS)
		host_abort("more than %d threads", HEAP_MAX_THREADS);

	host_cpu.processor_id = cpu;
	host_cpu.per_cpu_offset = __per_cpu_offset[cpu];
	host_cpu.current_vcpu = &running_vcpu;
	cpu_to_node[cpu] = cpu / cpus_of_node % nodes;
	cpumask_set_cpu(cpu, &node_to_cpumask[cpu_to_node[cpu]]);
	cpumask_set_cpu(cpu, &cpu_online_map);
}

void heap_leave_thread(void)
{
	unsigned int cpu = host_cpu.processor_id;

	cpumask_clear_cpu(cpu, &cpu_online_map);
	__sync_lock_release(&taken[cpu]);
}
