// SPDX-License-Identifier: GPL-2.0-only
#include "results/plan_fit.h"

#include <errno.h>
#include <math.h>
#include <string.h>

#include "results/stats.h"

/* A term of which less is left, once the others are taken out, adds nothing to them. */
#define DEPENDENT 1e-9

typedef __int128 wide;

const char *const fit_term_names[FIT_TERMS] = {
	[FIT_CALL] = "",
	[FIT_PAGES] = "2^order",
	[FIT_NODES] = "nodes",
	[FIT_ENTRIES] = "entries",
};

static uint64_t common_divisor(uint64_t a, uint64_t b)
{
	while (b) {
		uint64_t rest = a % b;

		a = b;
		b = rest;
	}
	return a;
}

/* The least number that is a multiple of all ops, or 0 when it is too large. */
static uint64_t common_ops(const struct fit_point *points, size_t nr)
{
	uint64_t all = 1;

	for (size_t i = 0; i < nr; i++)
		if (__builtin_mul_overflow(all / common_divisor(all, points[i].ops), points[i].ops,
					   &all))
			return 0;
	return all;
}

/* sum += a·b; false on overflow. */
static bool add_product(wide *sum, wide a, wide b)
{
	wide product;

	return !__builtin_mul_overflow(a, b, &product) &&
	       !__builtin_add_overflow(*sum, product, sum);
}

/* Normal equations of sums of `all` operations. */
static bool count_equations(const struct fit_point *points, size_t nr, uint64_t all,
			    wide m[FIT_TERMS][FIT_TERMS + 1])
{
	bool fits = true;

	memset(m, 0, sizeof(wide[FIT_TERMS][FIT_TERMS + 1]));
	for (size_t p = 0; p < nr; p++) {
		wide value = (wide)points[p].sum * (all / points[p].ops);

		for (size_t i = 0; i < FIT_TERMS; i++) {
			for (size_t j = 0; j < FIT_TERMS; j++)
				fits &= add_product(&m[i][j], points[p].at[i], points[p].at[j]);
			fits &= add_product(&m[i][FIT_TERMS], points[p].at[i], value);
		}
	}
	return fits;
}

/* a·b - c·d over what divides it without a remainder. */
static bool eliminate(wide a, wide b, wide c, wide d, wide divisor, wide *out)
{
	wide left, right;

	if (__builtin_mul_overflow(a, b, &left) || __builtin_mul_overflow(c, d, &right) ||
	    __builtin_sub_overflow(left, right, &left))
		return false;
	*out = left / divisor;
	return true;
}

/*
 * Fraction-free elimination (Bareiss 1968): afterwards term i is m[i][FIT_TERMS] / *determinant. A
 * pivot of 0 is a term that depends on those before it.
 */
static bool solve_counts(wide m[FIT_TERMS][FIT_TERMS + 1], bool used[FIT_TERMS], wide *determinant)
{
	wide last = 1;

	for (size_t k = 0; k < FIT_TERMS; k++) {
		wide pivot = m[k][k];

		used[k] = pivot != 0;
		for (size_t i = 0; used[k] && i < FIT_TERMS; i++) {
			wide factor = m[i][k];

			for (size_t j = 0; i != k && j <= FIT_TERMS; j++)
				if (!eliminate(pivot, m[i][j], factor, m[k][j], last, &m[i][j]))
					return false;
		}
		last = used[k] ? pivot : last;
	}
	*determinant = last;
	return true;
}

/* Points that the solution misses, were it by the least fraction. */
static bool count_off(const struct fit_point *points, size_t nr, uint64_t all,
		      wide m[FIT_TERMS][FIT_TERMS + 1], wide determinant, struct fit *out)
{
	bool fits = true;

	for (size_t p = 0; p < nr; p++) {
		wide error = 0;

		fits &= add_product(&error, (wide)points[p].sum * (all / points[p].ops),
				    -determinant);
		for (size_t i = 0; i < FIT_TERMS; i++)
			if (out->used[i])
				fits &= add_product(&error, m[i][FIT_TERMS], points[p].at[i]);
		out->nr_off += error != 0;
	}
	return fits;
}

static void note_errors(const struct fit_point *points, size_t nr, struct fit *out)
{
	double squares = 0;

	for (size_t p = 0; p < nr; p++) {
		double error = fit_predict(out, points[p].at) / points[p].value - 1;

		squares += error * error;
		if (fabs(error) > out->worst) {
			out->worst = fabs(error);
			out->worst_at = p;
		}
	}
	out->deviation = out->freedom ? sqrt(squares / (double)out->freedom) : 0;
}

