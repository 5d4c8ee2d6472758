# SPDX-License-Identifier: GPL-2.0-only
# claimperf trace export, and what follows claims and pages through a trace.
trace_pages := tracepoints/pages.c tracepoints/holdings.c
# read after build.mk
claimperf-trace.src += $(addprefix tracepoints/,trace_export.c export.c export_rows.c export_filter.c export_sink.c tracks.c \
	slices.c marks.c perfetto.c event_json.c trace_claims.c claims.c claims_print.c trace_timeline.c timeline.c) $(trace_pages)

UNITS += test_claims test_tracks
test_claims.src := tests/unit/test_claims.c tracepoints/claims.c tracepoints/claims_print.c $(trace_pages) \
	$(trace_reader) tracepoints/catalog.c
test_tracks.src := tests/unit/test_tracks.c tracepoints/marks.c
