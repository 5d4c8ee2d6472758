# SPDX-License-Identifier: GPL-2.0-only
trace_select := tracepoints/select.c tracepoints/catalog.c

UNITS += test_select
test_select.src := tests/unit/test_select.c $(trace_select)
