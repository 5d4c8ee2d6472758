# SPDX-License-Identifier: GPL-2.0-only
PROGS += claimperf-lab-exec claimperf-lab-init

claimperf-lab-exec.src := $(addprefix scripts/lab/,exec.c options.c plugins.c prepare.c archive.c initrd.c stage.c \
	machine.c qemu.c snapshot.c state.c prune.c run.c results.c failure.c fingerprint.c \
	files.c) lib/sha256.c tracepoints/symbols.c tracepoints/embedded.c \
	tracepoints/probe_select.c lib/msg.c lib/parse.c

PLUGINS += turns
turns.src := scripts/lab/turns.c

# The lab's /init. It runs in dom0 without any library, so static, and without sanitizers.
claimperf-lab-init.src := $(addprefix scripts/lab/,init.c rootfs.c send.c)
claimperf-lab-init.cflags := -fno-sanitize=all -I/usr/include/fuse3
# libfuse3 mentions dlopen(), for modules that are not used here; the linker need not warn of it.
claimperf-lab-init.ldflags := -static -fno-sanitize=all -Wl,--no-warnings
claimperf-lab-init.ldlibs := -lfuse3 -lpthread
