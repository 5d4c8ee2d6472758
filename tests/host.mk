# SPDX-License-Identifier: GPL-2.0-only
# Tests of the allocator as a library; HEAP is the path that scripts/host/build prints.
ifdef HEAP
PROGS += host-replay
host-replay.src := tests/host/replay.c lib/msg.c lib/parse.c
host-replay.ldflags := -no-pie
host-replay.ldlibs := $(HEAP)
PROGS += host-history
host-history.src := tests/host/history.c lib/msg.c lib/parse.c
host-history.ldflags := -no-pie
host-history.ldlibs := $(HEAP)
endif
