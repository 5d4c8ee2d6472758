# SPDX-License-Identifier: GPL-2.0-only
trace_select := tracepoints/select.c tracepoints/catalog.c

PROGS += claimperf-record
claimperf-record.src := tracepoints/record.c tracepoints/record_size.c tracepoints/record_lab.c tracepoints/recording.c \
	tracepoints/command.c tracepoints/rates.c tracepoints/tbuf_size.c \
	tracepoints/filter.c tracepoints/queue.c tracepoints/sink.c bench/tbufs.c \
	$(trace_select) tracepoints/select_option.c lib/msg.c lib/options.c lib/parse.c
claimperf-record.ldlibs := -lxencall -lxenforeignmemory -lxenevtchn -lzstd

UNITS += test_select
test_select.src := tests/unit/test_select.c $(trace_select)

PROGS += trace-load
trace-load.src := tests/trace_load.c bench/xen.c bench/xen_calls.c bench/reserve.c bench/dialect.c bench/claim_call.c lib/parse.c lib/msg.c
trace-load.ldlibs := -lxenctrl -lxencall -lxenforeignmemory

UNITS += test_record
test_record.src := tests/unit/test_record.c tracepoints/rates.c tracepoints/tbuf_size.c tracepoints/filter.c \
	tracepoints/queue.c tracepoints/sink.c $(trace_select)
test_record.ldlibs := -lzstd

# A real trace for benchmarks of the decoder.
.PHONY: trace-1g
trace-1g: bin
	scripts/trace-1g $(BUILD)/trace-1g.xen
