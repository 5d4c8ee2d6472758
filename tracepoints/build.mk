# SPDX-License-Identifier: GPL-2.0-only
trace_lib := tracepoints/reader.c tracepoints/catalog.c tracepoints/summary.c lib/hist.c
trace_print := tracepoints/print.c tracepoints/json.c tracepoints/summary_json.c tracepoints/dump.c

PROGS += claimperf-trace gen-events
claimperf-trace.src := tracepoints/trace.c $(trace_print) $(trace_lib) lib/msg.c
claimperf-trace.ldlibs := -ljansson
gen-events.src := tracepoints/gen_events.c tracepoints/catalog.c

UNITS += test_trace_reader test_trace_summary
test_trace_reader.src := tests/unit/test_trace_reader.c tracepoints/reader.c
test_trace_summary.src := tests/unit/test_trace_summary.c $(trace_lib)

# docs/events.md says what events.h says; tests/tracepoints.sh compares.
.PHONY: events
events: $(BUILD)/bin/gen-events
	$< >docs/events.md
	$< --formats >docs/formats

PROGS += trace-job
trace-job.src := tests/trace_job.c bench/claim_call.c lib/parse.c lib/msg.c
trace-job.ldlibs := -lxenctrl -lxencall
