// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/perf.h"

/* VALUE,UNIT,EVENT,…; the value is <not supported>, or the like, where there is none. */
static void add_line(json_t *events, char *line)
{
	char *value = strsep(&line, ","), *unit = strsep(&line, ","), *event = strsep(&line, ",");
	char *end;
	double number;

	if (!unit || !event || !*event || !*value || *value == '#')
		return;
	number = strtod(value, &end);
	/* Trace points that did not occur are many. */
	if (end == value || *end)
		json_object_set_new(events, event, json_null());
	else if (number != 0)
		json_object_set_new(events, event, json_real(number));
}

json_t *perf_read_stat(const char *path)
{
	FILE *in = fopen(path, "re");
	json_t *events;
	char line[512];

	if (!in)
		return NULL;
	events = json_object();
	while (fgets(line, sizeof(line), in)) {
		line[strcspn(line, "\r\n")] = '\0';
		add_line(events, line);
	}
	fclose(in);
	return events;
}
