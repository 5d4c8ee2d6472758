# SPDX-License-Identifier: GPL-2.0-only
# Scenarios of files in bench/scenarios, on the Xen below and on its allocator as a library.
scenario_plan := $(addprefix bench/scenario_,spec.c schedule.c) lib/json_keys.c lib/json_locate.c lib/parse.c
scenario_play := $(scenario_plan) $(addprefix bench/scenario_,main.c play.c guest.c report.c table.c) \
	bench/perf_stat.c bench/watch.c bench/watch_perf.c lib/hist.c lib/hist_json.c lib/msg.c lib/options.c

PROGS += claimperf-scenario-dom0 claimperf-scenario-host
claimperf-scenario-dom0.src := bench/scenario_dom0.c bench/kprobes.c bench/safety_options.c $(safe_src) $(xen_src) $(scenario_play)
claimperf-scenario-dom0.ldlibs := $(xen_ldlibs) $(safe_ldlibs) -ljansson -lm -lpthread
claimperf-scenario-host.src := bench/scenario_heap.c bench/heap_options.c bench/xen_host.c bench/heap_library.c \
	bench/callgrind.c bench/counters.c $(scenario_play)
claimperf-scenario-host.ldflags := -no-pie
claimperf-scenario-host.ldlibs := -ljansson -lm -lpthread

UNITS += test_scenario
test_scenario.src := tests/unit/test_scenario.c $(scenario_plan)
test_scenario.ldlibs := -ljansson -lm
