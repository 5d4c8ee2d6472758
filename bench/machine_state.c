// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xenctrl.h>
#include <xenhypfs.h>

#include "bench/machine_state.h"
#include "bench/xen_compat.h"

#define DOM0 0
#define CONFIGURATION "/buildinfo/config"

struct machine {
	xc_interface *xc;
	xc_cpumap_t map;
	size_t map_bytes;
};

int machine_open(struct machine **out)
{
	struct machine *m = calloc(1, sizeof(*m));
	int bytes;

	if (!m)
		return -ENOMEM;
	m->xc = xc_interface_open(NULL, NULL, 0);
	if (!m->xc) {
		free(m);
		return -ENODEV;
	}
	bytes = xc_get_cpumap_size(m->xc);
	m->map = bytes > 0 ? xc_cpumap_alloc(m->xc) : NULL;
	if (!m->map || 2 * bytes > RUN_LOCK_MASK) {
		machine_close(m);
		return -ENOMEM;
	}
	m->map_bytes = (size_t)bytes;
	*out = m;
	return 0;
}

void machine_close(struct machine *m)
{
	if (!m)
		return;
	free(m->map);
	xc_interface_close(m->xc);
	free(m);
}

/* In the text of a .config, where what is off is a comment. */
static enum machine_answer is_set(const char *configuration, const char *line)
{
	size_t length = strlen(line);

	for (const char *at = configuration; at; at = strchr(at, '\n')) {
		at += *at == '\n';
		if (!strncmp(at, line, length) && (!at[length] || at[length] == '\n'))
			return MACHINE_YES;
	}
	return MACHINE_NO;
}

void machine_read_build(struct machine_build *build)
{
	xenhypfs_handle *hypfs = xenhypfs_open(NULL, 0);
	char *text = hypfs ? xenhypfs_read(hypfs, CONFIGURATION) : NULL;

	*build = (struct machine_build){MACHINE_UNKNOWN, MACHINE_UNKNOWN, MACHINE_UNKNOWN};
	if (text) {
		build->debug = is_set(text, "CONFIG_DEBUG=y");
		build->lock_profile = is_set(text, "CONFIG_DEBUG_LOCK_PROFILE=y");
		build->counters = is_set(text, "CONFIG_PERF_COUNTERS=y");
	}
	free(text);
	if (hypfs)
		xenhypfs_close(hypfs);
}

/* The first call tells how many there are of each list, none of which matters here. */
static int read_frequency(struct machine *m, int cpu, struct xc_get_cpufreq_para *para)
{
	int rc;

	memset(para, 0, sizeof(*para));
	if (xc_get_cpufreq_para(m->xc, cpu, para) != -EAGAIN)
		return -ENODEV;
	para->affected_cpus = calloc(para->cpu_num, sizeof(*para->affected_cpus));
	para->scaling_available_frequencies =
		calloc(para->freq_num, sizeof(*para->scaling_available_frequencies));
	para->scaling_available_governors = calloc(para->gov_num, CPUFREQ_NAME_LEN);
	rc = xc_get_cpufreq_para(m->xc, cpu, para);
	free(para->affected_cpus);
	free(para->scaling_available_frequencies);
	free(para->scaling_available_governors);
	return rc ? -ENODEV : 0;
}

/* How deep the CPU can sleep, and how deep it may. State 0 is to run, 1 merely to halt. */
static unsigned int read_idle(struct machine *m, int cpu)
{
	uint32_t may = 0;
	int states = 0;

	if (xc_pm_get_max_cx(m->xc, cpu, &states) || states < 1 ||
	    xc_get_cpuidle_max_cstate(m->xc, &may))
		return 0;
	return may < (unsigned int)states - 1 ? may : (unsigned int)states - 1;
}

