/* SPDX-License-Identifier: GPL-2.0-only */
/* Inside the comparison of clocks. */
#ifndef CLAIMPERF_TRACEPOINTS_SKEW_PRIVATE_H
#define CLAIMPERF_TRACEPOINTS_SKEW_PRIVATE_H

#include <errno.h>

#include "tracepoints/reader_private.h"
#include "tracepoints/skew.h"

#define SECTIONS_MAX 2048
/* Later on, where clocks agreed at first: so many items and sections of each CPU are looked at. */
#define LATER_ITEMS (16u << 10)
#define LATER_SECTIONS 512
/* There, so many overlaps by chance are needed for a statement. */
#define LATER_CHANCE 64

/* Of heap_lock, in corrected time. */
struct section {
	uint64_t begin, end;
};

struct sections {
	unsigned int count;
	struct section all[SECTIONS_MAX];
};

#define ALL_OTHERS UINT32_MAX

struct meter {
	struct trace_reader *reader;
	struct skew *skew;
	struct sections *sections; /* of each CPU */
	unsigned int most;	   /* sections kept of each */
	unsigned int nr_full;	   /* CPUs with so many */
	unsigned int reference;	   /* whose sections others are compared with, or ALL_OTHERS */
	int64_t ahead[SKEW_CPUS];  /* of the reference: estimates */
	int64_t tight[SKEW_CPUS];  /* the tighter bound by windows, when bounded */
	bool bounded[SKEW_CPUS], placed[SKEW_CPUS], refused[SKEW_CPUS];
};

/* -1 when the CPU is not looked at. */
int index_of(const struct meter *m, uint32_t cpu);

/* skew_windows.c */
int compare_by_windows(struct meter *m);

/*
 * skew_lock.c: do sections of a overlap with those of the reference as if their clocks had nothing
 * to do with each other (SKEW_REFUSED)? Move ahead[a] to where they overlap least.
 */
void read_sections(struct meter *m, unsigned int items, unsigned int most);
/*
 * Refused is more than so many eighths of the overlaps that chance would give. Records that come
 * late after their section make some: 35 to 45 % of them in a loaded lab. What claims to correct a
 * clock has to do much better, and what is looked at again and again must not be wrong once.
 */
#define SHARE_CORRECTED 1
#define SHARE_NEAR 2
#define SHARE_FAR 4
#define SHARE_LATER 6
enum skew_state judge_sections(const struct meter *m, unsigned int a, unsigned int share);
bool drifts_apart(const struct meter *m, unsigned int a);
void find_ahead(struct meter *m, unsigned int a);

#endif
