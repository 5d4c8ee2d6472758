// SPDX-License-Identifier: GPL-2.0-only
#include "plots/verdict_mark.h"

#include "plots/html.h"
#include "results/paired_print.h"

const char *verdict_mark(const struct comparison_row *row)
{
	bool worse = row->verdict.delta.num > 0;

	if (row->kind == ROW_LOST)
		return "✗";
	if (!row_compared(row))
		return row->kind == ROW_NEW ? "+" : "–";
	switch (row->verdict.size) {
	case VERDICT_IDENTICAL: return "=";
	case VERDICT_NOTE: return worse ? "↑" : "↓";
	case VERDICT_MINOR: return worse ? "△" : "▽";
	case VERDICT_MAJOR: return worse ? "▲" : "▼";
	case VERDICT_EQUIVALENT: return "≈";
	case VERDICT_IMPROVED: return "▼";
	case VERDICT_REGRESSED: return "▲";
	case VERDICT_INCONCLUSIVE:
	case VERDICT_SIZES: break;
	}
	return "?";
}

const char *verdict_words(const struct comparison_row *row, char text[48])
{
	const char *direction = row_direction(row);

	if (!row_compared(row))
		snprintf(text, 48, "%s", row_kind_name(row->kind));
	else
		snprintf(text, 48, "%s%s%s", verdict_name(row->verdict.size), *direction ? " " : "",
			 direction);
	return text;
}

static const char *verdict_class(const struct comparison_row *row)
{
	if (row->kind == ROW_LOST)
		return "v worse";
	if (!row_compared(row))
		return "v open";
	if (row->verdict.size == VERDICT_REGRESSED)
		return "v worse";
	if (row->verdict.size == VERDICT_IMPROVED)
		return "v better";
	if (row->verdict.size != VERDICT_MAJOR)
		return "v";
	return row->verdict.delta.num < 0 ? "v better"
	       : row->kind == ROW_SAME	  ? "v worse"
					  : "v cost";
}

/* In a sorted table the worst are at one end, the best at the other, what is not known between. */
static int verdict_rank(const struct comparison_row *row)
{
	int sign = (row->verdict.delta.num > 0) - (row->verdict.delta.num < 0);

	if (row->kind == ROW_LOST)
		return 4;
	if (!row_compared(row))
		return 0;
	switch (row->verdict.size) {
	case VERDICT_NOTE: return sign;
	case VERDICT_MINOR: return 2 * sign;
	case VERDICT_MAJOR: return 3 * sign;
	case VERDICT_REGRESSED: return 3;
	case VERDICT_IMPROVED: return -3;
	default: return 0;
	}
}

void put_verdict_cell_start(FILE *out, const struct comparison_row *row)
{
	fprintf(out, "<td class=\"%s\" data-v=\"%d\">", verdict_class(row), verdict_rank(row));
}

void put_verdict(FILE *out, const struct comparison_row *row)
{
	char words[48];

	fprintf(out, "<span class=\"mark\" aria-hidden=\"true\">%s</span> ", verdict_mark(row));
	html_text(out, verdict_words(row, words));
}

void put_verdict_cell(FILE *out, const struct comparison_row *row)
{
	put_verdict_cell_start(out, row);
	put_verdict(out, row);
	fputs("</td>", out);
}

void put_flagged(FILE *out, const struct paired *p)
{
	char text[PAIRED_FLAGGED_TEXT];

	if (!p->flagged)
		return;
	fputs(" <small>⚑ ", out);
	html_text(out, paired_flagged_text(p, text) + 2);
	fputs("</small>", out);
}
