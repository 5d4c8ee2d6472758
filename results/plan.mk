# SPDX-License-Identifier: GPL-2.0-only
# '=': compare_library is set by another file of this folder, whichever is read first
plan_model := results/plan_fit.c results/plan_sim.c lib/hist.c
plan_library = results/plan.c $(addprefix results/plan_,calibration.c cost.c draw.c holds.c input.c paths.c place.c schedule.c validate.c whole.c) \
	$(plan_model) lib/json_keys.c lib/json_locate.c $(compare_library)

PROGS += claimperf-plan
claimperf-plan.src = results/plan_main.c results/plan_print.c results/plan_explain.c lib/options.c $(plan_library)
claimperf-plan.ldlibs := -ljansson -lm

UNITS += test_plan_fit test_plan_sim
test_plan_fit.src = tests/unit/test_plan_fit.c $(plan_library)
test_plan_fit.ldlibs := -lgsl -lgslcblas -ljansson -lm
test_plan_sim.src := tests/unit/test_plan_sim.c $(plan_model) results/stats.c
test_plan_sim.ldlibs := -lm
