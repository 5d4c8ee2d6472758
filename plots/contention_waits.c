// SPDX-License-Identifier: GPL-2.0-only
/* Who waited behind whom for the locks of the heap, a table for each number of threads. */
#include <stdlib.h>
#include <string.h>

#include "plots/contention.h"
#include "plots/html.h"
#include "plots/trace_data.h"

/* No lock has as many pairs of sites. */
#define MAX_ROWS 128

/* What both sides waited behind one site. */
struct wait_row {
	const char *waiter, *holder; /* holder is NULL: while nobody was seen to hold the lock */
	double counts[2], cycles[2];
};

/* Of one lock in one case, before and after. */
struct wait_rows {
	struct wait_row rows[MAX_ROWS];
	size_t nr;
	double counts[2], cycles[2]; /* of all waits */
	bool lossy;
};

static bool same_holder(const struct wait_row *row, const char *waiter, const char *holder)
{
	return !strcmp(row->waiter, waiter) &&
	       (row->holder && holder ? !strcmp(row->holder, holder) : row->holder == holder);
}

static void add_row(struct wait_rows *rows, bool after, const char *waiter, const char *holder,
		    double count, double cycles)
{
	size_t i = 0;

	while (i < rows->nr && !same_holder(&rows->rows[i], waiter, holder))
		i++;
	if (i == MAX_ROWS)
		return;
	if (i == rows->nr)
		rows->rows[rows->nr++] = (struct wait_row){.waiter = waiter, .holder = holder};
	rows->rows[i].counts[after] += count;
	rows->rows[i].cycles[after] += cycles;
}

static double number(const json_t *object, const char *key)
{
	return json_number_value(json_object_get(object, key));
}

static void add_waiter(struct wait_rows *rows, bool after, const json_t *waiter)
{
	const char *site = json_string_value(json_object_get(waiter, "site"));
	const json_t *behind;
	size_t i;

	rows->counts[after] += number(waiter, "count");
	rows->cycles[after] += number(waiter, "cycles");
	json_array_foreach(json_object_get(waiter, "behind"), i, behind)
		add_row(rows, after, site, json_string_value(json_object_get(behind, "site")),
			number(behind, "count"), number(behind, "cycles"));
	if (number(waiter, "in_no_hold") > 0)
		add_row(rows, after, site, NULL, 0, number(waiter, "in_no_hold"));
}

static double per_cent(double part, double whole)
{
	return whole > 0 ? 100 * part / whole : 0;
}

/* One wait for the machine's scheduler may take more cycles than all others. */
static bool matters(const struct wait_rows *rows, const struct wait_row *row)
{
	unsigned int side;

	for (side = 0; side < 2; side++)
		if (per_cent(row->cycles[side], rows->cycles[side]) >= 1 ||
		    per_cent(row->counts[side], rows->counts[side]) >= 1)
			return true;
	return false;
}

static int compare_rows(const void *a, const void *b)
{
	const struct wait_row *left = a, *right = b;
	double l = left->cycles[0] + left->cycles[1], r = right->cycles[0] + right->cycles[1];

	return (l < r) - (l > r);
}

static void put_side(FILE *out, const struct wait_rows *rows, const struct wait_row *row, bool after)
{
	char text[32];

	if (!row->cycles[after]) {
		fputs("<td class=\"n\">–</td><td class=\"n\">–</td>", out);
		return;
	}
	snprintf(text, sizeof(text), "%.1f %%", per_cent(row->cycles[after], rows->cycles[after]));
	html_cell(out, "n", text);
	snprintf(text, sizeof(text), "%.0f", row->counts[after]);
	html_cell(out, "n", row->holder ? text : "");
}

/* The rows of a lock that matter; nothing when nobody waited for it. */
static void put_lock(FILE *out, const char *lock, struct wait_rows *rows)
{
	size_t i;

	if (!rows->nr)
		return;
	qsort(rows->rows, rows->nr, sizeof(rows->rows[0]), compare_rows);
	fprintf(out, "<tr class=\"family\"><th colspan=\"6\" scope=\"rowgroup\">%s%s</th></tr>\n", lock,
		rows->lossy ? " <small>records lost</small>" : "");
	for (i = 0; i < rows->nr; i++) {
		const struct wait_row *row = &rows->rows[i];

		if (!matters(rows, row))
			continue;
		fputs("<tr>", out);
		html_cell(out, NULL, row->waiter);
		html_cell(out, NULL, row->holder ? row->holder : "no section");
		put_side(out, rows, row, false);
		put_side(out, rows, row, true);
		fputs("</tr>\n", out);
	}
}

