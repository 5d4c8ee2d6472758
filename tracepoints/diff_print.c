// SPDX-License-Identifier: GPL-2.0-only
#include "tracepoints/diff_print.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "results/paired_print.h"
#include "tracepoints/print.h"

#define CHANGE_TEXT 24

const char *diff_kind_name(enum diff_kind kind)
{
	static const char *const names[] = {
		[DIFF_EXACT] = "exact", [DIFF_SINGLE] = "single", [DIFF_PAIRED] = "paired"};

	return names[kind];
}

static void print_side(FILE *out, const char *name, const struct diff_side *side)
{
	for (unsigned int i = 0; i < side->nr; i++) {
		const struct summary *s = side->summaries[i];

		fprintf(out, "%-7s %s, %" PRIu64 " records, %" PRIu64 " lost, %" PRIu64
			     " anomalies\n",
			i ? "" : name, side->paths[i], s->records, s->lost, s->anomalies.count);
	}
}

static void print_fingerprints(FILE *out, const struct fingerprint_fields *fields)
{
	bool any = false;

	for (size_t i = 0; i < fields->nr; i++) {
		const struct fingerprint_field *field = &fields->fields[i];

		if (!field->differs)
			continue;
		fprintf(out, "%s%s: %s -> %s%s\n", any ? "        " : "Differ: ", field->path,
			field->before ? field->before : "(absent)",
			field->after ? field->after : "(absent)",
			field->may_differ ? "" : "   WARNING: should be equal");
		any = true;
	}
	if (!fields->before_known || !fields->after_known)
		fputs("Fingerprints not known.\n", out);
	else if (!any)
		fputs("Equal fingerprints.\n", out);
}

static void print_kind(FILE *out, const struct diff *d)
{
	switch (d->kind) {
	case DIFF_EXACT:
		fputs("Exact: counts and means are compared as integers.\n", out);
		break;
	case DIFF_SINGLE:
		fputs("Noisy, one boot a side: effects and shifts, but no verdict. For one, give at "
		      "least 8 traces a side, in pairs.\n",
		      out);
		break;
	case DIFF_PAIRED:
		fprintf(out,
			"Noisy, %u pairs: mean of ln(after / before) with its 95 %% interval; %.2f %% "
			"matters.\n",
			d->before->nr, expm1(d->delta) * 100);
		break;
	}
}

static const char *format_change(double before, double after, char text[CHANGE_TEXT])
{
	if (before == after)
		return "0";
	if (before <= 0)
		return "new";
	snprintf(text, CHANGE_TEXT, "%+.2f", (after / before - 1) * 100);
	return text;
}

static void print_columns(FILE *out, const struct metric *m, bool with_shares)
{
	unsigned int i;

	fprintf(out, "\n%s (%s)\n", m->name, m->unit);
	for (i = 0; i < METRIC_LABELS; i++)
		if (m->labels[i].key)
			fprintf(out, "%-13s ", m->labels[i].key);
	fprintf(out, "%10s %10s %12s %12s %9s", "count A", "count B", "mean A", "mean B", "mean %");
	if (with_shares)
		fprintf(out, " %9s %9s", "share A", "share B");
	for (i = 0; i < PRINT_QUANTILES; i++)
		fprintf(out, " %6s %%", print_quantiles[i].name);
	fprintf(out, " %8s  VERDICT\n", "max %");
}

static void print_shares(FILE *out, const struct diff *d, const struct diff_row *row)
{
	char before[SHARE_TEXT] = "-", after[SHARE_TEXT] = "-";

	if (row->before)
		format_share(row->before->hist->sum, d->before->window, before);
	if (row->after)
		format_share(row->after->hist->sum, d->after->window, after);
	fprintf(out, " %9s %9s", before, after);
}

static void print_shifts(FILE *out, const struct diff_row *row)
{
	char text[CHANGE_TEXT];
	unsigned int i;

	for (i = 0; i < PRINT_QUANTILES; i++)
		fprintf(out, " %8s",
			row->judged ? format_change(
					      (double)hist_quantile_ppm(row->before->hist,
									print_quantiles[i].ppm),
					      (double)hist_quantile_ppm(row->after->hist,
									print_quantiles[i].ppm),
					      text)
				    : "-");
	fprintf(out, " %8s",
		row->judged ? format_change((double)row->before->hist->max,
					    (double)row->after->hist->max, text)
			    : "-");
}

static void print_interval(FILE *out, const struct diff_row *row)
{
	char flagged[PAIRED_FLAGGED_TEXT];

	if (!row->paired.nr)
		return;
	fputc(' ', out);
	paired_print_effect(out, &row->paired);
	if (row->primary)
		paired_print_judged(out, &row->paired);
	fputs(paired_flagged_text(&row->paired, flagged), out);
}

static void print_row(FILE *out, const struct diff *d, const struct diff_row *row, bool with_shares)
{
	const struct metric *m = row->after ? row->after : row->before;
	char text[DIFF_VERDICT_TEXT];

	for (unsigned int i = 0; i < METRIC_LABELS; i++)
		if (m->labels[i].key)
			fprintf(out, "%-13s ", format_label(&m->labels[i], text));
	fprintf(out, "%10" PRIu64 " %10" PRIu64 " %12.2f %12.2f %9s",
		row->before ? row->before->hist->count : 0, row->after ? row->after->hist->count : 0,
		diff_mean(row->before), diff_mean(row->after),
		row->judged ? format_change(diff_mean(row->before), diff_mean(row->after), text)
			    : "-");
	if (with_shares)
		print_shares(out, d, row);
	print_shifts(out, row);
	fprintf(out, "  %s", diff_verdict(d, row, text));
	if (d->kind == DIFF_PAIRED && row->judged)
		print_interval(out, row);
	if (row->why)
		fprintf(out, ", not gated: %s", row->why);
	fprintf(out, "%s\n", row->regressed ? ", REGRESSION" : "");
}

static bool is_new_table(const struct metric *m, const struct metric *before)
{
	if (!before || m->id != before->id)
		return true;
	for (unsigned int i = 0; i < METRIC_LABELS; i++)
		if (!m->labels[i].key != !before->labels[i].key)
			return true;
	return false;
}

void print_diff(FILE *out, const struct diff *d, const struct fingerprint_fields *fields)
{
	const struct metric *before = NULL, *m;
	bool with_shares = false;

	print_side(out, "BEFORE", d->before);
	print_side(out, "AFTER", d->after);
	print_fingerprints(out, fields);
	print_kind(out, d);
	for (unsigned int i = 0; i < d->nr_rows; i++) {
		const struct diff_row *row = &d->rows[i];

		m = row->after ? row->after : row->before;
		if (is_new_table(m, before)) {
			with_shares = metric_is_hold(m);
			print_columns(out, m, with_shares);
		}
		before = m;
		print_row(out, d, row, with_shares);
	}
	fprintf(out, "\n%u of %u rows regressed.\n", d->regressed, d->nr_rows);
}
