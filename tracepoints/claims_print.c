// SPDX-License-Identifier: GPL-2.0-only
#include <inttypes.h>

#include "tracepoints/catalog.h"
#include "tracepoints/claims.h"

/* Domains one after the other: lives are sorted by them. */
static bool is_first(const struct claims *c, uint32_t life)
{
	return !life || c->lives[life].domid != c->lives[life - 1].domid;
}

static uint32_t count_domains(const struct claims *c)
{
	uint32_t i, count = 0;

	for (i = 0; i < c->nr_lives; i++)
		count += is_first(c, i);
	return count;
}

static void print_head(FILE *out, const char *file, const struct claims *c)
{
	fprintf(out, "file      %s\n", file);
	fprintf(out,
		"claims    %" PRIu32 " of %" PRIu32 " domains, %" PRIu64 " of them do not add up\n",
		c->nr_lives, count_domains(c), claims_count_unexplained(c));
	fprintf(out, "states    %" PRIu64 " records of free and claimed pages", c->states);
	if (c->pages->corrections)
		fprintf(out,
			"; %" PRIu64
			" figures differ from what other records add up to, by at most %" PRIu64,
			c->pages->corrections, c->pages->worst);
	fputc('\n', out);
	if (c->lost)
		fprintf(out, "lost      %" PRIu64 " records: what does not add up may be theirs\n",
			c->lost);
	if (c->not_kept)
		fprintf(out, "not kept  %" PRIu64 " changes of claims beyond the first %u\n",
			c->not_kept, CLAIM_LIVES_MAX);
}

static void print_domain(FILE *out, const struct claims *c, const struct claim_life *life)
{
	const struct claim_domain *d = c->domains[life->domid];
	const char *comma = "";
	uint32_t node;

	fprintf(out, "\ndomain %" PRIu32 ": allocated", d->domid);
	for (node = 0; node < HEAP_NODE_NONE; node++) {
		if (!d->allocated[node])
			continue;
		fprintf(out, "%s %" PRIu64 " pages on node %" PRIu32, comma, d->allocated[node],
			node);
		comma = ",";
	}
	fprintf(out, "%s\n%-10s %16s %10s %10s %10s %10s %10s  end\n", *comma ? "" : " nothing",
		"claim", "installed at", "pages", "redeemed", "off node", "released", "left");
}

static void print_end(FILE *out, const struct claim_life *life)
{
	fprintf(out, "  %s", claim_end_name(life->end));
	if (life->end != CLAIM_OPEN)
		fprintf(out, " at %" PRIu64, life->end_tsc);
	if (!life->known)
		fputs("; installed before the trace", out);
	if (life->unexplained > 0)
		fprintf(out, "; %" PRId64 " PAGES MISSING", life->unexplained);
	if (life->unexplained < 0)
		fprintf(out, "; %" PRId64 " PAGES TOO MANY", -life->unexplained);
	fputc('\n', out);
}

static void print_life(FILE *out, const struct claim_life *life)
{
	char node[16] = "host";

	if (life->somewhere)
		snprintf(node, sizeof(node), "some node");
	else if (life->node != HEAP_NODE_NONE)
		snprintf(node, sizeof(node), "node %" PRIu32, life->node);
	fprintf(out, "%-10s ", node);
	if (life->known)
		fprintf(out, "%16" PRIu64 " %10" PRIu64, life->begin_tsc, life->installed);
	else
		fprintf(out, "%16s %10s", "?", "?");
	fprintf(out, " %10" PRIu64 " %10" PRIu64 " %10" PRIu64, life->redeemed, life->off_node,
		life->released);
	if (life->known)
		fprintf(out, " %10" PRIu64, life->left);
	else
		fprintf(out, " %10s", "?");
	print_end(out, life);
}

static void print_uses(FILE *out, const struct claim_life *life)
{
	const struct claim_use *u;
	const char *site;
	char where[16];
	unsigned int i;

	for (i = 0; i < life->nr_uses; i++) {
		u = &life->uses[i];
		site = catalog_value_name("site", u->site);
		snprintf(where, sizeof(where), "node %" PRIu32, u->node);
		fprintf(out,
			"  by %-16s order %-2" PRIu32 " on %-8s %10" PRIu64 " sections %10" PRIu64
			" pages\n",
			site ? site : "?", u->order, u->node == HEAP_NODE_NONE ? "no node" : where,
			u->count, u->pages);
	}
}

