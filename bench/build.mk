# SPDX-License-Identifier: GPL-2.0-only
PROGS += claimperf-dombench claimperf-bench
bench_cases := bench/case_populate.c bench/case_claim.c bench/case_refused.c
claimperf-dombench.src := bench/dombench.c bench/run.c bench/watch.c bench/result.c bench/bench.c \
	bench/heap.c $(bench_cases) bench/xen.c bench/dialect.c bench/claim_call.c lib/msg.c lib/parse.c
claimperf-dombench.ldlibs := -lxenctrl -lxencall -ljansson

claimperf-bench.src := bench/main.c bench/lab.c bench/dom0.c bench/jobs.c bench/merge.c \
	bench/plan.c bench/result.c lib/msg.c lib/parse.c
claimperf-bench.ldlibs := -ljansson

UNITS += test_bench
test_bench.src := tests/unit/test_bench.c bench/merge.c bench/plan.c bench/result.c
test_bench.ldlibs := -ljansson

UNITS += test_dialect
test_dialect.src := tests/unit/test_dialect.c bench/dialect.c bench/claim_call.c

# What a C program needs for Google Benchmark (bench/gbench.h); bench/calibrate.c is extra.
gbench_src := bench/gbench.cc
gbench_ldlibs := -lbenchmark -lstdc++
