// SPDX-License-Identifier: GPL-2.0-only
/* Of many hosts: which verdicts all of them share, and which belong to one type of machine. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lib/msg.h"
#include "plots/history_page.h"
#include "plots/html.h"
#include "plots/nights_chart.h"

/* What the last night says of a series. */
enum side { SIDE_UNKNOWN, SIDE_SAME, SIDE_WORSE, SIDE_BETTER };

static enum side side_of(const struct series *s)
{
	const struct verdict *v = &s->points[s->nr - 1].verdict;

	if (series_judged(s))
		return v->size < VERDICT_MINOR ? SIDE_SAME
		       : v->delta.num > 0      ? SIDE_WORSE
					       : SIDE_BETTER;
	if (!s->relative || !s->night.nr)
		return SIDE_UNKNOWN;
	switch (s->night.verdict) {
	case VERDICT_REGRESSED: return SIDE_WORSE;
	case VERDICT_IMPROVED: return SIDE_BETTER;
	case VERDICT_EQUIVALENT: return SIDE_SAME;
	default: return SIDE_UNKNOWN;
	}
}

struct type {
	const char *name;
	size_t hosts, hit; /* with a verdict; with this one */
};

enum reach { REACH_ALL, REACH_TYPES, REACH_HOST, REACH_SOME, NR_REACHES };

/* A verdict on a case, and the hosts that have it. */
struct shared {
	const struct series *first; /* of those that have it */
	struct type *types;
	size_t nr_types, hosts, hit;
	double low, high; /* ln ratio */
};

static bool same_case(const struct series *a, const struct series *b)
{
	return !strcmp(a->name, b->name) && !strcmp(a->metric, b->metric) &&
	       !strcmp(a->unit, b->unit) && !strcmp(a->per, b->per);
}

static bool comparable(const struct series *a, const struct series *b)
{
	return a->nodes == b->nodes && !strcmp(a->variant, b->variant) &&
	       !strcmp(a->target, b->target);
}

static const char *type_of(const struct series *s)
{
	return s->type ? s->type : "no type";
}

static struct type *find_type(struct shared *shared, const char *name)
{
	struct type *types;

	for (size_t i = 0; i < shared->nr_types; i++)
		if (!strcmp(shared->types[i].name, name))
			return &shared->types[i];
	types = reallocarray(shared->types, shared->nr_types + 1, sizeof(*types));
	if (!types)
		die(EXIT_USAGE, "%s", strerror(ENOMEM));
	shared->types = types;
	types[shared->nr_types] = (struct type){name, 0, 0};
	return &types[shared->nr_types++];
}

/* like is the first of series of that case: who of them has the verdict? */
static struct shared gather(const struct series *series, size_t nr, const struct series *like,
			    enum side side)
{
	struct shared out = {.low = INFINITY, .high = -INFINITY};

	for (size_t i = 0; i < nr; i++) {
		const struct series *s = &series[i];
		struct type *type;

		if (!comparable(like, s) || side_of(s) == SIDE_UNKNOWN)
			continue;
		type = find_type(&out, type_of(s));
		type->hosts++;
		out.hosts++;
		if (side_of(s) != side)
			continue;
		type->hit++;
		out.first = out.hit++ ? out.first : s;
		out.low = fmin(out.low, s->points[s->nr - 1].ratio);
		out.high = fmax(out.high, s->points[s->nr - 1].ratio);
	}
	return out;
}

static enum reach reach_of(const struct shared *shared)
{
	enum reach reach = REACH_TYPES;

	if (shared->hit == shared->hosts)
		return REACH_ALL;
	for (size_t i = 0; i < shared->nr_types; i++)
		if (shared->types[i].hit && shared->types[i].hit < shared->types[i].hosts)
			reach = shared->hit == 1 ? REACH_HOST : REACH_SOME;
	return reach;
}

