# SPDX-License-Identifier: GPL-2.0-only
PROGS += claimperf-dombench claimperf-bench claimperf-probe-effect
claimperf-probe-effect.src := bench/probe_effect.c bench/claim_call.c lib/msg.c
claimperf-probe-effect.ldlibs := -lxenctrl -lxencall -lxenforeignmemory
bench_common := bench/session.c bench/journal.c bench/run.c bench/leaks.c bench/watch.c bench/watch_perf.c bench/perf_record.c bench/kprobes.c bench/result.c bench/bench.c bench/branch.c bench/plan.c bench/heap.c \
	bench/history.c bench/stake.c bench/populate_points.c $(addprefix bench/case_,populate.c claim.c refused.c free.c balloon.c destroy.c exchange.c \
	claim_refused.c info.c calibrate.c) lib/msg.c lib/options.c lib/parse.c
# What asks the Xen that it runs on.
xen_src := bench/xen.c bench/xen_calls.c bench/reserve.c bench/dialect.c bench/claim_call.c
# What a run on a real dom0 must heed.
safe_src := bench/safe_run.c bench/safety.c bench/guard.c bench/run_lock.c bench/machine_state.c
safe_ldlibs := -lxenhypfs
xen_ldlibs := -lxenctrl -lxencall -lxenforeignmemory
claimperf-dombench.src := bench/dombench.c bench/document.c bench/prove.c bench/proof.c bench/tbufs.c bench/merge.c $(xen_src) \
	bench/safe_cases.c bench/dry_run.c bench/safety_options.c $(safe_src) $(bench_common)
claimperf-dombench.ldlibs := $(xen_ldlibs) -lxenevtchn $(safe_ldlibs) -ljansson

# docs/benchmarks.md says what the cases say; tests/benchmarks.sh compares.
.PHONY: benchmarks-doc
benchmarks-doc: $(BUILD)/bin/claimperf-dombench
	$< --markdown >docs/benchmarks.md

claimperf-bench.src := bench/main.c bench/places.c bench/build.c bench/lab.c bench/lab_probe.c bench/perf_result.c bench/perf_read.c bench/perf_stat.c bench/shares.c bench/dom0.c bench/host.c bench/host_threads.c \
	bench/contend_cases.c bench/jobs.c bench/progress.c bench/unfinished.c bench/merge.c bench/harness.c bench/plan.c bench/result.c bench/safety_options.c lib/msg.c lib/options.c lib/parse.c \
	tracepoints/probe_select.c tracepoints/symbols.c tracepoints/embedded.c
claimperf-bench.ldlibs := -ljansson

UNITS += test_bench
test_bench.src := tests/unit/test_bench.c bench/harness.c bench/merge.c bench/plan.c bench/result.c
test_bench.ldlibs := -ljansson

UNITS += test_perf
test_perf.src := tests/unit/test_perf.c bench/perf_read.c bench/perf_stat.c bench/shares.c bench/kprobes.c bench/watch.c \
	bench/watch_perf.c lib/parse.c
test_perf.ldlibs := -ljansson

UNITS += test_guard
test_guard.src := tests/unit/test_guard.c bench/guard.c bench/run_lock.c
test_guard.ldlibs := -ljansson

UNITS += test_safety
test_safety.src := tests/unit/test_safety.c bench/safety.c bench/reserve.c
test_safety.ldlibs := -ljansson

UNITS += test_proof
test_proof.src := tests/unit/test_proof.c bench/proof.c bench/branch.c
test_proof.ldlibs := -ljansson

UNITS += test_leaks
test_leaks.src := tests/unit/test_leaks.c bench/leaks.c

UNITS += test_resume
test_resume.src := tests/unit/test_resume.c bench/journal.c bench/progress.c bench/jobs.c lib/msg.c
test_resume.ldlibs := -ljansson

UNITS += test_dialect
test_dialect.src := tests/unit/test_dialect.c bench/dialect.c bench/claim_call.c

# What a C program needs for Google Benchmark (bench/gbench.h); bench/calibrate.c is extra.
gbench_src := bench/gbench.cc
gbench_ldlibs := -lbenchmark -lstdc++

PROGS += claimperf-hostbench
claimperf-hostbench.src := bench/hostbench.c bench/watch_host.c bench/heap_describe.c bench/heap_options.c \
	bench/host_count.c bench/host_time.c bench/xen_host.c bench/heap_library.c bench/callgrind.c \
	bench/counters.c bench/calibrate.c $(gbench_src) $(bench_common)
claimperf-hostbench.ldflags := -no-pie
claimperf-hostbench.ldlibs := $(gbench_ldlibs) -ljansson

PROGS += claimperf-scenario
claimperf-scenario.src := bench/scenario.c bench/scenarios.c bench/heap_options.c bench/xen_host.c \
	bench/heap_library.c bench/callgrind.c bench/counters.c lib/msg.c lib/options.c lib/parse.c
claimperf-scenario.ldflags := -no-pie