void claims_print(FILE *out, const char *file, const struct claims *c)
{
	uint32_t i;

	print_head(out, file, c);
	for (i = 0; i < c->nr_lives; i++) {
		if (is_first(c, i))
			print_domain(out, c, &c->lives[i]);
		print_life(out, &c->lives[i]);
		print_uses(out, &c->lives[i]);
	}
}

/* The name of a file is the only text from outside. */
static void print_json_text(FILE *out, const char *text)
{
	fputc('"', out);
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			fprintf(out, "\\%c", *text);
		else if ((unsigned char)*text < ' ')
			fprintf(out, "\\u%04x", (unsigned int)*text);
		else
			fputc(*text, out);
	}
	fputc('"', out);
}

static void print_json_node(FILE *out, uint32_t node)
{
	if (node == HEAP_NODE_NONE)
		fputs("null", out);
	else
		fprintf(out, "%" PRIu32, node);
}

static void print_json_uses(FILE *out, const struct claim_life *life)
{
	unsigned int i;

	fputs(",\"uses\":[", out);
	for (i = 0; i < life->nr_uses; i++) {
		const struct claim_use *u = &life->uses[i];
		const char *site = catalog_value_name("site", u->site);

		fprintf(out, "%s{\"site\":\"%s\",\"order\":%" PRIu32 ",\"node\":", i ? "," : "",
			site ? site : "?", u->order);
		print_json_node(out, u->node);
		fprintf(out, ",\"count\":%" PRIu64 ",\"pages\":%" PRIu64 "}", u->count, u->pages);
	}
	fputs("]", out);
}

static void print_json_life(FILE *out, const struct claim_life *life)
{
	fprintf(out, "{\"target\":\"%s\",\"node\":",
		life->somewhere		       ? "some node"
		: life->node == HEAP_NODE_NONE ? "host"
					       : "node");
	print_json_node(out, life->somewhere ? HEAP_NODE_NONE : life->node);
	if (life->known)
		fprintf(out,
			",\"installed_tsc\":%" PRIu64 ",\"installed\":%" PRIu64
			",\"left\":%" PRIu64,
			life->begin_tsc, life->installed, life->left);
	else
		fputs(",\"installed_tsc\":null,\"installed\":null,\"left\":null", out);
	fprintf(out, ",\"redeemed\":%" PRIu64 ",\"off_node\":%" PRIu64 ",\"released\":%" PRIu64,
		life->redeemed, life->off_node, life->released);
	fprintf(out, ",\"unexplained\":%" PRId64 ",\"end\":\"%s\",\"end_tsc\":", life->unexplained,
		claim_end_name(life->end));
	if (life->end == CLAIM_OPEN)
		fputs("null", out);
	else
		fprintf(out, "%" PRIu64, life->end_tsc);
	print_json_uses(out, life);
	fputc('}', out);
}

static void print_json_domain(FILE *out, const struct claim_domain *d)
{
	const char *comma = "";
	uint32_t node;

	fprintf(out, "{\"domid\":%" PRIu32 ",\"allocated\":[", d->domid);
	for (node = 0; node < HEAP_NODE_NONE; node++) {
		if (!d->allocated[node])
			continue;
		fprintf(out, "%s{\"node\":%" PRIu32 ",\"pages\":%" PRIu64 "}", comma, node,
			d->allocated[node]);
		comma = ",";
	}
	fputs("],\"claims\":[", out);
}

void claims_print_json(FILE *out, const char *file, const struct claims *c)
{
	uint32_t i;

	fputs("{\"file\":", out);
	print_json_text(out, file);
	fprintf(out,
		",\"lost\":%" PRIu64 ",\"anomaly_count\":%" PRIu64 ",\"unexplained\":%" PRIu64
		",\"not_kept\":%" PRIu64 ",\"states\":%" PRIu64 ",\"corrections\":%" PRIu64
		",\"worst_correction\":%" PRIu64 ",\"domains\":[",
		c->lost, c->anomalies, claims_count_unexplained(c), c->not_kept, c->states,
		c->pages->corrections, c->pages->worst);
	for (i = 0; i < c->nr_lives; i++) {
		if (is_first(c, i)) {
			fputs(i ? "]}," : "", out);
			print_json_domain(out, c->domains[c->lives[i].domid]);
		} else {
			fputc(',', out);
		}
		print_json_life(out, &c->lives[i]);
	}
	fputs(c->nr_lives ? "]}]}\n" : "]}\n", out);
}
