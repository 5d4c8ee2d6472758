// SPDX-License-Identifier: GPL-2.0-only
/*
 * Figures over time. Of a case there are hundreds of thousands when there are many hosts: their
 * runs are read once, in order, and figures find their places among them, without a join or a sort.
 */
#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "results/history_private.h"

typedef int figure_visitor(void *data, const struct history_run *run,
			   const struct history_metric *metric,
			   const struct history_figure *figure);

enum { ID, TIME, HOST, TYPE, TARGET, VARIANT, ENVIRONMENT, NIGHT, ROLE, FINGERPRINT, NR_TEXTS };

struct listed_run {
	char *texts[NR_TEXTS]; /* may be those of the run before */
	unsigned int nodes;
	int64_t number;
};

struct run_list {
	struct listed_run *runs; /* in order of time */
	size_t nr, room;
	size_t *places;			/* of numbers, + 1; 0: not in the list */
	int64_t last;			/* number */
	struct history_figure *figures; /* of one metric, of each run; no samples: none */
};

/* Most of them are what they were in the run before. */
static char *keep_text(const struct run_list *list, int index, const char *text)
{
	char *before = list->nr ? list->runs[list->nr - 1].texts[index] : NULL;

	if (!text || (before && !strcmp(before, text)))
		return text ? before : NULL;
	return strdup(text);
}

static int add_run(struct run_list *list, struct db_rows *rows)
{
	struct listed_run *run;

	if (list->nr == list->room) {
		list->room = list->room * 2 + 64;
		run = reallocarray(list->runs, list->room, sizeof(*run));
		if (!run)
			return -ENOMEM;
		list->runs = run;
	}
	run = &list->runs[list->nr];
	for (int i = 0; i < NR_TEXTS; i++) {
		run->texts[i] = keep_text(list, i, db_text(rows, i));
		if (!run->texts[i] && db_text(rows, i))
			return -ENOMEM;
	}
	run->nodes = (unsigned int)db_integer(rows, NR_TEXTS);
	run->number = db_integer(rows, NR_TEXTS + 1);
	list->last = run->number > list->last ? run->number : list->last;
	list->nr++;
	return 0;
}

static int place_runs(struct run_list *list)
{
	list->places = calloc((size_t)list->last + 1, sizeof(*list->places));
	list->figures = calloc(list->nr + 1, sizeof(*list->figures));
	if (!list->places || !list->figures)
		return -ENOMEM;
	for (size_t i = 0; i < list->nr; i++)
		list->places[list->runs[i].number] = i + 1;
	return 0;
}

static int list_runs(struct history *h, const struct history_filter *filter, struct run_list *list)
{
	static const char *const texts[] = {
		"SELECT r.id, r.time, h.name, h.type, r.target, r.variant, r.environment, r.night,"
		" r.role, NULL, r.nodes, r.number FROM runs r JOIN hosts h ON h.id = r.host",
		"SELECT r.id, r.time, h.name, h.type, r.target, r.variant, r.environment, r.night,"
		" r.role, p.json, r.nodes, r.number FROM runs r JOIN hosts h ON h.id = r.host"
		" JOIN fingerprints p ON p.sha256 = r.fingerprint",
	};
	char *sql = filter_sql(texts[filter->fingerprints], filter, " ORDER BY r.time, r.id");
	struct db_rows *rows = NULL;
	int ret = sql ? db_query(h->db, &rows, sql, FILTER_TYPES, FILTER_VALUES(filter)) : -ENOMEM;

	free(sql);
	while (!ret && (ret = db_next(rows)) > 0)
		ret = add_run(list, rows);
	db_end(rows);
	return ret ? ret : place_runs(list);
}

static void free_list_of_runs(struct run_list *list)
{
	for (size_t i = 0; i < list->nr; i++)
		for (int k = 0; k < NR_TEXTS; k++)
			if (i + 1 == list->nr ||
			    list->runs[i].texts[k] != list->runs[i + 1].texts[k])
				free(list->runs[i].texts[k]);
	free(list->runs);
	free(list->places);
	free(list->figures);
}

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
static int read_figures(struct history *h, const struct history_filter *filter, const char *sql,
			int64_t metric, struct run_list *list)
{
	struct db_rows *rows;
	int ret = db_query(h->db, &rows, sql, FILTER_TYPES "i", FILTER_VALUES(filter), metric);

	memset(list->figures, 0, list->nr * sizeof(*list->figures));
	while (!ret && (ret = db_next(rows)) > 0) {
		int64_t number = db_integer(rows, 0);
		size_t place = number > 0 && number <= list->last ? list->places[number] : 0;

		if (place)
			read_figure(rows, &list->figures[place - 1]);
		ret = 0;
	}
	db_end(rows);
	return ret;
}

static int visit_figures(const struct run_list *list, const struct history_metric *metric,
			 figure_visitor *visit, void *data)
{
	int ret = 0;

	for (size_t i = 0; i < list->nr && !ret; i++) {
		char *const *texts = list->runs[i].texts;
		struct history_run run = {
			.id = texts[ID],
			.time = texts[TIME],
			.host = texts[HOST],
			.type = texts[TYPE],
			.target = texts[TARGET],
			.variant = texts[VARIANT],
			.environment = texts[ENVIRONMENT],
			.night = texts[NIGHT],
			.role = texts[ROLE],
			.fingerprint = texts[FINGERPRINT],
			.nodes = list->runs[i].nodes,
		};

		if (list->figures[i].samples)
			ret = visit(data, &run, metric, &list->figures[i]);
	}
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
int history_each_figure(struct history *h, const struct history_filter *filter, const char *glob,
			figure_visitor *visit, void *data)
{
	struct run_list list = {0};
	struct db_rows *metrics = NULL;
	char *sql = figures_sql(filter);
	int ret = sql ? list_runs(h, filter, &list) : -ENOMEM;

	if (!ret)
		ret = db_query(h->db, &metrics,
			       "SELECT id, case_name, name, unit, per FROM metrics"
			       " ORDER BY case_name, name, unit, per",
			       "");
	while (!ret && (ret = db_next(metrics)) > 0) {
		const struct history_metric metric = {db_text(metrics, 1), db_text(metrics, 2),
						      db_text(metrics, 3), db_text(metrics, 4)};

		ret = 0;
		if (glob && fnmatch(glob, metric.case_name, 0))
			continue;
		ret = read_figures(h, filter, sql, db_integer(metrics, 0), &list);
		if (!ret)
			ret = visit_figures(&list, &metric, visit, data);
	}
	db_end(metrics);
	free_list_of_runs(&list);
	free(sql);
	return ret;
}
