// SPDX-License-Identifier: GPL-2.0-only
/* perf stat of dom0 during each case: perf.txt, as `perf stat -x,` writes it. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "plots/html.h"
#include "plots/report.h"

#define MAX_EVENTS 128

/* "VALUE,UNIT,EVENT,…" */
struct counter {
	char *event;
	char *value; /* NULL: not counted there */
};

struct counters {
	struct counter list[MAX_EVENTS];
	size_t nr;
	bool present;
};

/* All events of a topology, in the order met. */
struct columns {
	char *events[MAX_EVENTS];
	bool supported[MAX_EVENTS]; /* somewhere */
	bool nonzero[MAX_EVENTS];
	size_t nr;
};

static void add_counter(struct counters *counters, char *line)
{
	char *value = strsep(&line, ","), *unit = strsep(&line, ","), *event = strsep(&line, ",");

	if (!unit || !event || !*value || !*event || *value == '#' || counters->nr == MAX_EVENTS)
		return;
	counters->list[counters->nr].event = strdup(event);
	counters->list[counters->nr].value = *value == '<' ? NULL : strdup(value);
	counters->nr++;
}

static void read_counters(const struct result *result, const struct result_case *test,
			  struct counters *counters)
{
	char *path = test ? result_raw_path(result, test, "perf.txt") : NULL;
	FILE *file = path ? fopen(path, "r") : NULL;
	char *line = NULL;
	size_t size = 0;

	counters->nr = 0;
	counters->present = file;
	while (file && getline(&line, &size, file) > 0) {
		line[strcspn(line, "\r\n")] = 0;
		add_counter(counters, line);
	}
	free(line);
	if (file)
		fclose(file);
	free(path);
}

static void free_counters(struct counters *counters)
{
	size_t i;

	for (i = 0; i < counters->nr; i++) {
		free(counters->list[i].event);
		free(counters->list[i].value);
	}
	counters->nr = 0;
}

static const char *value_of(const struct counters *counters, const char *event)
{
	size_t i;

	for (i = 0; i < counters->nr; i++)
		if (!strcmp(counters->list[i].event, event))
			return counters->list[i].value;
	return NULL;
}

static void note_events(struct columns *columns, const struct counters *counters)
{
	size_t i, j;

	for (i = 0; i < counters->nr; i++) {
		const struct counter *counter = &counters->list[i];

		for (j = 0; j < columns->nr; j++)
			if (!strcmp(columns->events[j], counter->event))
				break;
		if (j == MAX_EVENTS)
			continue;
		if (j == columns->nr) {
			columns->events[columns->nr++] = strdup(counter->event);
			columns->supported[j] = columns->nonzero[j] = false;
		}
		columns->supported[j] |= counter->value != NULL;
		columns->nonzero[j] |=
			counter->value && strspn(counter->value, "0.") != strlen(counter->value);
	}
}

static void put_value(FILE *out, const char *before, const char *after)
{
	fputs("<td class=\"n\">", out);
	if (before && after && strcmp(before, after)) {
		html_number(out, before);
		fputs(" → ", out);
		html_number(out, after);
	} else {
		html_number(out, after ? after : before ? before : "not supported");
	}
	fputs("</td>", out);
}

/* A case on both sides; false when neither has counters. */
static bool read_both(const struct topology *t, const struct result_case *test,
		      struct counters both[2])
{
	read_counters(t->before, result_find(t->before, test->name), &both[0]);
	read_counters(t->after, test, &both[1]);
	return both[0].present || both[1].present;
}

static void put_rows(FILE *out, const struct topology *t, const struct columns *columns)
{
	struct counters both[2];
	size_t i, j;

	for (i = 0; i < t->after->nr_cases; i++) {
		const struct result_case *test = &t->after->cases[i];

		if (!test->skipped && read_both(t, test, both)) {
			fputs("<tr><th scope=\"row\">", out);
			html_name(out, test->name);
			fputs("</th>", out);
			for (j = 0; j < columns->nr; j++)
				if (columns->nonzero[j])
					put_value(out, value_of(&both[0], columns->events[j]),
						  value_of(&both[1], columns->events[j]));
			fputs("</tr>\n", out);
			free_counters(&both[0]);
			free_counters(&both[1]);
		}
	}
}

static void put_list(FILE *out, const struct columns *columns, const char *what, bool supported)
{
	bool any = false;
	size_t i;

	for (i = 0; i < columns->nr; i++) {
		if (columns->nonzero[i] || columns->supported[i] != supported)
			continue;
		fprintf(out, "%s<code>", any ? " " : what);
		html_text(out, columns->events[i]);
		fputs("</code>", out);
		any = true;
	}
	if (any)
		fputs(". ", out);
}

static void put_topology(FILE *out, const struct topology *t)
{
	struct columns columns = {0};
	struct counters both[2];
	char name[24];
	size_t i;

	for (i = 0; i < t->after->nr_cases; i++) {
		if (t->after->cases[i].skipped || !read_both(t, &t->after->cases[i], both))
			continue;
		note_events(&columns, &both[0]);
		note_events(&columns, &both[1]);
		free_counters(&both[0]);
		free_counters(&both[1]);
	}
	fprintf(out, "<h3>On %s</h3>\n", topology_name(t, name));
	if (!columns.nr) {
		fputs("<p class=\"missing\">No case has readable counters of perf.</p>\n", out);
		return;
	}
	fputs("<p>", out);
	put_list(out, &columns, "Not supported here: ", false);
	put_list(out, &columns, "Zero in all cases: ", true);
	fputs("</p>\n<details class=\"screen\"><summary>Counters, case by case</summary>\n"
	      "<div class=\"wide\"><table class=\"small\"><thead><tr><th scope=\"col\">Case</th>",
	      out);
	for (i = 0; i < columns.nr; i++) {
		if (!columns.nonzero[i])
			continue;
		fputs("<th scope=\"col\" class=\"n\"><code>", out);
		html_text(out, columns.events[i]);
		fputs("</code></th>", out);
	}
	fputs("</tr></thead><tbody>\n", out);
	put_rows(out, t, &columns);
	fputs("</tbody></table></div></details>\n", out);
	for (i = 0; i < columns.nr; i++)
		free(columns.events[i]);
}

void section_perf(struct report *report)
{
	size_t i;

	fputs("<section id=\"perf\"><h2>perf in dom0</h2>\n"
	      "<p><code>perf stat</code> on the benchmark's process, in a pass of its own: "
	      "software counters, "
	      "system calls and the kernel's Xen trace points. One value: equal on both "
	      "hypervisors. "
	      "“→”: " BEFORE_VARIANT ", then " AFTER_VARIANT ".</p>\n",
	      report->out);
	for (i = 0; i < report->nr_topologies; i++)
		put_topology(report->out, &report->topologies[i]);
	fputs("</section>\n", report->out);
}
