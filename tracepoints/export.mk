# SPDX-License-Identifier: GPL-2.0-only
# claimperf trace export, and what follows claims and pages through a trace.
trace_pages := tracepoints/pages.c tracepoints/holdings.c
# read after build.mk
claimperf-trace.src += $(addprefix tracepoints/,trace_export.c export.c export_rows.c export_filter.c export_sink.c tracks.c \
	slices.c marks.c perfetto.c trace_event.c select.c) $(trace_pages) lib/parse.c