static void note_range(const struct fit_point *points, size_t nr, struct fit *out)
{
	*out = (struct fit){.nr = nr};
	for (size_t i = 0; i < FIT_TERMS; i++) {
		out->low[i] = UINT64_MAX;
		for (size_t p = 0; p < nr; p++) {
			uint64_t at = points[p].at[i];

			out->low[i] = at < out->low[i] ? at : out->low[i];
			out->high[i] = at > out->high[i] ? at : out->high[i];
		}
	}
}

static void count_freedom(struct fit *out)
{
	size_t terms = 0;

	for (size_t i = 0; i < FIT_TERMS; i++)
		terms += out->used[i];
	out->freedom = out->nr > terms ? out->nr - terms : 0;
}

int fit_counts(const struct fit_point *points, size_t nr, struct fit *out)
{
	wide m[FIT_TERMS][FIT_TERMS + 1], determinant;
	uint64_t all = common_ops(points, nr);

	if (!nr)
		return -EINVAL;
	note_range(points, nr, out);
	if (!all || !count_equations(points, nr, all, m) ||
	    !solve_counts(m, out->used, &determinant) ||
	    !count_off(points, nr, all, m, determinant, out)) {
		fit_times(points, nr, out);
		return -ERANGE;
	}
	for (size_t i = 0; i < FIT_TERMS; i++)
		if (out->used[i])
			out->coefficient[i] =
				(double)m[i][FIT_TERMS] / (double)determinant / (double)all;
	out->exact = true;
	count_freedom(out);
	note_errors(points, nr, out);
	return 0;
}

/* Gauss and Jordan on the equations beside a unit matrix, which becomes their inverse. */
static void invert(double m[FIT_TERMS][2 * FIT_TERMS], bool used[FIT_TERMS])
{
	double whole[FIT_TERMS];

	for (size_t k = 0; k < FIT_TERMS; k++)
		whole[k] = m[k][k];
	for (size_t k = 0; k < FIT_TERMS; k++) {
		double pivot = m[k][k];

		used[k] = pivot > DEPENDENT * whole[k];
		for (size_t j = 0; used[k] && j < 2 * FIT_TERMS; j++)
			m[k][j] /= pivot;
		for (size_t i = 0; used[k] && i < FIT_TERMS; i++) {
			double factor = m[i][k];

			for (size_t j = 0; i != k && j < 2 * FIT_TERMS; j++)
				m[i][j] -= factor * m[k][j];
		}
	}
}

int fit_times(const struct fit_point *points, size_t nr, struct fit *out)
{
	double m[FIT_TERMS][2 * FIT_TERMS] = {{0}}, right[FIT_TERMS] = {0};

	if (!nr)
		return -EINVAL;
	note_range(points, nr, out);
	for (size_t p = 0; p < nr; p++)
		for (size_t i = 0; i < FIT_TERMS; i++) {
			double scaled = (double)points[p].at[i] / points[p].value;

			for (size_t j = 0; j < FIT_TERMS; j++)
				m[i][j] += scaled * (double)points[p].at[j] / points[p].value;
			right[i] += scaled;
		}
	for (size_t i = 0; i < FIT_TERMS; i++)
		m[i][FIT_TERMS + i] = 1;
	invert(m, out->used);
	for (size_t i = 0; i < FIT_TERMS; i++)
		for (size_t j = 0; j < FIT_TERMS; j++)
			if (out->used[i] && out->used[j]) {
				out->inverse[i][j] = m[i][FIT_TERMS + j];
				out->coefficient[i] += m[i][FIT_TERMS + j] * right[j];
			}
	count_freedom(out);
	note_errors(points, nr, out);
	return 0;
}

double fit_predict(const struct fit *fit, const uint64_t at[FIT_TERMS])
{
	double sum = 0;

	for (size_t i = 0; i < FIT_TERMS; i++)
		sum += fit->coefficient[i] * (double)at[i];
	return sum;
}

double fit_margin(const struct fit *fit, const uint64_t at[FIT_TERMS])
{
	double value = fit_predict(fit, at), spread = value * value;

	if (fit->exact)
		return 0;
	if (!fit->freedom)
		return INFINITY;
	for (size_t i = 0; i < FIT_TERMS; i++)
		for (size_t j = 0; j < FIT_TERMS; j++)
			spread += fit->inverse[i][j] * (double)at[i] * (double)at[j];
	return t_quantile(0.975, fit->freedom) * fit->deviation * sqrt(spread);
}

bool fit_extrapolates(const struct fit *fit, const uint64_t at[FIT_TERMS])
{
	for (size_t i = 0; i < FIT_TERMS; i++)
		if (at[i] < fit->low[i] || at[i] > fit->high[i])
			return true;
	return false;
}
