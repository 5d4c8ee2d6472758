/* SPDX-License-Identifier: GPL-2.0-only */
/* Parts of the lab's /init. */
#ifndef CLAIMPERF_LAB_INIT_H
#define CLAIMPERF_LAB_INIT_H

#include <limits.h>
#include <stdint.h>

#define INIT_ROOT "/root"   /* COMMAND's root folder */
#define INIT_STAGE "/stage" /* staged files, at their paths on the host */
#define INIT_HOST "/host"   /* the host's root, mounted at first use */

/* What the root filesystem's server and /init tell each other. */
struct rootfs_shared {
	char cwd[PATH_MAX];      /* of COMMAND; it and its parents are known to exist */
	char visible[PATH_MAX];  /* what of the host's /tmp COMMAND sees: names, each with a / */
	char unstaged[PATH_MAX];  /* first path that was looked for on the host */
};

/* Mount the root filesystem on INIT_ROOT, served by a child. Returns 0 or -errno. */
int rootfs_start(struct rootfs_shared *shared);

/*
 * Write result, stdout, stderr and all of $OUT into the shared memory that fd is the
 * PCI resource of. Returns 0 or -errno.
 */
struct lab_result;
int send_results(int fd, struct lab_result *result, const char *out, const char *stdout_path,
		 const char *stderr_path);

#endif