static void put_where(FILE *out, const struct shared *shared, enum reach reach)
{
	const char *before = "";

	if (reach == REACH_ALL || reach == REACH_HOST) {
		html_text(out, reach == REACH_ALL ? "all hosts" : shared->first->host);
		fputs(reach == REACH_HOST ? " alone" : "", out);
		return;
	}
	for (size_t i = 0; i < shared->nr_types; i++) {
		const struct type *t = &shared->types[i];

		if (!t->hit)
			continue;
		fputs(before, out);
		if (reach == REACH_TYPES)
			fputs("all of ", out);
		else
			fprintf(out, "%zu of %zu of ", t->hit, t->hosts);
		html_text(out, t->name);
		before = ", ";
	}
	fputs(reach == REACH_TYPES ? ", no others" : "", out);
}

static void put_row(FILE *out, const struct shared *shared, enum side side, enum reach reach)
{
	const struct series *s = shared->first;
	char place[64], low[32], high[32];

	fputs("<tr><th scope=\"row\">", out);
	html_name(out, s->name);
	html_text(out, series_suffix(s, place));
	snprintf(place, sizeof(place), " %.30s, %.10s", s->variant, s->target);
	fputs("<small>", out);
	html_text(out, place);
	if (s->nodes)
		fprintf(out, ", %u nodes", s->nodes);
	fprintf(out, "</small></th><td class=\"v\"><span class=\"mark\">%s</td><td>",
		side == SIDE_WORSE ? "▲</span> worse" : "▼</span> better");
	share_text(shared->low, low);
	share_text(shared->high, high);
	html_number(out, low);
	if (strcmp(low, high)) {
		fputs(" to ", out);
		html_number(out, high);
	}
	fprintf(out, "</td><td class=\"n\">%zu of %zu</td><td>", shared->hit, shared->hosts);
	put_where(out, shared, reach);
	fputs("</td></tr>\n", out);
}

static bool is_first(const struct series *series, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (comparable(&series[k], &series[i]))
			return false;
	return true;
}

/* Rows of one case, of all its hosts. */
static void put_rows(FILE *out, const struct series *series, size_t nr, size_t counts[NR_REACHES])
{
	for (size_t i = 0; i < nr; i++) {
		if (!is_first(series, i))
			continue;
		for (enum side side = SIDE_WORSE; side <= SIDE_BETTER; side++) {
			struct shared shared = gather(series, nr, &series[i], side);

			if (shared.hit && shared.hosts > 1) {
				counts[reach_of(&shared)]++;
				put_row(out, &shared, side, reach_of(&shared));
			}
			free(shared.types);
		}
	}
}

static bool many_hosts(const struct nights *n)
{
	for (size_t i = 1; i < n->nr; i++)
		if (strcmp(n->series[i].host, n->series[0].host))
			return true;
	return false;
}

static char *all_rows(const struct nights *n, size_t counts[NR_REACHES])
{
	char *text = NULL;
	size_t size, nr;
	FILE *rows = open_memstream(&text, &size);

	if (!rows)
		die(EXIT_USAGE, "%s", strerror(ENOMEM));
	for (size_t i = 0; i < n->nr; i += nr) {
		for (nr = 1; i + nr < n->nr && same_case(&n->series[i], &n->series[i + nr]);)
			nr++;
		put_rows(rows, n->series + i, nr, counts);
	}
	if (fclose(rows))
		die(EXIT_USAGE, "%s", strerror(ENOMEM));
	return text;
}

void history_put_hosts(FILE *out, const struct nights *n)
{
	size_t counts[NR_REACHES] = {0};
	char *rows;

	if (!many_hosts(n))
		return;
	rows = all_rows(n, counts);
	fprintf(out,
		"<section id=\"hosts\"><h2>Hosts</h2>\n<p>Verdicts of the last night that are "
		"worse or better: %zu common to all hosts, %zu of all hosts of a type and no "
		"others, %zu of one host alone, %zu of some hosts.</p>\n",
		counts[REACH_ALL], counts[REACH_TYPES], counts[REACH_HOST], counts[REACH_SOME]);
	if (*rows)
		fprintf(out,
			"<div class=\"wide\"><table class=\"sort names\"><thead><tr>"
			"<th scope=\"col\">Case</th><th scope=\"col\">It got</th>"
			"<th scope=\"col\">by</th><th scope=\"col\" class=\"n\">Hosts</th>"
			"<th "
			"scope=\"col\">Where</th></tr></thead><tbody>\n%s</tbody></table></div>\n",
			rows);
	fputs("</section>\n", out);
	free(rows);
}
