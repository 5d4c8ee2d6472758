// SPDX-License-Identifier: GPL-2.0-only
#include "tracepoints/markers.h"

#include <string.h>

#include "tracepoints/counters.h"

#define MARKER_SIZE 7
/* nopl 0x434c5001(%rax), and …2, …3; user space only */
static const unsigned char marker_bytes[MARKERS][MARKER_SIZE] = {
	[MARKER_BEGIN] = {0x0f, 0x1f, 0x80, 0x01, 0x50, 0x4c, 0x43},
	[MARKER_END] = {0x0f, 0x1f, 0x80, 0x02, 0x50, 0x4c, 0x43},
	[MARKER_SECTION] = {0x0f, 0x1f, 0x80, 0x03, 0x50, 0x4c, 0x43},
};

enum marker find_marker(const struct qemu_plugin_insn *insn)
{
	unsigned char bytes[MARKER_SIZE];
	enum marker marker = NO_MARKER;

	if (qemu_plugin_insn_vaddr(insn) >= USER_END || qemu_plugin_insn_size(insn) != MARKER_SIZE)
		return NO_MARKER;
	copy_insn(insn, bytes, sizeof(bytes));
	for (marker = 0; marker < MARKERS; marker++)
		if (!memcmp(bytes, marker_bytes[marker], MARKER_SIZE))
			break;
	return marker;
}
