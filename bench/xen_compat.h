/* SPDX-License-Identifier: GPL-2.0-only */
/* What releases of Xen, from 4.17 on, have by different names: for who includes xenctrl. */
#ifndef BENCH_XEN_COMPAT_H
#define BENCH_XEN_COMPAT_H

#include <xenctrl.h>

/* The ID of a new domain is Xen's to choose. Releases without the name, 4.22 has it, take any that is reserved, or 0. */
#ifndef DOMID_ANY
#define DOMID_ANY 0x7ff5u
#endif

/* Of struct xc_get_cpufreq_para. */
#if XEN_DOMCTL_INTERFACE_VERSION <= 0x15
#define SCALING_GOVERNOR scaling_governor
#elif XEN_SYSCTL_INTERFACE_VERSION <= 0x15
#define SCALING_GOVERNOR u.s.scaling_governor
#else
#define SCALING_GOVERNOR s.scaling_governor
#endif

#endif
