# SPDX-License-Identifier: GPL-2.0-only
# '=': compare_library is set by another file of this folder, whichever is read first
plan_model := results/plan_fit.c results/plan_sim.c lib/hist.c
plan_library = $(addprefix results/plan_,paths.c holds.c) $(plan_model) $(compare_library)

UNITS += test_plan_fit test_plan_sim
test_plan_fit.src = tests/unit/test_plan_fit.c $(plan_library)
test_plan_fit.ldlibs := -lgsl -lgslcblas -ljansson -lm
test_plan_sim.src := tests/unit/test_plan_sim.c $(plan_model) results/stats.c
test_plan_sim.ldlibs := -lm
