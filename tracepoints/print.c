// SPDX-License-Identifier: GPL-2.0-only
#include "tracepoints/print.h"

#include <inttypes.h>
#include <string.h>

#define ANOMALIES_SHOWN 10

const struct print_quantile print_quantiles[PRINT_QUANTILES] = {
	{"p50", "p50", 500000},	     {"p90", "p90", 900000},	  {"p99", "p99", 990000},
	{"p99.9", "p999", 999000}, {"p99.99", "p9999", 999900},
};

const char *print_table_name(enum print_table table)
{
	static const char *const names[PRINT_TABLES] = {
		[PRINT_LOCKS] = "locks",     [PRINT_HOLD] = "hold",	    [PRINT_WAIT] = "wait",
		[PRINT_WAITED] = "waited",   [PRINT_LONGEST] = "longest",   [PRINT_FALLBACK] = "fallback",
		[PRINT_CLAIMS] = "claims",   [PRINT_CALLS] = "calls",	    [PRINT_SPANS] = "spans",
		[PRINT_HIST] = "hist",
	};

	return table < PRINT_TABLES ? names[table] : NULL;
}

static enum print_table table_of(enum metric_id id)
{
	switch (id) {
	case METRIC_HOLD:
	case METRIC_PAGE_ALLOC_HOLD:
		return PRINT_HOLD;
	case METRIC_WAIT:
	case METRIC_THINK:
	case METRIC_PAGE_ALLOC_WAIT:
		return PRINT_WAIT;
	case METRIC_CHECK:
	case METRIC_REDEEM:
	case METRIC_INSTALL:
		return PRINT_CLAIMS;
	case METRIC_SPAN:
	case METRIC_SPAN_RUNS:
		return PRINT_SPANS;
	default:
		return PRINT_CALLS;
	}
}

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
	fprintf(out, "file      %s, %" PRIu64 " bytes\n", file, s->bytes);
	fprintf(out,
		"bytes     %" PRIu64 " in records + %" PRIu64 " in window headers, padding and loss "
		"markers + %" PRIu64 " not decoded = %" PRIu64 "%s\n",
		s->sum.records, s->sum.markers, s->sum.skipped, s->sum.file,
		s->sum_error ? ", WHICH IS WRONG: a fault of the reader" : "");
	fprintf(out,
		"records   %" PRIu64 ", %" PRIu64 " of them heap and claim events, from %u CPUs"
		" within %" PRIu64 " cycles\n",
		s->records, s->ours, s->cpus, s->last_tsc - s->first_tsc);
	fprintf(out, "lost      %" PRIu64 " records%s\n", s->lost,
		s->lost ? ": all figures below are LOSSY, lower bounds of what happened" : "");
	if (s->sections->saturated)
		fprintf(out,
			"saturated %" PRIu64 " sections lasted beyond 32 bits of cycles: counted as "
			"4294967295\n",
			s->sections->saturated);
	print_notes(out, s);
}

const char *format_share(uint64_t part, uint64_t whole, char text[SHARE_TEXT])
{
	snprintf(text, SHARE_TEXT, "%.2f %%", whole ? 100.0 * (double)part / (double)whole : 0);
	return text;
}

const char *format_label(const struct metric_label *label, char text[LABEL_TEXT])
{
	if (label->text)
		return label->text;
	if (!label->key)
		return "-";
	snprintf(text, LABEL_TEXT, "%" PRIu64, label->number);
	return text;
}

static void print_columns(FILE *out, const struct metric *m)
{
	unsigned int i;

	fprintf(out, "\n%s (%s)\n", m->name, m->unit);
	for (i = 0; i < METRIC_LABELS; i++)
		if (m->labels[i].key)
			fprintf(out, "%-13s ", m->labels[i].key);
	fprintf(out, "%10s %10s", "count", "min");
	for (i = 0; i < PRINT_QUANTILES; i++)
		fprintf(out, " %10s", print_quantiles[i].name);
	fprintf(out, " %10s %14s", "max", "sum");
	if (metric_is_hold(m))
		fprintf(out, " %9s %10s", "share", "pages");
	fputc('\n', out);
}

static void print_row(FILE *out, const struct metric *m, uint64_t window)
{
	const struct hist *h = m->hist;
	char text[LABEL_TEXT];
	unsigned int i;

	for (i = 0; i < METRIC_LABELS; i++)
		if (m->labels[i].key)
			fprintf(out, "%-13s ", format_label(&m->labels[i], text));
	fprintf(out, "%10" PRIu64 " %10" PRIu64, h->count, h->min);
	for (i = 0; i < PRINT_QUANTILES; i++)
		fprintf(out, " %10" PRIu64, hist_quantile_ppm(h, print_quantiles[i].ppm));
	fprintf(out, " %10" PRIu64 " %14" PRIu64, h->max, h->sum);
	if (metric_is_hold(m))
		fprintf(out, " %9s %10" PRIu64, format_share(h->sum, window, text), m->pages);
	fputc('\n', out);
}

/* One that has keys of its own needs other columns. */
static bool is_new_table(const struct metric *m, const struct metric *before)
{
	unsigned int i;

	if (!before || m->id != before->id)
		return true;
	for (i = 0; i < METRIC_LABELS; i++)
		if (!m->labels[i].key != !before->labels[i].key)
			return true;
	return false;
}

static void print_metrics(FILE *out, const struct summary *s, enum print_table table)
{
	const struct metric *before = NULL, *m;

	for (unsigned int i = 0; i < s->metrics.nr; i++) {
		m = &s->metrics.metrics[i];
		if (table_of(m->id) != table)
			continue;
		if (is_new_table(m, before))
			print_columns(out, m);
		before = m;
		print_row(out, m, summary_window(s));
	}
}

static void print_histograms(FILE *out, const struct summary *s)
{
	char text[LABEL_TEXT];

	for (unsigned int i = 0; i < s->metrics.nr; i++) {
		const struct metric *m = &s->metrics.metrics[i];

		if (table_of(m->id) != PRINT_HOLD)
			continue;
		fprintf(out, "\nhistogram of %s", m->name);
		for (unsigned int j = 0; j < METRIC_LABELS; j++)
			if (m->labels[j].key)
				fprintf(out, " %s=%s", m->labels[j].key,
					format_label(&m->labels[j], text));
		fprintf(out, " (%s)\n", m->unit);
		print_histogram(out, m->hist);
	}
}

void print_summary(FILE *out, const char *file, const struct summary *s,
		   const struct print_options *o)
{
	print_head(out, file, s);
	for (unsigned int table = 0; table < PRINT_TABLES; table++) {
		if (!(o->tables & 1u << table))
			continue;
		if (table == PRINT_LOCKS)
			print_locks(out, s);
		else if (table == PRINT_WAITED)
			print_waited(out, s);
		else if (table == PRINT_LONGEST)
			print_longest(out, s, o->top);
		else if (table == PRINT_FALLBACK)
			print_fallback(out, s);
		else if (table == PRINT_HIST)
			print_histograms(out, s);
		else
			print_metrics(out, s, table);
	}
}
