# SPDX-License-Identifier: GPL-2.0-only
trace_reader := $(addprefix tracepoints/,reader.c next.c windows.c merge.c file.c skew.c skew_windows.c skew_lock.c) lib/pack.c lib/sha256.c
trace_pairs := tracepoints/pairs.c tracepoints/pairs_table.c
trace_summary := $(addprefix tracepoints/,summary.c select.c summary_calls.c sections.c sections_group.c waits.c metrics.c)
trace_lib := $(trace_reader) tracepoints/catalog.c $(trace_pairs) $(trace_summary) lib/hist.c
trace_json := tracepoints/summary_json.c lib/hist_json.c tracepoints/locks_json.c
trace_print := tracepoints/print.c tracepoints/print_locks.c tracepoints/json.c $(trace_json) tracepoints/dump.c

PROGS += claimperf-trace gen-events gen-trace
trace_diff := tracepoints/diff.c tracepoints/diff_print.c tracepoints/diff_json.c tracepoints/origin.c \
	results/paired_print.c $(paired_library) results/verdict.c results/fingerprint.c
trace_commands := tracepoints/trace_summary.c tracepoints/trace_dump.c tracepoints/trace_diff.c tracepoints/by.c \
	$(trace_diff)
claimperf-trace.src := tracepoints/trace.c $(trace_commands) $(trace_print) $(trace_lib) tracepoints/select_option.c lib/msg.c lib/options.c lib/parse.c
claimperf-trace.ldlibs := -ljansson -lm
gen-trace.src := tracepoints/gen_trace.c lib/msg.c lib/parse.c
gen-events.src := tracepoints/gen_events.c tracepoints/catalog.c

UNITS += test_trace_reader test_trace_summary test_trace_waits test_trace_pairs test_trace_diff test_trace_print
test_trace_reader.src := tests/unit/test_trace_reader.c $(trace_reader)
test_trace_summary.src := tests/unit/test_trace_summary.c $(trace_lib)
test_trace_waits.src := tests/unit/test_trace_waits.c tracepoints/waits.c
test_trace_pairs.src := tests/unit/test_trace_pairs.c $(trace_pairs) $(trace_reader) tracepoints/catalog.c

test_trace_diff.src := tests/unit/test_trace_diff.c tracepoints/diff.c $(paired_library) results/verdict.c $(trace_lib)
test_trace_diff.ldlibs := -lm
test_trace_print.src := tests/unit/test_trace_print.c $(trace_diff) $(trace_print) $(trace_lib)
test_trace_print.ldlibs := -ljansson -lm

# docs/events.md says what events.h says; tests/tracepoints.sh compares.
.PHONY: events
events: $(BUILD)/bin/gen-events
	$< >docs/events.md
	$< --formats >docs/formats

PROGS += trace-job
trace-job.src := tests/trace_job.c tests/lab_job.c bench/claim_call.c lib/parse.c lib/msg.c
trace-job.ldlibs := -lxenctrl -lxencall

UNITS += test_trace_merge test_trace_file test_trace_skew
test_trace_file.src := tests/unit/test_trace_file.c $(trace_reader)
test_trace_skew.src := tests/unit/test_trace_skew.c $(trace_reader)
test_trace_merge.src := tests/unit/test_trace_merge.c $(trace_reader)
