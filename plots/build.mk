# SPDX-License-Identifier: GPL-2.0-only
PROGS += claimperf-report
# '=': compare_library is set by results/build.mk, which is read later
claimperf-report.src = $(wildcard plots/*.c) lib/hist.c $(compare_library)
claimperf-report.ldlibs := -ljansson -lm
