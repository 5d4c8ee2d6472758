// SPDX-License-Identifier: GPL-2.0-only
#include "plots/ridges.h"

#include <stdlib.h>
#include <string.h>

#define ROW_HEIGHT 26
#define MARGINS 176

struct ridge *ridges_get(struct ridges *ridges, const char *name, bool after)
{
	struct ridge *ridge;
	unsigned int i;

	for (i = 0; i < ridges->nr; i++)
		if (ridges->ridges[i].after == after && !strcmp(ridges->ridges[i].name, name))
			return &ridges->ridges[i];
	if (ridges->nr == MAX_RIDGES)
		return NULL;
	ridge = &ridges->ridges[ridges->nr];
	snprintf(ridge->name, sizeof(ridge->name), "%s", name);
	ridge->after = after;
	ridge->hist = hist_new();
	if (!ridge->hist)
		return NULL;
	ridges->nr++;
	return ridge;
}

static int compare_ridges(const void *a, const void *b)
{
	const struct ridge *left = a, *right = b;
	int order = strcmp(left->name, right->name);

	return order ? order : left->after - right->after;
}

void ridges_sort(struct ridges *ridges)
{
	qsort(ridges->ridges, ridges->nr, sizeof(ridges->ridges[0]), compare_ridges);
}

/* Bars of some buckets each. */
static uint64_t count_merged(const struct hist *h, unsigned int first, unsigned int merged)
{
	uint64_t count = 0;
	unsigned int i;

	for (i = first; i < first + merged; i++)
		count += h->buckets[i];
	return count;
}

static void put_buckets(struct plot *plot, unsigned int row, const struct ridge *ridge,
			unsigned int merged)
{
	const struct hist *h = ridge->hist;
	uint64_t most = 1, count;
	unsigned int i;

	for (i = 0; i < HIST_BUCKETS; i += merged)
		if (count_merged(h, i, merged) > most)
			most = count_merged(h, i, merged);
	for (i = 0; i < HIST_BUCKETS; i += merged) {
		count = count_merged(h, i, merged);
		if (count)
			fprintf(plot->data, "%u\t%llu\t%llu\t%.6f\t%d\n", row,
				(unsigned long long)hist_lower(i),
				(unsigned long long)hist_upper(i + merged - 1) + 1,
				(double)count / (double)most, ridge->after);
	}
}

/* Returns the width of what stands right of the plot. */
static unsigned int put_names(struct plot *plot, const struct ridges *ridges,
			      const char *const sides[2])
{
	unsigned int i, most = 0;

	fputs("\n\n", plot->data);
	for (i = 0; i < ridges->nr; i++) {
		const struct ridge *ridge = &ridges->ridges[i];
		const struct hist *h = ridge->hist;
		char figures[96];

		fprintf(plot->data, "%u\t", i);
		plot_put(plot, ridge->name);
		snprintf(figures, sizeof(figures), "p50 %llu  p90 %llu  p99 %llu  n %llu",
			 (unsigned long long)hist_quantile(h, 500),
			 (unsigned long long)hist_quantile(h, 900),
			 (unsigned long long)hist_quantile(h, 990), (unsigned long long)h->count);
		fprintf(plot->data, "%s%s\t%s\n", sides ? " " : "",
			sides ? sides[ridge->after] : "", figures);
		if (strlen(figures) > most)
			most = (unsigned int)strlen(figures);
	}
	return 20 + 6 * most;
}

/* Buckets in a bar: where there are many powers of two, none of it would be a pixel wide. */
#define MERGED_BUCKETS 8
#define MERGED_FROM 256

/*
 * All buckets that are drawn, and some room; a single value gets a tenth of itself around it.
 * Returns how many buckets go into a bar.
 */
static unsigned int set_range(struct plot *plot, const struct ridges *ridges)
{
	double low = (double)UINT64_MAX, high = 0, room;
	unsigned int i, j;
	bool logarithmic;

	for (i = 0; i < ridges->nr; i++) {
		for (j = 0; j < HIST_BUCKETS; j++) {
			if (!ridges->ridges[i].hist->buckets[j])
				continue;
			if ((double)hist_lower(j) < low)
				low = (double)hist_lower(j);
			if ((double)hist_upper(j) + 1 > high)
				high = (double)hist_upper(j) + 1;
		}
	}
	logarithmic = low > 0 && high / low >= 8;
	room = (high - low) * 0.04 > 0.05 * high ? (high - low) * 0.04 : 0.05 * high;
	plot_set_number(plot, "logscale_x", logarithmic);
	plot_set_number(plot, "low", logarithmic ? low / 1.2 : low - room);
	plot_set_number(plot, "high", logarithmic ? high * 1.2 : high + room);
	return logarithmic && high / low >= MERGED_FROM ? MERGED_BUCKETS : 1;
}

/* Names stand left of the plot, at about six pixels a character. */
static unsigned int name_width(const struct ridges *ridges)
{
	size_t i, length, most = 0;

	for (i = 0; i < ridges->nr; i++) {
		length = strlen(ridges->ridges[i].name);
		if (length > most)
			most = length;
	}
	return 80 + 6 * (unsigned int)most;
}

unsigned int ridges_height(const struct ridges *ridges)
{
	return MARGINS + ridges->nr * ROW_HEIGHT;
}

void ridges_draw(struct plot *plot, const struct ridges *ridges, const char *const sides[2])
{
	unsigned int i, merged = set_range(plot, ridges);

	for (i = 0; i < ridges->nr; i++)
		put_buckets(plot, i, &ridges->ridges[i], merged);
	plot_set_number(plot, "right", put_names(plot, ridges, sides));
	plot_set_number(plot, "rows", ridges->nr);
	plot_set_number(plot, "left", name_width(ridges));
}

void ridges_plot(struct report *report, const struct topology *t, const struct ridges *ridges,
		 const char *heading, const char *subtitle, const char *axis)
{
	static const char *const sides[] = {BEFORE_VARIANT, AFTER_VARIANT};
	struct plot plot;

	report_plot_begin_traced(report, &plot, t, RIDGES_SCRIPT, RIDGES_WIDTH,
				 ridges_height(ridges));
	ridges_draw(&plot, ridges, sides);
	plot_set(&plot, "heading", heading);
	plot_set(&plot, "subtitle", subtitle);
	plot_set(&plot, "axis", axis);
	report_end_plot(report, &plot, heading);
}

void ridges_free(struct ridges *ridges)
{
	unsigned int i;

	for (i = 0; i < ridges->nr; i++)
		free(ridges->ridges[i].hist);
	ridges->nr = 0;
}
