/* SPDX-License-Identifier: GPL-2.0-only */
/* dom0's initramfs: /init, its modules, and the staged files below /stage. */
#ifndef CLAIMPERF_LAB_INITRD_H
#define CLAIMPERF_LAB_INITRD_H

#include "scripts/lab/files.h"
#include "scripts/lab/stage.h"

/*
 * Make the archive in memory. The same files give the same bytes: order, owners, inode numbers
 * and times do not come from the host. Returns 0 or -errno; the file in question is printed.
 */
int initrd_build(struct buffer *archive, const struct stage *stage, const char *init_program,
		 const char *module_folder);

#endif
