# SPDX-License-Identifier: GPL-2.0-only
# The QEMU plugins: one counts instructions per hypervisor function, one follows functions and a lock.
plugin_common := tracepoints/symbols.c tracepoints/embedded.c tracepoints/counters.c tracepoints/markers.c

PLUGINS += insncount probe
insncount.src := tracepoints/insncount.c $(plugin_common)
probe.src := tracepoints/probe.c tracepoints/probe_functions.c tracepoints/probe_lock.c tracepoints/probe_translate.c \
	tracepoints/probe_write.c tracepoints/probe_select.c $(plugin_common) lib/hist.c
# QEMU exports 19,000 names of its own; none may take the place of ours.
$(BUILD)/lib/insncount.so $(BUILD)/lib/probe.so: CFLAGS += -fvisibility=hidden

UNITS += test_symbols test_probe_select
test_probe_select.src := tests/unit/test_probe_select.c tracepoints/probe_select.c tracepoints/symbols.c tracepoints/embedded.c
test_symbols.src := tests/unit/test_symbols.c tracepoints/symbols.c tracepoints/embedded.c

# Runs in dom0 for tests/profile.sh and tests/probe.sh.
PROGS += marker
marker.src := tests/marker.c