/* A CPU that governs itself has none, and other figures in its place. */
static const char *find_governor(const struct xc_get_cpufreq_para *para)
{
#ifdef XEN_HWP_DRIVER_NAME
	if (!strcmp(para->scaling_driver, XEN_HWP_DRIVER_NAME))
		return XEN_HWP_DRIVER_NAME;
#endif
	return para->SCALING_GOVERNOR;
}

void machine_read_power(struct machine *m, unsigned int cpu, struct machine_power *power)
{
	struct xc_get_cpufreq_para para;

	*power = (struct machine_power){.deepest_idle = read_idle(m, (int)cpu)};
	if (read_frequency(m, (int)cpu, &para))
		return;
	snprintf(power->governor, sizeof(power->governor), "%.*s", CPUFREQ_NAME_LEN - 1,
		 find_governor(&para));
	power->turbo = para.turbo_enabled;
}

static void print_map(const struct machine *m, char text[RUN_LOCK_MASK + 1])
{
	for (size_t i = 0; i < m->map_bytes; i++)
		sprintf(text + 2 * i, "%02x", m->map[i]);
}

static int parse_map(struct machine *m, const char *text)
{
	if (strlen(text) != 2 * m->map_bytes)
		return -EINVAL;
	for (size_t i = 0; i < m->map_bytes; i++) {
		int end = 0;
		unsigned int byte;

		if (sscanf(text + 2 * i, "%2x%n", &byte, &end) != 1 || end != 2)
			return -EINVAL;
		m->map[i] = (uint8_t)byte;
	}
	return 0;
}

/* The same after each boot, if it may be: results of several boots are compared. */
static unsigned int choose_cpu(const struct machine *m, unsigned int vcpu, unsigned int now)
{
	xc_physinfo_t info;

	if (xc_physinfo(m->xc, &info) || vcpu >= info.nr_cpus)
		return now;
	return m->map[vcpu / 8] >> vcpu % 8 & 1 ? vcpu : now;
}

int machine_find_pin(struct machine *m, struct machine_pin *pin)
{
	xc_vcpuinfo_t vcpu = {0};
	xc_domaininfo_t dom0;

	if (xc_domain_getinfolist(m->xc, DOM0, 1, &dom0) != 1)
		return -errno;
	*pin = (struct machine_pin){.vcpu = dom0.max_vcpu_id};
	while (xc_vcpu_getinfo(m->xc, DOM0, pin->vcpu, &vcpu) || !vcpu.online)
		if (!pin->vcpu--)
			return -ENOENT;
	if (xc_vcpu_getaffinity(m->xc, DOM0, (int)pin->vcpu, m->map, NULL, XEN_VCPUAFFINITY_HARD))
		return -errno;
	print_map(m, pin->affinity);
	pin->cpu = choose_cpu(m, pin->vcpu, vcpu.cpu);
	return 0;
}

static int set_map(struct machine *m, unsigned int vcpu)
{
	return xc_vcpu_setaffinity(m->xc, DOM0, (int)vcpu, m->map, NULL, XEN_VCPUAFFINITY_HARD) ?
		       -errno :
		       0;
}

int machine_pin(struct machine *m, const struct machine_pin *pin)
{
	cpu_set_t own;
	int rc;

	if (pin->cpu >= 8 * m->map_bytes || pin->vcpu >= CPU_SETSIZE)
		return -E2BIG;
	memset(m->map, 0, m->map_bytes);
	m->map[pin->cpu / 8] = (uint8_t)(1 << pin->cpu % 8);
	rc = set_map(m, pin->vcpu);
	if (rc)
		return rc;
	CPU_ZERO(&own);
	CPU_SET(pin->vcpu, &own);
	return sched_setaffinity(0, sizeof(own), &own) ? -errno : 0;
}

int machine_set_affinity(struct machine *m, unsigned int vcpu, const char *affinity)
{
	int rc = parse_map(m, affinity);

	return rc ? rc : set_map(m, vcpu);
}

int machine_stop_tracing(struct machine *m)
{
	return xc_tbuf_disable(m->xc) ? -errno : 0;
}
