// SPDX-License-Identifier: GPL-2.0-only
/*
 * Figures over time. Their runs are read once, and figures find their places among them, without a
 * join or a sort.
 */
#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "results/history_runs.h"

static void read_figure(struct db_rows *rows, struct history_figure *figure)
{
	*figure = (struct history_figure){
		.kind = strcmp(db_text(rows, 1), "exact") ? KIND_NOISY : KIND_EXACT,
		.ops = (uint64_t)db_integer(rows, 2),
		.samples = (uint64_t)db_integer(rows, 3),
		.least = (uint64_t)db_integer(rows, 4),
		.p90 = (uint64_t)db_integer(rows, 5),
		.p99 = (uint64_t)db_integer(rows, 6),
		.greatest = (uint64_t)db_integer(rows, 7),
		.median = db_real(rows, 8),
		.mean = db_real(rows, 9),
	};
}

/* A run that came meanwhile is in no list. */
static int read_figures(struct history *h, const struct history_runs *runs, const char *sql,
			int64_t metric, struct history_figure *figures)
{
	struct db_rows *rows;
	int ret = db_stream(h->db, &rows, sql, FILTER_TYPES "i", FILTER_VALUES(&runs->filter),
			    metric);

	memset(figures, 0, runs->nr * sizeof(*figures));
	while (!ret && (ret = db_next(rows)) > 0) {
		int64_t number = db_integer(rows, 0);
		size_t place = number > 0 && number <= runs->last ? runs->places[number] : 0;

		if (place)
			read_figure(rows, &figures[place - 1]);
		ret = 0;
	}
	db_end(rows);
	return ret;
}

static bool is_any(const struct history_filter *f)
{
	return !f->id && !f->host && !f->target && !f->variant && !f->night && !f->role &&
	       !f->first_time && !f->nodes;
}

/* Where all runs are wanted, it need not be asked which. */
static char *figures_sql(const struct history_filter *filter)
{
#define FIGURES                                                                                    \
	"SELECT f.run, f.kind, f.ops, f.samples, f.least, f.p90, f.p99, f.greatest, f.median, "    \
	"f.mean FROM figures f WHERE f.metric = $9"
	return is_any(filter) ? strdup(FIGURES)
			      : filter_sql(FIGURES " AND f.run IN (SELECT r.number FROM runs r"
						   " JOIN hosts h ON h.id = r.host",
					   filter, ")");
}

/* Cases are chosen before their figures are looked at. */
int history_each_metric(struct history *h, const struct history_runs *runs, const char *glob,
			int (*visit)(void *data, const struct history_metric *metric,
				     const struct history_figure *figures),
			void *data)
{
	struct history_figure *figures = calloc(runs->nr + 1, sizeof(*figures));
	struct db_rows *metrics = NULL;
	char *sql = figures_sql(&runs->filter);
	int ret = sql && figures ? db_query(h->db, &metrics,
					    "SELECT id, case_name, name, unit, per FROM metrics"
					    " ORDER BY case_name, name, unit, per",
					    "")
				 : -ENOMEM;

	while (!ret && (ret = db_next(metrics)) > 0) {
		const struct history_metric metric = {db_text(metrics, 1), db_text(metrics, 2),
						      db_text(metrics, 3), db_text(metrics, 4)};

		ret = 0;
		if (glob && fnmatch(glob, metric.case_name, 0))
			continue;
		ret = read_figures(h, runs, sql, db_integer(metrics, 0), figures);
		if (!ret)
			ret = visit(data, &metric, figures);
	}
	db_end(metrics);
	free(figures);
	free(sql);
	return ret;
}

struct walk {
	const struct history_runs *runs;
	int (*visit)(void *data, const struct history_run *run, const struct history_metric *metric,
		     const struct history_figure *figure);
	void *data;
};

static int visit_figures(void *data, const struct history_metric *metric,
			 const struct history_figure *figures)
{
	const struct walk *walk = data;
	int ret = 0;

	for (size_t i = 0; i < walk->runs->nr && !ret; i++) {
		const struct history_run run = history_listed_run(walk->runs, i);

		if (figures[i].samples)
			ret = walk->visit(walk->data, &run, metric, &figures[i]);
	}
	return ret;
}

int history_each_figure(struct history *h, const struct history_filter *filter, const char *glob,
			int (*visit)(void *data, const struct history_run *run,
				     const struct history_metric *metric,
				     const struct history_figure *figure),
			void *data)
{
	struct history_runs runs = {0};
	struct walk walk = {&runs, visit, data};
	int ret = list_runs(h, filter, false, &runs);

	if (!ret)
		ret = history_each_metric(h, &runs, glob, visit_figures, &walk);
	forget_runs(&runs);
	return ret;
}
