// SPDX-License-Identifier: GPL-2.0-only
#include "bench/heap_describe.h"

json_t *heap_describe(const struct heap_options *o)
{
	unsigned int cpus = o->host.config.node_cpus;

	return json_pack("{s:I, s:i, s:s}", "node_memory", (json_int_t)o->node_bytes, "node_cpus",
			 cpus ? (int)cpus : 1, "history", heap_history_name(o->host.history));
}
