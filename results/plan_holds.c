// SPDX-License-Identifier: GPL-2.0-only
#include "results/plan_holds.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "results/reader.h"

#define MOST_ORDER 18
#define CASES "contend/order:"
#define CASE_REST "/domain:own/installer:no/"

static const char *text_of(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key)) ?: "";
}

static double number_of(const json_t *object, const char *key)
{
	return json_number_value(json_object_get(object, key));
}

/* A bucket, "[lower edge, count]", of a histogram in ticks. */
static bool read_bucket(const json_t *buckets, size_t i, double *ticks, uint64_t *count)
{
	const json_t *bucket = json_array_get(buckets, i);

	*ticks = json_number_value(json_array_get(bucket, 0));
	*count = (uint64_t)json_integer_value(json_array_get(bucket, 1));
	return json_array_size(bucket) == 2 && *ticks >= 0 && *ticks <= RESULT_MAX_SAMPLE &&
	       *count > 0 && *count <= RESULT_MAX_SAMPLE;
}

/* All times of a metric, in ticks, into one histogram; false: it has none that can be read. */
static bool merge_metric(const json_t *metric, struct hist *all)
{
	const json_t *buckets = json_object_get(metric, "hist");
	double ticks;
	uint64_t count;

	for (size_t i = 0; i < json_array_size(buckets); i++) {
		if (!read_bucket(buckets, i, &ticks, &count))
			return false;
		hist_record_many(all, (uint64_t)ticks, count);
	}
	return json_array_size(buckets) > 0;
}

/* Quantiles by the middle of each of HOLDS_VALUES equal shares. */
static void take_values(const struct hist *h, double ns_per_tick, struct hold_times *out)
{
	uint64_t seen = 0, kept = out->count - out->left_out;
	unsigned int bucket = hist_first(h);

	for (size_t i = 0; i < HOLDS_VALUES; i++) {
		double place = ((double)i + 0.5) / HOLDS_VALUES * (double)kept;

		while (bucket < hist_last(h) && (double)(seen + h->buckets[bucket]) < place)
			seen += h->buckets[bucket++];
		out->values[i] = (double)hist_lower(bucket) * ns_per_tick;
		out->mean += out->values[i] / HOLDS_VALUES;
	}
	for (size_t i = 0; i < HOLDS_VALUES; i++)
		out->values[i] /= out->mean > 0 ? out->mean : 1;
}

static void summarize(const struct hist *h, double ns_per_tick, struct hold_times *out)
{
	uint64_t most = HOLDS_SCHEDULED * hist_quantile(h, 500);

	*out = (struct hold_times){.count = h->count};
	for (unsigned int i = hist_first(h); i <= hist_last(h); i++)
		if (hist_lower(i) > most)
			out->left_out += h->buckets[i];
	out->p50 = (double)hist_quantile(h, 500) * ns_per_tick;
	take_values(h, ns_per_tick, out);
}

/* All times of a metric at one site, or, site NULL, at both. */
static bool merge_sites(const json_t *trace, const char *name, const char *site, struct hist *all)
{
	const json_t *metrics = json_object_get(trace, "metrics"), *metric;
	bool good = true;
	size_t i;

	json_array_foreach(metrics, i, metric)
	{
		if (!strcmp(text_of(metric, "metric"), name) &&
		    (!site || !strcmp(text_of(metric, "site"), site)))
			good &= merge_metric(metric, all);
	}
	return good;
}

/* 0, or -EINVAL where there are none, or some that cannot be read. */
static int take_times(struct reader *r, const json_t *trace, const char *name, bool good,
		      const struct hist *all, struct hold_times *out)
{
	double khz = number_of(trace, "tsc_khz");

	if (!good || !all->count || khz <= 0)
		return reader_fail(r, "trace", "no histogram of %s times", name);
	summarize(all, 1e6 / khz, out);
	return 0;
}

/* 0, -ENOMEM or -EINVAL. */
static int read_metric(struct reader *r, const json_t *trace, const char *name, const char *site,
		       struct hold_times *out)
{
	struct hist *all = hist_new();
	int rc = -ENOMEM;

	if (all)
		rc = take_times(r, trace, name, merge_sites(trace, name, site, all), all, out);
	free(all);
	return rc;
}

static int read_handover(struct reader *r, const json_t *trace, struct hold_times *out)
{
	const json_t *handover = json_object_get(trace, "handover");
	struct hist *all;
	int rc = -ENOMEM;

	if (number_of(handover, "count") <= 0)
		return 0;
	all = hist_new();
	if (all)
		rc = take_times(r, trace, "handover", merge_metric(handover, all), all, out);
	free(all);
	return rc;
}

/*
 * Of a pair, in a thread, while it was traced: tracing takes time as well. What was held for so
 * long is that share of it.
 */
