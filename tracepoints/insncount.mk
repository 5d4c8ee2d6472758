# SPDX-License-Identifier: GPL-2.0-only
# The QEMU plugin that counts instructions per hypervisor function.
PLUGINS += insncount
insncount.src := tracepoints/insncount.c tracepoints/symbols.c
# QEMU exports 19,000 names of its own; none may take the place of ours.
$(BUILD)/lib/insncount.so: CFLAGS += -fvisibility=hidden

UNITS += test_symbols
test_symbols.src := tests/unit/test_symbols.c tracepoints/symbols.c

# Runs in dom0 for tests/profile.sh.
PROGS += marker
marker.src := tests/marker.c
