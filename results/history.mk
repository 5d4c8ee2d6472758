# SPDX-License-Identifier: GPL-2.0-only
# '=': compare_library is set by another file of this folder, whichever is read first
history_library = $(addprefix results/history,.c _db.c _sqlite.c _postgres.c _schema.c _raw.c _digest.c _figure.c _files.c _import.c \
	_query.c _runs.c _figures.c _restore.c _check.c _prune.c) lib/sha256.c lib/pack.c $(compare_library)
history_ldlibs := -lsqlite3 -lpq -ljansson -lm

PROGS += claimperf-history
claimperf-history.src = $(addprefix results/history_,main.c options.c json.c command_import.c command_list.c \
	command_show.c command_export.c command_check.c command_prune.c command_pin.c) lib/hist.c lib/hist_json.c lib/options.c $(history_library)
claimperf-history.ldlibs := $(history_ldlibs)

UNITS += test_history
test_history.src = tests/unit/test_history.c $(history_library)
test_history.ldlibs := $(history_ldlibs)
