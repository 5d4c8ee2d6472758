# SPDX-License-Identifier: GPL-2.0-only
PROGS += claimperf-report claimperf-trace-plot claimperf-plan-page
plots_mains := plots/main.c plots/trace_plot.c plots/plan_page.c
# '=': compare_library is set by results/build.mk, which is read later
plots_src = $(filter-out $(plots_mains),$(wildcard plots/*.c)) lib/hist.c $(compare_library)
claimperf-report.src = plots/main.c $(plots_src)
claimperf-report.ldlibs := -ljansson -lm
claimperf-trace-plot.src = plots/trace_plot.c lib/options.c $(plots_src)
claimperf-trace-plot.ldlibs := -ljansson -lm
claimperf-plan-page.src = plots/plan_page.c lib/options.c $(plots_src)
claimperf-plan-page.ldlibs := -ljansson -lm
