// SPDX-License-Identifier: GPL-2.0-only
#include "results/plan_validate.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SECTIONS 200000
#define SEED 1

static int add_row(struct validation *v, const struct validated *row)
{
	struct validated *more = reallocarray(v->rows, v->nr + 1, sizeof(*more));

	if (!more)
		return -ENOMEM;
	v->rows = more;
	more[v->nr++] = *row;
	return 0;
}

double validated_error(const struct validated *row)
{
	return row->predicted / row->measured - 1;
}

static double validate_promise(enum validate_kind kind)
{
	static const double promises[] = {VALIDATE_COUNTS, VALIDATE_TIMES, VALIDATE_WAITS};

	return promises[kind];
}

/* Points with another value of the term go first; how many those are. */
static size_t split(const struct path_points *of, size_t term, uint64_t value,
		    struct fit_point *points)
{
	size_t kept = 0, last = of->nr;

	for (size_t i = 0; i < of->nr; i++)
		if (of->points[i].at[term] != value)
			points[kept++] = of->points[i];
		else
			points[--last] = of->points[i];
	return kept;
}

static void take_worst(const struct fit *fit, const struct fit_point *held, size_t nr,
		       struct validated *row)
{
	row->points = nr;
	for (size_t i = 0; i < nr; i++) {
		struct validated one = *row;

		one.predicted = fit_predict(fit, held[i].at);
		one.measured = held[i].value;
		if (!i || fabs(validated_error(&one)) > fabs(validated_error(row)))
			*row = one;
	}
}

/* All points with that value of the term, from the others, between which they lie. */
static int hold_out(struct validation *v, const struct plan_path *path, enum path_kind kind,
		    size_t term, uint64_t value)
{
	const struct path_points *of = &path->of[kind];
	struct fit_point *points = calloc(of->nr, sizeof(*points));
	struct validated row = {.kind = kind == PATH_COUNTS ? VALIDATED_COUNT : VALIDATED_TIME};
	struct fit fit;
	size_t kept;
	int rc;

	if (!points)
		return -ENOMEM;
	kept = split(of, term, value, points);
	if (kind == PATH_COUNTS)
		fit_counts(points, kept, &fit);
	else
		fit_times(points, kept, &fit);
	snprintf(row.what, sizeof(row.what), "%s", path->name);
	snprintf(row.held_out, sizeof(row.held_out), "%s %lu", fit_term_names[term],
		 (unsigned long)value);
	take_worst(&fit, points + kept, of->nr - kept, &row);
	rc = add_row(v, &row);
	free(points);
	return rc;
}

/* Was a point before this one at the same place? */
static bool is_repeated(const struct path_points *of, size_t term, size_t index)
{
	for (size_t i = 0; i < index; i++)
		if (of->points[i].at[term] == of->points[index].at[term])
			return true;
	return false;
}

static int validate_path(struct validation *v, const struct plan_path *path, enum path_kind kind)
{
	const struct path_points *of = &path->of[kind];
	int rc = 0;

	for (size_t term = FIT_PAGES; term < FIT_TERMS; term++)
		for (size_t i = 0; !rc && i < of->nr; i++) {
			uint64_t value = of->points[i].at[term];

			if (value > of->fit.low[term] && value < of->fit.high[term] &&
			    !is_repeated(of, term, i))
				rc = hold_out(v, path, kind, term, value);
		}
	return rc;
}

/* Of the lock, by the same threads when they did something else: waits are not looked at. */
static struct sim_times handover_elsewhere(const struct plan_holds *all, const struct hold_case *two)
{
	for (size_t i = 0; i < all->nr; i++) {
		const struct hold_case *c = &all->cases[i];

		if (c->run == two->run && c->threads == two->threads && c->order != two->order &&
		    c->handover.count)
			return holds_times(&c->handover);
	}
	return (struct sim_times){0};
}

/* Two builders that think and hold the lock as two do. What they wait was not looked at. */
static void make_sim(const struct plan_holds *all, const struct hold_case *one,
		     const struct hold_case *two, struct sim *sim)
{
	*sim = (struct sim){.builders = two->threads,
			    .locks = 1,
			    .acquire = one->wait.mean,
			    .handover = handover_elsewhere(all, two),
			    .nr_kinds = 2,
			    .sections = SECTIONS,
			    .seed = SEED};
	/* An allocation, then what frees its pages. */
	sim->kinds[0] =
		(struct sim_kind){0, holds_times(&two->think_alloc), holds_times(&two->alloc), 1};
	sim->kinds[1] = (struct sim_kind){0, holds_times(&two->think_free), holds_times(&two->free),
					  (unsigned int)(two->free.count / two->alloc.count) ?: 1};
}

