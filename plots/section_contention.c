// SPDX-License-Identifier: GPL-2.0-only
/* Threads on one heap: throughput, and how long heap_lock was waited for and held. */
#include "plots/report.h"

void section_contention(struct report *report)
{
	(void)report;
}
