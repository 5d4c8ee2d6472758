/* SPDX-License-Identifier: GPL-2.0-only */
/* The instructions by which a guest program opens and closes windows and starts sections. */
#ifndef TRACEPOINTS_MARKERS_H
#define TRACEPOINTS_MARKERS_H

#include "tracepoints/qemu_plugin.h"

#define USER_END 0x0000800000000000ull	/* end of the lower canonical half */
#define XEN_START 0xffff800000000000ull /* PV guests leave this range to Xen */
#define XEN_END 0xffff880000000000ull

enum marker { MARKER_BEGIN, MARKER_END, MARKER_SECTION, MARKERS, NO_MARKER = MARKERS };

enum marker find_marker(const struct qemu_plugin_insn *insn);

#endif
