# SPDX-License-Identifier: GPL-2.0-only
PROGS += claimperf-report claimperf-trace-plot claimperf-history-page claimperf-plot claimperf-plan-page
plots_mains := $(addprefix plots/,main.c trace_plot.c history_page.c plot_main.c plan_page.c)
# What reads the history
plots_history := $(addprefix plots/,series.c series_read.c series_changes.c nights_chart.c nights_study.c history_sections.c history_summary.c history_hosts.c plot_history.c)
# '=': compare_library is set by results/build.mk, which is read later
plots_src = $(filter-out $(plots_mains) $(plots_history),$(wildcard plots/*.c)) lib/hist.c $(study_library)
plots_history_src = $(plots_history) results/history_options.c results/changes.c lib/options.c \
	$(history_library)
claimperf-report.src = plots/main.c $(plots_src) $(compare_library)
claimperf-report.ldlibs := -ljansson -lm
claimperf-trace-plot.src = plots/trace_plot.c lib/options.c $(plots_src) $(compare_library)
claimperf-trace-plot.ldlibs := -ljansson -lm
claimperf-history-page.src = plots/history_page.c $(plots_history_src) $(plots_src)
claimperf-history-page.ldlibs = $(history_ldlibs)
claimperf-plot.src = plots/plot_main.c $(plots_history_src) $(plots_src)
claimperf-plot.ldlibs = $(history_ldlibs)
claimperf-plan-page.src = plots/plan_page.c lib/options.c $(plots_src) $(compare_library)
claimperf-plan-page.ldlibs := -ljansson -lm
