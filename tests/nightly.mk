# SPDX-License-Identifier: GPL-2.0-only
PROGS += nightly-replay
nightly-replay.src := tests/nightly_replay.c results/stats.c lib/parse.c lib/msg.c
nightly-replay.ldlibs := -lm
