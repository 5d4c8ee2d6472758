# SPDX-License-Identifier: GPL-2.0-only
# Xen's allocator in threads, traced.
PROGS += host-trace-job
host-trace-job.src := tests/host_trace.c bench/heap_library.c lib/msg.c lib/parse.c
host-trace-job.ldflags := -no-pie
host-trace-job.ldlibs := -ldl -lpthread
