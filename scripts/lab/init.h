/* SPDX-License-Identifier: GPL-2.0-only */
/* Parts of the lab's /init. */
#ifndef CLAIMPERF_LAB_INIT_H
#define CLAIMPERF_LAB_INIT_H

#include <limits.h>

#include "scripts/lab/shared.h"

#define INIT_ROOT "/root" /* COMMAND's root folder */
#define INIT_HOST "/host" /* the host's root, mounted at first use */

/*
 * Mount the root filesystem on INIT_ROOT, served by a child. It takes the staged files from the
 * shared memory behind fd, once the job is there. unstaged (PATH_MAX bytes, shared with the child)
 * becomes the first path that is looked for on the host. Returns 0 or -errno.
 */
int rootfs_start(int fd, const struct lab_job *job, char *unstaged);

/*
 * Write result, stdout, stderr and all of $OUT into the shared memory that fd is the
 * PCI resource of. Returns 0 or -errno.
 */
int send_results(int fd, struct lab_result *result, const char *out, const char *stdout_path,
		 const char *stderr_path);

#endif
