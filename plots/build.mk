# SPDX-License-Identifier: GPL-2.0-only
PROGS += claimperf-report claimperf-trace-plot claimperf-history-page
plots_mains := plots/main.c plots/trace_plot.c plots/history_page.c
# What reads the history
plots_history := $(addprefix plots/,series.c series_changes.c nights_chart.c history_sections.c history_summary.c)
# '=': compare_library is set by results/build.mk, which is read later
plots_src = $(filter-out $(plots_mains) $(plots_history),$(wildcard plots/*.c)) lib/hist.c $(compare_library)
claimperf-report.src = plots/main.c $(plots_src)
claimperf-report.ldlibs := -ljansson -lm
claimperf-trace-plot.src = plots/trace_plot.c lib/options.c $(plots_src)
claimperf-trace-plot.ldlibs := -ljansson -lm
claimperf-history-page.src = plots/history_page.c $(plots_history) $(addprefix plots/,page.c html.c folders.c verdict_mark.c) \
	results/history_options.c results/changes.c results/energy.c results/boot.c lib/options.c $(history_library)
claimperf-history-page.ldlibs = $(history_ldlibs)
