/* SPDX-License-Identifier: GPL-2.0-only */
/* Corrections to the stream in which QEMU saves a machine's devices. */
#ifndef CLAIMPERF_LAB_STATE_H
#define CLAIMPERF_LAB_STATE_H

#include "scripts/lab/files.h"

/*
 * The machine booted with 2^shift ns an instruction and goes on with 1 ns: let the clock go on from
 * where it stands. Let the shared memory be found. Clear what the host's clocks left, so that equal
 * machines have equal bytes. Returns 0, or -EBADMSG when the stream is not as QEMU 7.2 writes it.
 */
int state_correct(struct buffer *state, unsigned int shift);

#endif
