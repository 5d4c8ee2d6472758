/* SPDX-License-Identifier: GPL-2.0-only */
/* claimperf-bench: options, and the places where cases can run. */
#ifndef BENCH_FRONTEND_H
#define BENCH_FRONTEND_H

#include <jansson.h>
#include <limits.h>
#include <stdbool.h>

#include "bench/jobs.h"
#include "bench/merge.h"
#include "bench/plan.h"
#include "bench/safety.h"

#define MAX_PATCHES 32
#define MAX_FLAGS 32

#define MAX_LAB_NODES 16
#define ALL_FUNCTIONS "*"

enum target { TARGET_LAB, TARGET_DOM0, TARGET_HOST, TARGETS };

struct options {
	enum target target;
	const char *variant;
	const char *image;
	const char *tree, *commit; /* of Xen; NULL */
	const char *patches[MAX_PATCHES];
	unsigned int nr_patches;
	unsigned int nodes;
	const char *filter;
	unsigned int samples; /* 0: as many as dombench likes */
	unsigned int jobs;
	unsigned int machines;
	const char *profile; /* as given; NULL */
	const char *perf; /* cases to run under perf stat; NULL none */
	const char *memory, *history, *measure; /* of the host target, as given; NULL */
	unsigned int cpus;			 /* 0: not given */
	unsigned int threads;			 /* of the host target's contention; 0: none */
	char *flags[MAX_FLAGS];			 /* --benchmark_… */
	unsigned int nr_flags;
	const char *probe; /* functions to follow in the lab; NULL none */
	bool list, trace, functions, once, unproven;
	bool resume, restart; /* what becomes of a run that did not end */
	unsigned int nr_asked; /* options that say what is measured */
	json_t *words;	      /* all of the command line */
	struct safety_options safety; /* of dom0 */
	const char *out;
};

/* Where things are, absolute. */
struct places {
	char root[PATH_MAX];
	char dombench[PATH_MAX];
	char xentrace[PATH_MAX]; /* empty: that of the machine */
	char hostbench[PATH_MAX];
	char contend[PATH_MAX];
	char lab_exec[PATH_MAX];
	char claimperf[PATH_MAX];
	char raw[PATH_MAX];	/* raw data of the result: FILE.d for FILE.json */
	char raw_name[PATH_MAX]; /* the same as seen from the folder of FILE.json */
	char unfinished[PATH_MAX]; /* in there: the run until it ends (bench/unfinished.h) */
	char done[PATH_MAX];
	char work[PATH_MAX];	/* scratch */
	char kept[PATH_MAX];	/* in the scratch: what will be raw data */
};

struct bench_run {
	const struct options *options;
	struct places places;
	struct plan plan;
	struct merge_group *groups;
	size_t nr_groups;
	json_t *first; /* a document of a group that ran: it knows the host and all skips */
	json_t *identity; /* what describes the machine, for the context */
	char *suite;	  /* version of what measured first */
	json_t *start;	  /* what a host target's start took; NULL */
	json_t *contention; /* further entries of the result; NULL: none */
	bool listed; /* any case, for --list */
	size_t nr_contended;
	char *proof_image; /* of the lab, the hypervisor that proves; NULL: none */
	unsigned int failures;
};

/* All fill groups, first and identity; 0, or -1 after a message when nothing can be measured. */
int run_lab(struct bench_run *run);
int run_dom0(struct bench_run *run);
int run_host(struct bench_run *run);

/* Print what run_dom0() would do; an exit status. */
int describe_dom0(const struct bench_run *run);

/* Threads on the heap of that library: sets contention; 0, or -1 after a message. */
int run_contention(struct bench_run *run, const char *library);
/* Its cases that match the filter; printed with --list. */
size_t count_contention(const struct options *o);

/*
 * Run a job that is a unit of the run; NULL: an earlier run did. Its document, or NULL after a message;
 * its complaints, and what Google Benchmark prints when it was given options, are passed on.
 */
json_t *run_unit(const struct bench_run *run, const char *unit, struct job *job, size_t cases);
/* Options that say which heap and which cases; those of Google Benchmark. */
void add_heap_words(struct job *job, const struct options *o);
void add_flags(struct job *job, const struct options *o);
/* The words with which programs of the host target start; a scratch folder for one of them. */
void add_host_words(const struct bench_run *run, struct job *job, const char *program,
		    const char *library, const char *folder);
void name_folder(const struct bench_run *run, const char *name, char folder[PATH_MAX]);

/* Run that script of ours for a variant and the patches asked for: the path it prints, or NULL. */
char *build_variant(const struct bench_run *run, const char *script, const char *variant);

/* From now on what runs in dom0 is linked against the tools libraries of --tree. 0, or -1 when that said why not. */
int find_tree_programs(struct bench_run *run);

/* The next word of a job's command line; memory short: ends the program. */
void add_word(struct job *job, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* --trace, with the xentrace to run. */
void add_trace(const struct bench_run *run, struct job *job);

/* Options that dombench takes as they are. */
void add_common_words(struct job *job, const struct options *o);

/* bench/lab_probe.c: 0, or -errno after a message; what it found in the machine of that folder. */
int check_probe(const char *image, const char *functions);
void collect_probe(const struct bench_run *run, const char *folder, const json_t *document);

/* bench/perf_result.c: keep what perf in dom0 left; add that, and what the probe tells, to the entries. */
void keep_perf(const struct bench_run *run, const char *folder);
void add_perf(const struct bench_run *run, json_t *benchmarks);

/* The document a job left, or an earlier run (job: NULL); NULL after printing why, which is in error too. */
json_t *load_document(const struct bench_run *run, const char *path, const struct job *job,
		      char error[200]);

/* bench/places.c: where the programs are; path and the folders above it; those of a result. */
void join_path(char path[PATH_MAX], const char *folder, const char *name);
void find_programs(struct places *p);
int make_folder(const char *path); /* 0 or -errno */
int remove_tree(const char *path);
void name_places(struct places *p, const char *out); /* that of a result; ends the program if it cannot be */
/* Tell the entries of a result where their raw data will be; and bring them there. */
void link_raw(const struct bench_run *run, json_t *benchmarks);
void publish_raw(const struct bench_run *run, const json_t *benchmarks);

/*
 * Keep what a machine left for a case, DIR/SLUG.SUFFIX, as RAW/SLUG/NAME; for all of the plan. It gets
 * there when the result is written, in the place of what an older one has.
 */
void keep_raw_case(const struct bench_run *run, const char *dir, const char *test,
		   const char *suffix, const char *name);
void keep_raw(const struct bench_run *run, const char *dir, const char *suffix, const char *name);

#endif
