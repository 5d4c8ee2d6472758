// SPDX-License-Identifier: GPL-2.0-only
#include "tracepoints/print.h"

#include <inttypes.h>
#include <string.h>

#define ANOMALIES_SHOWN 10

static void print_notes(FILE *out, const struct summary *s)
{
	unsigned int i;

	for (i = 0; i < s->losses.kept && i < ANOMALIES_SHOWN; i++)
		fprintf(out,
			"lost      %" PRIu32 " records of CPU %" PRIu32 " before offset %" PRIu64
			"\n",
			s->losses.notes[i].lost, s->losses.notes[i].cpu, s->losses.notes[i].offset);
	if (s->losses.count > i)
		fprintf(out, "lost      … at %" PRIu64 " more places\n", s->losses.count - i);
	for (i = 0; i < s->anomalies.kept && i < ANOMALIES_SHOWN; i++)
		fprintf(out, "anomaly   at offset %" PRIu64 ": %s\n", s->anomalies.notes[i].offset,
			s->anomalies.notes[i].what);
	if (s->anomalies.count > i)
		fprintf(out, "anomaly   … and %" PRIu64 " more\n", s->anomalies.count - i);
}

static void print_head(FILE *out, const char *file, const struct summary *s)
{
	fprintf(out, "file      %s, %" PRIu64 " bytes", file, s->bytes);
	if (s->skipped)
		fprintf(out, ", %" PRIu64 " of them not decoded", s->skipped);
	fprintf(out,
		"\nrecords   %" PRIu64 ", %" PRIu64 " of them heap and claim events, from %u CPUs"
		" within %" PRIu64 " cycles\n",
		s->records, s->ours, s->cpus, s->last_tsc - s->first_tsc);
	fprintf(out, "lost      %" PRIu64 " records%s\n", s->lost,
		s->lost ? ": all figures below are LOSSY, lower bounds of what happened" : "");
	print_notes(out, s);
}

static void print_columns(FILE *out, const struct summary_metric *m)
{
	unsigned int i;

	fprintf(out, "\n%s (%s)\n", m->name, m->unit);
	for (i = 0; i < SUMMARY_LABELS; i++)
		if (m->labels[i].key)
			fprintf(out, "%-14s", m->labels[i].key);
	fprintf(out, "%10s %10s %10s %10s %10s %10s %14s\n", "count", "min", "p50", "p90", "p99",
		"max", "sum");
}

static void print_row(FILE *out, const struct summary_metric *m)
{
	const struct hist *h = m->hist;
	unsigned int i;

	for (i = 0; i < SUMMARY_LABELS; i++) {
		if (m->labels[i].text)
			fprintf(out, "%-14s", m->labels[i].text);
		else if (m->labels[i].key)
			fprintf(out, "%-14" PRIu64, m->labels[i].number);
	}
	fprintf(out,
		"%10" PRIu64 " %10" PRIu64 " %10" PRIu64 " %10" PRIu64 " %10" PRIu64 " %10" PRIu64
		" %14" PRIu64 "\n",
		h->count, h->min, hist_quantile(h, 500), hist_quantile(h, 900),
		hist_quantile(h, 990), h->max, h->sum);
}

void print_summary(FILE *out, const char *file, const struct summary *s)
{
	const char *name = "";
	unsigned int i;

	print_head(out, file, s);
	for (i = 0; i < s->nr_metrics; i++) {
		if (strcmp(name, s->metrics[i].name))
			print_columns(out, &s->metrics[i]);
		name = s->metrics[i].name;
		print_row(out, &s->metrics[i]);
	}
}
