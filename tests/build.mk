# SPDX-License-Identifier: GPL-2.0-only
# Programs that tests run, most of them in the lab.
PROGS += claims-contract
claims-contract.src := $(addprefix tests/contract/,main.c registry.c tap.c machine.c domains.c holder.c errors.c \
	limits.c sets.c legacy.c protection.c steering.c redeeming.c death.c dom0.c offlining.c figures.c \
	guest_run.c) \
	bench/claim_call.c lib/msg.c
claims-contract.ldlibs := -lxenctrl -lxenguest -lxencall -lxenforeignmemory

# A kernel: nothing but its own code, at 1 MiB.
PROGS += claims-guest
claims-guest.src := tests/contract/guest.c
claims-guest.cflags := -ffreestanding -fno-pie -mgeneral-regs-only -fno-stack-protector -fcf-protection=none
claims-guest.ldflags := -nostdlib -static -no-pie -Wl,-e,begin,-Ttext-segment=0x100000,--build-id=none

PROGS += claims-stress
claims-stress.src := $(addprefix tests/stress/,main.c worker.c operations.c domains.c end.c) \
	$(addprefix tests/contract/,machine.c domains.c tap.c) bench/claim_call.c lib/msg.c lib/parse.c
claims-stress.ldlibs := $(claims-contract.ldlibs)

PROGS += gbench-cases
gbench-cases.src := tests/gbench.c bench/calibrate.c $(gbench_src) lib/msg.c lib/parse.c
gbench-cases.ldlibs := $(gbench_ldlibs)

PROGS += agreement-job
agreement-job.src := tests/agreement_job.c tests/lab_job.c bench/claim_call.c lib/parse.c lib/msg.c
agreement-job.ldlibs := -lxenctrl -lxenguest -lxencall
PROGS += agreement
agreement.src := tests/agreement.c tests/witnesses.c lib/msg.c
agreement.ldlibs := -ljansson

PROGS += trace-samples
trace-samples.src := tests/trace_samples.c lib/msg.c

PROGS += kill-job
kill-job.src := tests/kill_job.c lib/parse.c lib/msg.c
kill-job.ldlibs := -lxenctrl

# '=': study_library and paired_library are results/build.mk's.
simulation = tests/statistics/studies.c tests/statistics/series.c $(study_library) $(paired_library) \
	results/changes.c results/verdict.c results/reader.c
PROGS += statistics
statistics.src = tests/statistics/main.c $(simulation) lib/parse.c lib/msg.c
statistics.ldlibs := -ljansson -lm
UNITS += test_statistics
test_statistics.src = tests/unit/test_statistics.c $(simulation)
test_statistics.ldlibs := -ljansson -lm