static int validate_wait(struct validation *v, const struct plan_holds *all,
			 const struct hold_case *one, const struct hold_case *two)
{
	struct validated row = {.kind = VALIDATED_WAIT,
				.points = two->wait.count,
				.not_judged = !hold_case_ran(two)};
	struct sim_figures figures;
	struct sim sim;
	int rc;

	make_sim(all, one, two, &sim);
	rc = sim_run(&sim, &figures);
	if (rc)
		return rc;
	snprintf(row.what, sizeof(row.what), "mean wait of 2 threads, order %u", two->order);
	snprintf(row.held_out, sizeof(row.held_out), "waits of run %zu, where they ran %.3g %%",
		 two->run, 100 * two->ran);
	row.predicted = figures.wait;
	row.measured = two->wait.mean;
	return add_row(v, &row);
}

int validate(const struct plan_calibration *c, struct validation *out)
{
	int rc = 0;

	*out = (struct validation){0};
	for (enum path_kind kind = 0; kind < PATH_KINDS; kind++)
		for (size_t i = 0; !rc && i < c->paths.nr; i++)
			rc = validate_path(out, &c->paths.paths[i], kind);
	for (size_t i = 0; !rc && i < c->holds.nr; i++) {
		const struct hold_case *two = &c->holds.cases[i];
		const struct hold_case *one = holds_find(&c->holds, two->order, 1);

		if (two->threads == 2 && two->think_alloc.count && one)
			rc = validate_wait(out, &c->holds, one, two);
	}
	return rc;
}

void validation_free(struct validation *v)
{
	free(v->rows);
}

bool validated_is_worse(const struct validated *row)
{
	return !row->not_judged && !(fabs(validated_error(row)) <= validate_promise(row->kind));
}

static const char *verdict_of(const struct validated *row)
{
	return row->not_judged ? "not judged" : validated_is_worse(row) ? "WORSE" : "within";
}

/* Is there a row of the same path and kind that is further off? Waits are all shown. */
static bool is_surpassed(const struct validation *v, size_t index)
{
	const struct validated *row = &v->rows[index];

	for (size_t i = 0; row->kind != VALIDATED_WAIT && i < v->nr; i++) {
		double more = fabs(validated_error(&v->rows[i])) - fabs(validated_error(row));

		if (v->rows[i].kind == row->kind && !strcmp(v->rows[i].what, row->what) &&
		    (more > 0 || (more == 0 && i < index)))
			return true;
	}
	return false;
}

void validation_print(const struct validation *v)
{
	static const char *const titles[] = {"instructions", "ns", "ns"};

	printf("| what | held out | predicted | measured | error | promised | |\n"
	       "| --- | --- | --- | --- | --- | --- | --- |\n");
	for (size_t i = 0; i < v->nr; i++) {
		const struct validated *row = &v->rows[i];

		if (is_surpassed(v, i))
			continue;
		printf("| %s | %s | %.6g %s | %.6g | %+.2f %% | %g %% | %s |\n", row->what,
		       row->held_out, row->predicted, titles[row->kind], row->measured,
		       100 * validated_error(row), 100 * validate_promise(row->kind),
		       verdict_of(row));
	}
}

json_t *validation_to_json(const struct validation *v)
{
	static const char *const kinds[] = {"count", "time", "wait"};
	json_t *rows = json_array();

	for (size_t i = 0; i < v->nr; i++) {
		const struct validated *row = &v->rows[i];

		json_array_append_new(rows, json_pack("{s:s, s:s, s:s, s:f, s:f, s:f, s:f, s:b, s:b}",
						      "kind", kinds[row->kind], "what", row->what,
						      "held_out", row->held_out, "predicted",
						      row->predicted, "measured", row->measured,
						      "error", validated_error(row), "promised",
						      validate_promise(row->kind), "judged",
						      !row->not_judged, "worse",
						      validated_is_worse(row)));
	}
	return json_pack("{s:i, s:o}", "validation", 1, "rows", rows);
}
