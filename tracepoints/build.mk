# SPDX-License-Identifier: GPL-2.0-only
trace_reader := $(addprefix tracepoints/,reader.c windows.c merge.c file.c unpack.c)
trace_pairs := tracepoints/pairs.c tracepoints/pairs_table.c
trace_summary := $(addprefix tracepoints/,summary.c summary_calls.c sections.c sections_group.c waits.c metrics.c)
trace_lib := $(trace_reader) tracepoints/catalog.c $(trace_pairs) $(trace_summary) lib/hist.c
trace_json := tracepoints/summary_json.c tracepoints/locks_json.c
trace_print := tracepoints/print.c tracepoints/print_locks.c tracepoints/json.c $(trace_json) tracepoints/dump.c

PROGS += claimperf-trace gen-events gen-trace
trace_commands := tracepoints/trace_summary.c tracepoints/trace_dump.c
claimperf-trace.src := tracepoints/trace.c $(trace_commands) $(trace_print) $(trace_lib) lib/msg.c lib/options.c lib/parse.c
claimperf-trace.ldlibs := -ljansson
gen-trace.src := tracepoints/gen_trace.c lib/msg.c lib/parse.c
gen-events.src := tracepoints/gen_events.c tracepoints/catalog.c

UNITS += test_trace_reader test_trace_summary test_trace_waits test_trace_pairs
test_trace_reader.src := tests/unit/test_trace_reader.c $(trace_reader)
test_trace_summary.src := tests/unit/test_trace_summary.c $(trace_lib)
test_trace_waits.src := tests/unit/test_trace_waits.c tracepoints/waits.c
test_trace_pairs.src := tests/unit/test_trace_pairs.c $(trace_pairs) $(trace_reader) tracepoints/catalog.c

# docs/events.md says what events.h says; tests/tracepoints.sh compares.
.PHONY: events
events: $(BUILD)/bin/gen-events
	$< >docs/events.md

PROGS += trace-job
trace-job.src := tests/trace_job.c tests/lab_job.c bench/claim_call.c lib/parse.c lib/msg.c
trace-job.ldlibs := -lxenctrl -lxencall
