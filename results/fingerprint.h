/* SPDX-License-Identifier: GPL-2.0-only */
/* What two fingerprints (context.claimperf) say differently, and whether they may. */
#ifndef CLAIMPERF_RESULTS_FINGERPRINT_H
#define CLAIMPERF_RESULTS_FINGERPRINT_H

#include <stdbool.h>
#include <stddef.h>

#include <jansson.h>

struct fingerprint_field {
	char *path;   /* "lab.hypervisor.variant" */
	char *before; /* NULL where the field is absent */
	char *after;
	bool differs;
	bool may_differ; /* it belongs to the hypervisor, which is what is compared */
};

struct fingerprint_fields {
	struct fingerprint_field *fields; /* sorted by path */
	size_t nr;
	bool before_known, after_known; /* is there a fingerprint? */
};

/*
 * Flatten both fingerprints into one list of leaves, arrays as one leaf.
 * Everything but the hypervisor has to be equal: exact counts move with the
 * compiler, dom0's kernel, QEMU, the topology and the programs measured.
 * NULL stands for a fingerprint that is not known. 0 or -ENOMEM.
 */
int fingerprint_compare(const json_t *before, const json_t *after, struct fingerprint_fields *out);

void fingerprint_free(struct fingerprint_fields *fields);

/* The first field whose path is name or ends in ".name"; NULL when there is none. */
const struct fingerprint_field *fingerprint_find(const struct fingerprint_fields *fields,
						 const char *name);

#endif
