// SPDX-License-Identifier: GPL-2.0-only
#include "results/stats.h"

#include <math.h>
#include <stdlib.h>

/* From here on t is normal to six places; the sums of t_cdf() would only get longer. */
#define FREEDOM_MOST 1000000
#define OUTLIER_DEVIATIONS 14.83

double stats_mean(const double *values, size_t nr)
{
	double sum = 0;

	for (size_t i = 0; i < nr; i++)
		sum += values[i];
	return sum / (double)nr;
}

double stats_deviation(const double *values, size_t nr)
{
	double sum = 0, mean = stats_mean(values, nr);

	for (size_t i = 0; i < nr; i++)
		sum += (values[i] - mean) * (values[i] - mean);
	return sqrt(sum / (double)(nr - 1));
}

static int by_value(const void *left, const void *right)
{
	const double *a = left, *b = right;

	return (*a > *b) - (*a < *b);
}

void stats_sort(double *values, size_t nr)
{
	qsort(values, nr, sizeof(*values), by_value);
}

double stats_quantile(const double *sorted, size_t nr, double level)
{
	double place = level * (double)(nr - 1);
	size_t below = (size_t)place;

	if (below + 1 >= nr)
		return sorted[nr - 1];
	return sorted[below] + (place - (double)below) * (sorted[below + 1] - sorted[below]);
}

double stats_far(const double *sorted, size_t nr, double *scratch, double *median)
{
	*median = stats_quantile(sorted, nr, 0.5);
	for (size_t i = 0; i < nr; i++)
		scratch[i] = fabs(sorted[i] - *median);
	stats_sort(scratch, nr);
	return OUTLIER_DEVIATIONS * stats_quantile(scratch, nr, 0.5);
}

double normal_cdf(double z)
{
	return erfc(-z / M_SQRT2) / 2;
}

/* The share that lies within -t … t: finite sums, Abramowitz and Stegun 26.7.3 and 26.7.4. */
static double t_within(double t, size_t freedom)
{
	double angle = atan(t / sqrt((double)freedom)), cosine = cos(angle);
	double term = freedom % 2 ? cosine : 1, sum = freedom == 1 ? 0 : term;

	for (size_t k = freedom % 2 ? 3 : 2; k + 1 < freedom; k += 2) {
		term *= cosine * cosine * (double)(k - 1) / (double)k;
		sum += term;
	}
	if (freedom % 2)
		return M_2_PI * (angle + sin(angle) * sum);
	return sin(angle) * sum;
}

double t_cdf(double t, size_t freedom)
{
	if (freedom > FREEDOM_MOST)
		return normal_cdf(t);
	return 0.5 + (t < 0 ? -1 : 1) * t_within(fabs(t), freedom) / 2;
}

/* By bisection: the most is that of one degree of freedom at 1e-12. */
static double invert(double (*cdf)(double, size_t), double level, size_t freedom, double most)
{
	double low = -most, high = most;

	while (high - low > 1e-12 * (1 + fabs(low))) {
		double middle = (low + high) / 2;

		if (cdf(middle, freedom) < level)
			low = middle;
		else
			high = middle;
	}
	return (low + high) / 2;
}

static double normal_cdf_of(double z, size_t unused)
{
	(void)unused;
	return normal_cdf(z);
}

double normal_quantile(double level)
{
	return invert(normal_cdf_of, level, 0, 38);
}

double t_quantile(double level, size_t freedom)
{
	return invert(t_cdf, level, freedom, 1e12);
}

uint64_t random_next(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15ull;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ull;
	z = (z ^ z >> 27) * 0x94d049bb133111ebull;
	return z ^ z >> 31;
}
