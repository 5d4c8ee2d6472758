// SPDX-License-Identifier: GPL-2.0-only
#include "results/night_render.h"

#include <string.h>

/* What stands in a table must not end its cell. */
static void put_cell(FILE *out, const char *text)
{
	fputs("| ", out);
	for (; *text; text++) {
		if (*text == '|')
			putc('\\', out);
		putc(*text == '\n' ? ' ' : *text, out);
	}
	putc(' ', out);
}

static void put_alerts(const json_t *alerts, FILE *out)
{
	const json_t *alert;
	size_t i;

	if (!json_array_size(alerts))
		fputs("No alerts.\n", out);
	json_array_foreach(alerts, i, alert)
	{
		const char *name = field_text(alert, "case");

		fprintf(out, "- **%s** %s%s%s%s\n", field_text(alert, "kind"), *name ? "`" : "",
			name, *name ? "`: " : "", field_text(alert, "text"));
	}
}

static void put_row(const json_t *row, FILE *out)
{
	const char *delta = field_text(row, "delta"), *flagged = field_text(row, "flagged");
	char text[96];

	put_cell(out, field_text(row, "case"));
	snprintf(text, sizeof(text), "%.40s/%.40s", field_text(row, "unit"),
		 field_text(row, "per"));
	put_cell(out, text);
	fprintf(out, "| %.3f | %.3f ", field_number(row, "reference"),
		field_number(row, "tonight"));
	fprintf(out, "| %s%s%+.3f %% | %s%s%s | %.0f |\n", delta, *delta ? ", " : "",
		field_number(row, "percent"), field_text(row, "verdict"), *flagged ? ", " : "",
		flagged, field_number(row, "nights"));
}

static void put_rows(const json_t *document, FILE *out)
{
	const json_t *row, *rows = json_object_get(document, "rows");
	size_t i;

	if (!json_array_size(rows))
		return;
	fputs("\n## Tonight against the reference\n\n"
	      "| case | unit | reference | tonight | difference | verdict | nights |\n"
	      "| --- | --- | --- | --- | --- | --- | --- |\n",
	      out);
	json_array_foreach(rows, i, row) put_row(row, out);
	fprintf(out,
		"\nMore in counts.txt and times.txt beside this file; `claimperf history list "
		"--night "
		"%s` has the raw data.\n",
		field_text(document, "night"));
}

static void put_changes(const json_t *changes, FILE *out)
{
	static const char *const keys[] = {"since", "case", "text", "state", "found"};
	const json_t *change;
	size_t i;

	if (!json_array_size(changes))
		return;
	fputs("\n## Changes over the nights\n\n"
	      "| since | case | change | state | found |\n| --- | --- | --- | --- | --- |\n",
	      out);
	json_array_foreach(changes, i, change)
	{
		for (size_t k = 0; k < sizeof(keys) / sizeof(*keys); k++)
			put_cell(out, field_text(change, keys[k]));
		fputs("|\n", out);
	}
}

void render_markdown(const json_t *document, FILE *out)
{
	fprintf(out, "# Night of %s: %s\n\n", field_text(document, "night"),
		field_text(document, "status"));
	put_alerts(json_object_get(document, "alerts"), out);
	put_rows(document, out);
	put_changes(json_object_get(document, "changes"), out);
}