static void add_lock(struct wait_rows *rows, const struct trace *trace, const char *lock)
{
	const json_t *waiter;
	const char *name;
	size_t i;

	rows->lossy |= json_integer_value(json_object_get(trace->summary, "lost")) > 0;
	json_array_foreach(json_object_get(trace->summary, "waited"), i, waiter) {
		name = json_string_value(json_object_get(waiter, "lock"));
		if (name && !strcmp(name, lock))
			add_waiter(rows, trace->after, waiter);
	}
}

/* Where a case's traces begin; those of both sides are neighbours. */
static bool starts_case(const struct traces *traces, size_t i)
{
	return !i || strcmp(traces->traces[i].test->name, traces->traces[i - 1].test->name);
}

static void put_case(FILE *out, const struct traces *traces, size_t first, const struct contend *c)
{
	static const char *const locks[] = {"heap_lock", "page_alloc_lock"};
	char heading[96];
	size_t lock, i;

	for (lock = 0; lock < 2; lock++) {
		struct wait_rows rows = {0};

		for (i = first; i < traces->nr && (i == first || !starts_case(traces, i)); i++)
			add_lock(&rows, &traces->traces[i], locks[lock]);
		snprintf(heading, sizeof(heading), "%s, order %u, %s", locks[lock], c->order,
			 strcmp(c->domain, "own") ? "one domain" : "domains of their own");
		put_lock(out, heading, &rows);
	}
}

static bool is_of(const struct trace *trace, unsigned int threads, const char *installer,
		  struct contend *c)
{
	return read_contend(trace->test, c) && c->threads == threads &&
	       !strcmp(c->installer, installer);
}

static bool has_waits(const struct traces *traces, unsigned int threads, const char *installer,
		      struct contend *c)
{
	size_t i;

	for (i = 0; i < traces->nr; i++)
		if (is_of(&traces->traces[i], threads, installer, c) &&
		    json_array_size(json_object_get(traces->traces[i].summary, "waited")))
			return true;
	return false;
}

static void put_threads(FILE *out, const struct traces *traces, unsigned int threads,
			const char *installer)
{
	struct contend c;
	size_t i;

	if (!has_waits(traces, threads, installer, &c))
		return;
	fprintf(out,
		"<div><h4>%u thread%s%s%s</h4>\n<div class=\"wide\"><table class=\"small\"><thead>"
		"<tr><th scope=\"col\">Waits of</th><th scope=\"col\">behind</th>"
		"<th scope=\"colgroup\" colspan=\"2\" class=\"n\">" BEFORE_VARIANT
		": cycles, waits</th><th scope=\"colgroup\" colspan=\"2\" class=\"n\">" AFTER_VARIANT
		": cycles, waits</th></tr></thead><tbody>\n",
		threads, threads == 1 ? "" : "s", strcmp(installer, "yes") ? "" : ", and one that claims",
		c.oversubscribed ? " <small>more threads than CPUs</small>" : "");
	for (i = 0; i < traces->nr; i++)
		if (starts_case(traces, i) && is_of(&traces->traces[i], threads, installer, &c))
			put_case(out, traces, i, &c);
	fputs("</tbody></table></div></div>\n", out);
}

void put_contention_waits(FILE *out, const struct traces *traces)
{
	unsigned int threads, most = 0;
	struct contend c;
	size_t i;

	for (i = 0; i < traces->nr; i++)
		if (read_contend(traces->traces[i].test, &c) && c.threads > most)
			most = c.threads;
	fputs("<h3>Who waited behind whom</h3>\n"
	      "<p>Of all cycles that were waited for a lock: those of one site, while another thread "
	      "held the lock in a section of the other, and how many waits that were. “No section” "
	      "held it: it was handed over, or a thread that should have got it did not run. What "
	      "makes less than 1 % of cycles and of waits on both sides is left out.</p>\n"
	      "<div class=\"plots\">\n",
	      out);
	for (threads = 1; threads <= most; threads++) {
		put_threads(out, traces, threads, "no");
		put_threads(out, traces, threads, "yes");
	}
	fputs("</div>\n", out);
}
