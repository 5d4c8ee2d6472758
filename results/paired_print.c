// SPDX-License-Identifier: GPL-2.0-only
#include "results/paired_print.h"

#include <math.h>

static double percent(double ratio)
{
	return expm1(ratio) * 100;
}

void paired_print_effect(FILE *out, const struct paired *p)
{
	fprintf(out, "%+.2f %%", percent(p->effect));
	if (isfinite(p->at95.low))
		fprintf(out, " [%+.2f, %+.2f]", percent(p->at95.low), percent(p->at95.high));
}

void paired_print_judged(FILE *out, const struct paired *p)
{
	fprintf(out, ", q %.3g", p->q);
	if (p->verdict == VERDICT_EQUIVALENT)
		fprintf(out, ", within %.2f %%", percent(p->delta));
	if (p->verdict != VERDICT_INCONCLUSIVE)
		return;
	if (p->nr < PAIRED_LEAST)
		fprintf(out, ", %d pairs are the least", PAIRED_LEAST);
	else if (isfinite(p->detectable))
		fprintf(out, ", could have seen %.2f %%", percent(p->detectable));
	if (p->needed <= p->nr)
		fprintf(out, ", too near %.2f %%", percent(p->delta));
	else if (p->needed != SIZE_MAX)
		fprintf(out, ", %zu pairs would settle it", p->needed);
}

static void print_numbers(uint32_t flagged, char *text, size_t size)
{
	size_t length = 0, left = (size_t)__builtin_popcount(flagged);

	for (unsigned int i = 0; left; i++) {
		if (!(flagged >> i & 1))
			continue;
		left--;
		length += (size_t)snprintf(text + length, size - length, "%u%s", i + 1,
					   left > 1    ? ", "
					   : left == 1 ? " and "
						       : "");
	}
}

const char *paired_flagged_text(const struct paired *p, char text[PAIRED_FLAGGED_TEXT])
{
	bool one = !(p->flagged & (p->flagged - 1)), rests = p->without != p->verdict;
	char numbers[PAIRED_MOST * 4];

	*text = 0;
	if (!p->flagged)
		return text;
	print_numbers(p->flagged, numbers, sizeof(numbers));
	snprintf(text, PAIRED_FLAGGED_TEXT, ", %spair%s %s%s: %s without %s",
		 rests ? "rests on " : "", one ? "" : "s", numbers,
		 rests ? (one ? ", an outlier" : ", outliers")
		 : one ? " is an outlier"
		       : " are outliers",
		 rests ? verdict_name(p->without) : "the same", one ? "it" : "them");
	return text;
}

json_t *paired_real(double value)
{
	return isfinite(value) ? json_real(value) : json_null();
}

static json_t *interval_json(const struct interval *interval)
{
	return json_pack("[o, o]", paired_real(interval->low), paired_real(interval->high));
}

static json_t *flagged_json(uint32_t flagged)
{
	json_t *array = json_array();

	for (json_int_t i = 0; flagged >> i; i++)
		if (flagged >> i & 1)
			json_array_append_new(array, json_integer(i + 1));
	return array;
}

int paired_set_json(json_t *object, const struct paired *p)
{
	int bad = json_object_set_new(object, "pairs", json_integer((json_int_t)p->nr));

	bad |= json_object_set_new(object, "effect", paired_real(p->effect));
	bad |= json_object_set_new(object, "interval", interval_json(&p->at95));
	bad |= json_object_set_new(object, "interval90", interval_json(&p->at90));
	bad |= json_object_set_new(object, "delta", paired_real(p->delta));
	bad |= json_object_set_new(object, "p", paired_real(p->p));
	bad |= json_object_set_new(object, "q", paired_real(p->q));
	bad |= json_object_set_new(object, "detectable", paired_real(p->detectable));
	bad |= json_object_set_new(object, "pairs_needed",
				   p->needed == SIZE_MAX ? json_null()
							 : json_integer((json_int_t)p->needed));
	bad |= json_object_set_new(object, "flagged", flagged_json(p->flagged));
	bad |= json_object_set_new(object, "verdict_without_flagged",
				   p->flagged ? json_string(verdict_name(p->without))
					      : json_null());
	return bad;
}
