/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef BENCH_HEAP_DESCRIBE_H
#define BENCH_HEAP_DESCRIBE_H

#include <jansson.h>

#include "bench/heap_options.h"

/* What must be equal for results to compare, beside the hypervisor; of a heap that was booted. */
json_t *heap_describe(const struct heap_options *o);

#endif
