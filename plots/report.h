/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The report of a run: a folder with BEFORE-Nn.json and AFTER-Nn.json for each
 * topology of N nodes, and the same of traced hypervisors (VARIANT+trace-Nn.json).
 */
#ifndef CLAIMPERF_PLOTS_REPORT_H
#define CLAIMPERF_PLOTS_REPORT_H

#include <stdio.h>

#include "plots/plot.h"
#include "results/compare.h"
#include "results/fingerprint.h"

#define MAX_TOPOLOGIES 16

/* The two hypervisors of a run, as they are called in file names. */
#define BEFORE_VARIANT "baseline"
#define AFTER_VARIANT "claims"

struct topology {
	unsigned int nodes;
	struct result *before, *after;
	struct comparison comparison;
	struct fingerprint_fields fields;
	struct result *traced_before, *traced_after; /* NULL when there are none */
};

/* One variant measured at several sizes of a heap. */
struct scale_point {
	char name[16];		       /* as in the file's name: "64", "16T" */
	uint64_t at;		       /* nodes, or bytes */
	struct result *before, *after; /* NULL when missing */
};

#define MAX_POINTS 32

struct scale {
	struct scale_point points[MAX_POINTS]; /* by at */
	size_t nr;
};

/* The folder host/: what was measured on Xen's allocator compiled for this machine. */
struct host {
	struct topology all; /* all cases; .before is NULL when they were not measured */
	struct scale nodes, size;
	struct topology contend; /* .before or .after is NULL when missing, nothing is compared */
};

struct report {
	const char *folder;			    /* of the run */
	char *root;				    /* of the project: plots/ is there */
	char *build;				    /* build/bin/claimperf-trace is there */
	struct topology topologies[MAX_TOPOLOGIES]; /* by number of nodes */
	size_t nr_topologies;
	struct host host;
	struct budget no_budget;
	bool files; /* the results were named one by one: sides are "before" and "after" */
	FILE *out;
	struct pictures *pictures; /* where plots go, if not into the page */
	/* What could not be shown; told in the report and on stderr. */
	char *complaints[32];
	size_t nr_complaints;
};

/* Loads all topologies that are there on both sides. */
void report_load(struct report *report);

/* Loads two results as the one topology; ends the program when one is none. */
void report_load_files(struct report *report, const char *before, const char *after);

/* Loads host/, of which any part may be missing. */
void host_load(struct report *report);
void host_free(struct host *host);

void report_free(struct report *report);

void report_complain(struct report *report, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* The sections, in their order on the page. */
void section_summary(struct report *report);
void section_cases(struct report *report);
void section_costs(struct report *report);
void section_calls(struct report *report);
void section_where(struct report *report);
void section_traces(struct report *report);
void section_trace_cost(struct report *report);
void section_perf(struct report *report);
void section_identity(struct report *report);
void section_host(struct report *report);
void section_scaling(struct report *report);
void section_contention(struct report *report);
void section_reading(struct report *report);

/* Pictures that no section has, or that one has and that are of any two results. */
void plot_before_after(struct report *report, const struct topology *topology);
void plot_times(struct report *report, const struct topology *topology);

/* The ten lines for the terminal. */
void print_summary(const struct report *report, FILE *out);

/* Shared by the loaders: */

/* A result of the run; NULL when there is no such file, damaged ones end the program. */
struct result *report_read(const struct report *report, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* Compares both sides, which are there; where is told with what should be equal and is not. */
void report_compare(struct report *report, struct topology *topology, const char *where);

void topology_free(struct topology *topology);

/* Shared by the sections: */

/* "1 node", "4 nodes". */
const char *topology_name(const struct topology *topology, char text[24]);

/* What one side is called: the variant in a run, else "before" or "after". */
const char *side_name(const struct report *report, bool after);

/* "" or what the fingerprints say for that field on one side. */
const char *identity(const struct topology *topology, const char *name, bool after);

/* Where the last part of a case's name starts: "claim:none" of
 * "populate/order:0/node:any/claim:none". */
const char *last_part(const char *name);

/* Cases of one family share all but the last part of their names. */
bool same_family(const char *a, const char *b);

/* The row of that name, or NULL. */
const struct comparison_row *find_row(const struct topology *topology, const char *name);

/* The cell that names a row, and what BEFORE it is compared with, if it is another case. Below the
 * name of its family the rest is shown, and all of it once the table is sorted. */
void put_row_name(FILE *out, const struct comparison_row *row, bool below_family);

/* A plot with the three lines that every plot has: parameters, and both hypervisors. */
void report_plot_begin(struct report *report, struct plot *plot, const struct topology *topology,
		       const char *script, unsigned int width, unsigned int height,
		       const char *parameters);

/* As a figure of the page, or to report->pictures. */
void report_end_plot(struct report *report, struct plot *plot, const char *heading);

/* The same as report_plot_begin() about the traced hypervisors, which are not those of the rest of
 * the report. */
void report_plot_begin_traced(struct report *report, struct plot *plot,
			      const struct topology *topology, const char *script,
			      unsigned int width, unsigned int height);

#endif
