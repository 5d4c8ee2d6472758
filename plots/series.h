/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Cases over time, from the history.
 *
 * A series is a metric of a case of one hypervisor, on one host, target and number of nodes. Where
 * nights have a run of role reference, a point is ln(tonight / reference) of one night, each the
 * last run of its role. Else a point is ln(value) of a run that is of no night or of another role,
 * and runs of different environments have nothing to do with each other. A run of a night that has
 * no role is in no series: nobody trusted that night.
 *
 * The value is that of one operation: of exact data the least sample, of noisy ones the mean; of
 * what the host target's clock said beside its counts the median.
 */
#ifndef CLAIMPERF_PLOTS_SERIES_H
#define CLAIMPERF_PLOTS_SERIES_H

#include "results/changes.h"
#include "results/history.h"
#include "results/paired.h"
#include "results/verdict.h"

struct point {
	double day;		     /* since 1970, in UTC: of the night, else of the measurement */
	const char *night;	     /* "2026-01-31", or the time */
	const char *run, *reference; /* their ids; reference: NULL for none */
	const char *environment;
	uint64_t least, ops;	/* of exact data the value, as integers */
	double value, against;	/* against: the reference's; 0 for none */
	double ratio;		/* ln */
	struct verdict verdict; /* of exact data with a reference */
};

/* Points from `from` up to before `to`, between changes of any kind. */
struct level {
	size_t from, to;
	double mean; /* of ratio */
};

struct series {
	char *name, *metric, *unit, *per;
	const char *host, *target, *variant;
	const char *type; /* of the host, or NULL */
	unsigned int nodes;
	enum result_kind kind;
	bool relative;	      /* to references */
	struct point *points; /* by day */
	size_t nr;
	size_t alone;		/* left out: no reference, or inexact */
	struct change *changes; /* of ratio */
	size_t nr_changes;
	struct change *moves; /* of the reference itself: the host changed */
	size_t nr_moves;
	struct level *levels; /* one at least */
	size_t nr_levels;
	/* Of noisy data, by pairs of boots of the last night; nr 0: not known. */
	struct paired night;
	bool drawn; /* has a chart on the page */
};

struct days {
	double *days; /* sorted, each once */
	size_t nr;
};

struct nights {
	struct history_runs *runs; /* they have the texts of series and points */
	struct series *series;	   /* by name, then by host */
	size_t nr;
	struct days tonight; /* with a run of that role */
	struct days apart;   /* with runs of no role */
};

/* Release with nights_free() in any case. 0 or -errno with a message from the history. metric: NULL
 * for any. */
int nights_read(struct history *h, const struct history_filter *filter, const char *glob,
		const char *metric, struct nights *out);

/*
 * The verdicts of the last night on noisy data, from the studies that are among its raw data. 0 or
 * -errno as above.
 */
int nights_judge(struct history *h, struct nights *nights);

void nights_free(struct nights *nights);

/* "2026-01-31" to days since 1970, and back; what follows the date is ignored. */
double day_of(const char *date);
const char *day_text(double day, char text[16]);

/* The change that begins with the point, or NULL. */
const struct change *series_change(const struct series *series, size_t point);

/* May a line go from the point before to this one? Not over a night without a run, or to another
 * environment. */
bool series_continues(const struct series *series, size_t point);

/* Shapes say the verdict: 0 a dot, 1 up for MINOR or MAJOR worse, 2 down for better. */
enum point_shape { SHAPE_DOT, SHAPE_UP, SHAPE_DOWN };
enum point_shape series_shape(const struct series *series, size_t point);

/* Of the last point: is it exact and has a reference? Then verdict says it all. */
bool series_judged(const struct series *series);

#endif
