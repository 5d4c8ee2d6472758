/* SPDX-License-Identifier: GPL-2.0-only */
/* What a run handed back: COMMAND's output, status and files. */
#ifndef CLAIMPERF_LAB_RESULTS_H
#define CLAIMPERF_LAB_RESULTS_H

/*
 * Write what the shared memory holds: stdout and stderr to ours, files below out (NULL: none
 * wanted). *wait_status is COMMAND's. Returns 0 or -errno; problems are printed.
 */
int results_store(int shared_fd, const char *out, int *wait_status);

#endif
