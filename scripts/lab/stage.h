/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The set of host files that dom0 finds in its memory: COMMAND's program, what --stage names, and
 * what these need to start (interpreter, libraries). A path that is absent on the host can be
 * staged too: then its absence is known.
 */
#ifndef CLAIMPERF_LAB_STAGE_H
#define CLAIMPERF_LAB_STAGE_H

#include <stddef.h>
#include <sys/types.h>

#include "scripts/lab/files.h"

struct stage_entry {
	char *path;   /* absolute */
	mode_t mode;  /* 0: absent on the host */
	char *target; /* of a symbolic link */
};

struct stage {
	struct stage_entry *entries; /* unique */
	size_t count;
};

/* Add an absolute path: a file with all it needs, or a folder with all in it. */
int stage_add(struct stage *stage, const char *path);

/* Add what every program looks for when it starts. */
int stage_add_common(struct stage *stage);

/*
 * The files as /init reads them, see shared.h; sorts them. Returns 0 or -errno; the file in question
 * is printed.
 */
int stage_pack(struct stage *stage, struct buffer *packed);
void stage_free(struct stage *stage);

#endif
