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

json_t *paired_real(double value)
{
	return isfinite(value) ? json_real(value) : json_null();
}

static json_t *interval_json(const struct interval *interval)
{
	return json_pack("[o, o]", paired_real(interval->low), paired_real(interval->high));
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
	return bad;
}
