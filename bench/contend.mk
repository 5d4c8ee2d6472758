# SPDX-License-Identifier: GPL-2.0-only
# Threads on one heap. Names of other folders' lists are expanded late: make reads them later.
PROGS += claimperf-contend
claimperf-contend.src = bench/contend.c bench/contend_cases.c bench/contend_run.c bench/contend_trace.c \
	bench/contend_result.c bench/watch_host.c bench/heap_describe.c bench/heap_options.c bench/xen_host.c bench/heap_library.c \
	bench/callgrind.c bench/counters.c $(trace_json) $(gbench_src) $(trace_lib) $(bench_common)
claimperf-contend.ldflags := -no-pie
claimperf-contend.ldlibs = $(gbench_ldlibs) -ljansson -ldl -lpthread
