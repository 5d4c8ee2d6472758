# SPDX-License-Identifier: GPL-2.0-only
# '=': history_library is set by another file of this folder, whichever is read first
night_library = $(addprefix results/night_,series.c document.c change.c host.c counts.c times.c judge.c study.c previous.c \
	write.c markdown.c junit.c) results/changes.c $(study_library) $(history_library)

PROGS += claimperf-night
claimperf-night.src = results/night_main.c results/history_options.c lib/options.c $(night_library)
claimperf-night.ldlibs := $(history_ldlibs)

UNITS += test_night
test_night.src = tests/unit/test_night.c $(night_library)
test_night.ldlibs := $(history_ldlibs)
