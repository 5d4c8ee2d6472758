// SPDX-License-Identifier: GPL-2.0-only
#include "results/verdict.h"

#include <stdio.h>

#define NOTE_PERMILLE 2
#define MAJOR_PERMILLE 10
#define NOTE_INSTRUCTIONS 8
#define PATH_INSTRUCTIONS 64
#define MIN_PLACES 3
#define MAX_PLACES 10

static __int128 magnitude(__int128 value)
{
	return value < 0 ? -value : value;
}

struct fraction fraction_subtract(uint64_t a, uint64_t a_ops, uint64_t b, uint64_t b_ops)
{
	struct fraction f;

	if (a_ops == b_ops) {
		f.num = (__int128)a - b;
		f.den = a_ops;
	} else {
		f.num = (__int128)a * b_ops - (__int128)b * a_ops;
		f.den = a_ops * b_ops;
	}
	return f;
}

bool fraction_reaches(struct fraction f, uint64_t limit)
{
	return magnitude(f.num) >= (__int128)limit * f.den;
}

bool fraction_exceeds(struct fraction f, int64_t limit)
{
	return f.num > (__int128)limit * f.den;
}

bool fraction_exceeds_share(struct fraction f, uint64_t before, uint64_t ops, int64_t percent)
{
	/* 2^84 · 100 · 2^31 and 2^53 · 1000 · 2^62 stay below 2^127. */
	return f.num * 100 * ops > (__int128)before * percent * f.den;
}

/* |delta| >= permille/1000 of before/ops, in integers: 2^84 · 1000 · 2^31 stays below 2^127. */
static bool reaches_share(struct fraction delta, uint64_t before, uint64_t ops,
			  unsigned int permille)
{
	return magnitude(delta.num) * 1000 * ops >= (__int128)before * permille * delta.den;
}

struct verdict judge_exact(uint64_t before, uint64_t before_ops, uint64_t after, uint64_t after_ops,
			   const struct fraction *path_delta)
{
	struct verdict v = {.delta = fraction_subtract(after, after_ops, before, before_ops)};

	v.percent = (double)v.delta.num / (double)v.delta.den * 100 * (double)before_ops /
		    (double)before;
	if (!v.delta.num)
		v.size = VERDICT_IDENTICAL;
	else if (reaches_share(v.delta, before, before_ops, MAJOR_PERMILLE) ||
		 (path_delta && fraction_reaches(*path_delta, PATH_INSTRUCTIONS)))
		v.size = VERDICT_MAJOR;
	else if (!reaches_share(v.delta, before, before_ops, NOTE_PERMILLE) &&
		 !fraction_reaches(v.delta, NOTE_INSTRUCTIONS))
		v.size = VERDICT_NOTE;
	else
		v.size = VERDICT_MINOR;
	return v;
}

const char *verdict_name(enum verdict_size size)
{
	static const char *const names[] = {
		[VERDICT_IDENTICAL] = "IDENTICAL",
		[VERDICT_NOTE] = "NOTE",
		[VERDICT_MINOR] = "MINOR",
		[VERDICT_MAJOR] = "MAJOR",
		[VERDICT_INCONCLUSIVE] = "INCONCLUSIVE",
		[VERDICT_EQUIVALENT] = "EQUIVALENT",
		[VERDICT_IMPROVED] = "IMPROVED",
		[VERDICT_REGRESSED] = "REGRESSED",
	};

	return names[size];
}

static uint64_t power_of_ten(unsigned int places)
{
	uint64_t power = 1;

	while (places--)
		power *= 10;
	return power;
}

/* rest/den as `places` digits, rounded half up; a carry goes into *whole. */
static uint64_t round_digits(uint64_t rest, uint64_t den, unsigned int places,
			     unsigned __int128 *whole)
{
	uint64_t power = power_of_ten(places);
	uint64_t digits = (uint64_t)(((unsigned __int128)rest * power * 2 + den) /
				     ((unsigned __int128)den * 2));

	if (digits == power) {
		digits = 0;
		++*whole;
	}
	return digits;
}

static const char *print_decimal(struct fraction f, bool sign, unsigned int places, bool inexact,
				 char text[FRACTION_TEXT_SIZE])
{
	unsigned __int128 value = (unsigned __int128)magnitude(f.num);
	unsigned __int128 whole = value / f.den;
	uint64_t digits = round_digits((uint64_t)(value % f.den), f.den, places, &whole);
	const char *mark = f.num < 0 ? "-" : sign && f.num ? "+" : "";

	snprintf(text, FRACTION_TEXT_SIZE, "%s%s%llu.%0*llu", inexact ? "~" : "", mark,
		 (unsigned long long)whole, (int)places, (unsigned long long)digits);
	return text;
}

const char *fraction_format(struct fraction f, bool sign, char text[FRACTION_TEXT_SIZE])
{
	unsigned __int128 rest = (unsigned __int128)magnitude(f.num) % f.den;
	unsigned int places = MIN_PLACES;

	while (places < MAX_PLACES && rest * power_of_ten(places) % f.den)
		places++;
	if (rest * power_of_ten(places) % f.den)
		return print_decimal(f, sign, MIN_PLACES, true, text);
	return print_decimal(f, sign, places, false, text);
}

const char *fraction_format_short(struct fraction f, bool sign, char text[FRACTION_TEXT_SIZE])
{
	return print_decimal(f, sign, MIN_PLACES, false, text);
}
