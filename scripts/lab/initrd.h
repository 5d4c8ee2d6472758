/* SPDX-License-Identifier: GPL-2.0-only */
/* dom0's initramfs: /init and its modules. */
#ifndef CLAIMPERF_LAB_INITRD_H
#define CLAIMPERF_LAB_INITRD_H

#include "scripts/lab/files.h"

/*
 * Make the archive in memory. The same files give the same bytes: order, owners, inode numbers
 * and times do not come from the host. Returns 0 or -errno; the file in question is printed.
 */
int initrd_build(struct buffer *archive, const char *init_program, const char *module_folder);

#endif
