// SPDX-License-Identifier: GPL-2.0-only
/*
 * JUnit XML: a test for each case and unit, which fails when an alert says regression or lost, and
 * one for the night itself, which has an error for each alert that leaves it without verdicts.
 * What else there is to tell is its output.
 */
#include <stdbool.h>
#include <string.h>

#include "results/night.h"
#include "results/night_render.h"

/* Control characters are not even allowed as references. */
static void put_xml(FILE *out, const char *text)
{
	for (; *text; text++) {
		switch (*text) {
		case '&': fputs("&amp;", out); break;
		case '<': fputs("&lt;", out); break;
		case '>': fputs("&gt;", out); break;
		case '"': fputs("&quot;", out); break;
		default: putc((unsigned char)*text < ' ' ? ' ' : *text, out);
		}
	}
}

static void put_test(FILE *out, const char *class, const char *name)
{
	fputs("  <testcase classname=\"", out);
	put_xml(out, class);
	fputs("\" name=\"", out);
	put_xml(out, name);
	fputs("\">", out);
}

static void put_message(FILE *out, const char *element, const json_t *alert)
{
	fprintf(out, "<%s type=\"%s\" message=\"", element, field_text(alert, "kind"));
	put_xml(out, field_text(alert, "text"));
	fputs("\"/>", out);
}

static bool is_failure(const json_t *alert)
{
	const char *kind = field_text(alert, "kind");

	return !strcmp(kind, "regression") || !strcmp(kind, "lost");
}

static size_t count(const json_t *alerts, bool errors)
{
	const json_t *alert;
	size_t i, n = 0;

	json_array_foreach(alerts, i, alert) n +=
		errors ? night_kind_fails(field_text(alert, "kind")) : is_failure(alert);
	return n;
}

/* Tests of their own: a case may have a row of counts, one of times, or none. */
static void put_failures(const json_t *alerts, FILE *out)
{
	const json_t *alert;
	size_t i;

	json_array_foreach(alerts, i, alert)
	{
		if (!is_failure(alert))
			continue;
		put_test(out, "claimperf.change", field_text(alert, "case"));
		put_message(out, "failure", alert);
		fputs("</testcase>\n", out);
	}
}

static void put_rows(const json_t *rows, FILE *out)
{
	const json_t *row;
	size_t i;

	json_array_foreach(rows, i, row)
	{
		const char *flagged = field_text(row, "flagged");
		char class[80];

		snprintf(class, sizeof(class), "claimperf.%.60s", field_text(row, "unit"));
		put_test(out, class, field_text(row, "case"));
		fprintf(out, "<system-out>%s %+.3f %% against the reference%s%s</system-out>",
			field_text(row, "verdict"), field_number(row, "percent"),
			*flagged ? ", " : "", flagged);
		fputs("</testcase>\n", out);
	}
}

/* The first error is the test's: some readers take no second one. */
static void put_night(const json_t *document, FILE *out)
{
	const json_t *alert, *alerts = json_object_get(document, "alerts");
	bool error = false;
	size_t i;

	put_test(out, "claimperf.night", field_text(document, "night"));
	json_array_foreach(alerts, i, alert)
	{
		if (error || !night_kind_fails(field_text(alert, "kind")))
			continue;
		put_message(out, "error", alert);
		error = true;
	}
	fputs("<system-out>", out);
	json_array_foreach(alerts, i, alert)
	{
		put_xml(out, field_text(alert, "kind"));
		fputs(": ", out);
		put_xml(out, field_text(alert, "text"));
		putc('\n', out);
	}
	fputs("</system-out></testcase>\n", out);
}

void render_junit(const json_t *document, FILE *out)
{
	const json_t *alerts = json_object_get(document, "alerts");
	const json_t *rows = json_object_get(document, "rows");
	size_t failures = count(alerts, false), errors = count(alerts, true) > 0;

	fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite name=\"claimperf nightly\" ",
	      out);
	fprintf(out, "tests=\"%zu\" failures=\"%zu\" errors=\"%zu\" skipped=\"0\"",
		json_array_size(rows) + failures + 1, failures, errors);
	fprintf(out, " timestamp=\"%sT00:00:00\">\n", field_text(document, "night"));
	put_night(document, out);
	put_failures(alerts, out);
	put_rows(rows, out);
	fputs("</testsuite>\n", out);
}
