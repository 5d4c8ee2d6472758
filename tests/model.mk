# SPDX-License-Identifier: GPL-2.0-only
# What links with the allocator as a library; HEAP is the path that scripts/host/build prints.
ifdef HEAP
PROGS += claims-model claims-threads
claims-model.src := $(addprefix tests/model/,main.c trial.c print.c generate.c step.c world.c spec.c) \
	lib/msg.c lib/parse.c
# sums over all nodes are much of its work
claims-model.cflags := -O3 -funroll-loops
claims-model.ldflags := -no-pie
claims-model.ldlibs := $(HEAP)
claims-threads.src := tests/model/threads.c lib/msg.c
claims-threads.ldflags := -no-pie
claims-threads.ldlibs := $(HEAP) -lpthread
endif
