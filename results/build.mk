# SPDX-License-Identifier: GPL-2.0-only
paired_library := results/paired.c results/interval.c results/stats.c
compare_library := results/result.c results/reader.c results/hyperfine.c results/verdict.c results/budget.c \
	results/fingerprint.c results/case_time.c results/profile.c results/shares.c results/probe.c results/compare.c results/pairs.c \
	$(paired_library) lib/parse.c lib/msg.c
study_library := results/paired_print.c results/study.c results/study_judge.c results/boot.c results/energy.c

PROGS += claimperf-compare
claimperf-compare.src := results/main.c results/compare_text.c results/compare_functions.c results/compare_json.c results/study_print.c \
	$(study_library) $(compare_library)
claimperf-compare.ldlibs := -ljansson -lm

UNITS += test_result test_hyperfine test_verdict test_compare
test_result.src := tests/unit/test_result.c $(compare_library)
test_result.ldlibs := -ljansson -lm
test_hyperfine.src := tests/unit/test_hyperfine.c $(compare_library)
test_hyperfine.ldlibs := -ljansson -lm
test_verdict.src := tests/unit/test_verdict.c results/verdict.c
test_compare.src := tests/unit/test_compare.c $(compare_library)
test_compare.ldlibs := -ljansson -lm

UNITS += test_paired
test_paired.src := tests/unit/test_paired.c $(paired_library) results/verdict.c
test_paired.ldlibs := -lm

UNITS += test_oracle test_changes
test_oracle.src := tests/unit/test_oracle.c results/interval.c results/stats.c
test_oracle.ldlibs := -lgsl -lgslcblas -lm
test_changes.src := tests/unit/test_changes.c results/changes.c results/energy.c results/boot.c results/stats.c
test_changes.ldlibs := -lm
