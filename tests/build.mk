# SPDX-License-Identifier: GPL-2.0-only
# Programs that tests run in the lab.
PROGS += claims-contract
claims-contract.src := $(addprefix tests/contract/,main.c errors.c sets.c legacy.c allocation.c offlining.c \
	machine.c tap.c) bench/claim_call.c lib/msg.c
claims-contract.ldlibs := -lxenctrl -lxenguest -lxencall -lxenforeignmemory