static double traced_pair_ns(const json_t *trace, unsigned int threads)
{
	const json_t *metrics = json_object_get(trace, "metrics"), *metric;
	double pairs = number_of(trace, "pairs"), khz = number_of(trace, "tsc_khz");
	size_t i;

	json_array_foreach(metrics, i, metric)
	{
		double share = number_of(metric, "share");

		if (share > 0 && pairs > 0 && khz > 0)
			return number_of(metric, "sum") / share / khz * 1e6 / pairs * threads;
	}
	return 0;
}

static int read_case(struct reader *r, const struct result_case *test, struct hold_case *out)
{
	const json_t *trace = json_object_get(test->details, "trace");
	int rc;

	out->name = test->name;
	out->order = (unsigned int)number_of(test->details, "order");
	out->threads = (unsigned int)number_of(test->details, "threads");
	out->pair_ns = traced_pair_ns(trace, out->threads);
	out->ran = json_is_number(json_object_get(trace, "ran")) ? number_of(trace, "ran") : 1;
	if (number_of(test->details, "order") < 0 || out->order > MOST_ORDER)
		return reader_fail(r, "claimperf", "order: not a number from 0 to %d", MOST_ORDER);
	if (out->pair_ns <= 0)
		return reader_fail(r, "claimperf", "no threads, no pairs, or no share of a hold");
	rc = read_metric(r, trace, "hold", "alloc", &out->alloc);
	if (!rc)
		rc = read_metric(r, trace, "hold", "free", &out->free);
	if (!rc)
		rc = read_metric(r, trace, "wait", NULL, &out->wait);
	/* Older results have no more. */
	if (rc || !json_object_get(trace, "handover"))
		return rc;
	rc = read_metric(r, trace, "think", "alloc", &out->think_alloc);
	if (!rc)
		rc = read_metric(r, trace, "think", "free", &out->think_free);
	return rc ? rc : read_handover(r, trace, &out->handover);
}

static bool is_wanted(const struct result_case *test)
{
	return !test->skipped && !strncmp(test->name, CASES, strlen(CASES)) &&
	       strstr(test->name, CASE_REST) && json_object_get(test->details, "trace");
}

int holds_add(struct plan_holds *all, const struct result *run, size_t number,
	      char error[RESULT_ERROR_SIZE])
{
	struct reader r = {.path = run->path, .error = error};
	int rc = 0;

	for (size_t i = 0; !rc && i < run->nr_cases; i++) {
		struct hold_case *more;

		if (!is_wanted(&run->cases[i]))
			continue;
		more = reallocarray(all->cases, all->nr + 1, sizeof(*more));
		if (!more)
			return -ENOMEM;
		all->cases = more;
		snprintf(r.where, sizeof(r.where), "%.200s", run->cases[i].name);
		more[all->nr] = (struct hold_case){.run = number};
		rc = read_case(&r, &run->cases[i], &more[all->nr]);
		all->nr += !rc;
	}
	return rc;
}

static bool is_like(const struct hold_case *c, unsigned int order, unsigned int threads)
{
	return c->order == order && c->threads == threads;
}

/* Are there any that had their CPUs? Then the others are none to choose from. */
static bool any_ran(const struct plan_holds *all, unsigned int order, unsigned int threads)
{
	for (size_t i = 0; i < all->nr; i++)
		if (is_like(&all->cases[i], order, threads) && hold_case_ran(&all->cases[i]))
			return true;
	return false;
}

const struct hold_case *holds_find(const struct plan_holds *all, unsigned int order,
				   unsigned int threads)
{
	const struct hold_case *found = NULL;
	bool ran = any_ran(all, order, threads);

	for (size_t i = 0; i < all->nr; i++) {
		const struct hold_case *c = &all->cases[i];

		if (is_like(c, order, threads) && hold_case_ran(c) == ran &&
		    (!found || c->pair_ns < found->pair_ns))
			found = c;
	}
	return found;
}

const struct hold_case *holds_pick(const struct plan_holds *all, unsigned int order,
				   unsigned int threads, uint64_t number)
{
	bool ran = any_ran(all, order, threads);
	size_t nr = 0;

	for (size_t i = 0; i < all->nr; i++)
		nr += is_like(&all->cases[i], order, threads) &&
		      hold_case_ran(&all->cases[i]) == ran;
	number = nr ? number % nr : 0;
	for (size_t i = 0; i < all->nr; i++)
		if (is_like(&all->cases[i], order, threads) &&
		    hold_case_ran(&all->cases[i]) == ran && !number--)
			return &all->cases[i];
	return NULL;
}

void holds_free(struct plan_holds *all)
{
	free(all->cases);
	*all = (struct plan_holds){0};
}

struct sim_times holds_times(const struct hold_times *times)
{
	return (struct sim_times){SIM_MEASURED, times->mean, times->values, HOLDS_VALUES};
}
