// SPDX-License-Identifier: GPL-2.0-only
/* What perf prints about a recording. */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "bench/perf.h"
#include "lib/parse.h"

#define MAX_WORDS 8
#define NS_PER_SECOND 1000000000ull
#define MAX_SECONDS (UINT64_C(1) << 32)

static size_t split(char *line, char *words[MAX_WORDS])
{
	size_t count = 0;
	char *word;

	while (count < MAX_WORDS && (word = strsep(&line, " \t")))
		if (*word)
			words[count++] = word;
	return count;
}

static bool is_decimal(const char *text, double *out)
{
	char *end;

	*out = strtod(text, &end);
	return end != text && !*end && *out >= 0;
}

/* So much more of one of the figures under a name. */
static void add_figures(json_t *all, const char *name, const char *const keys[2], const uint64_t counts[2], double ms)
{
	json_t *own = json_object_get(all, name);

	if (!own) {
		own = json_pack("{s:f}", "ms", 0.0);
		json_object_set_new(all, name, own);
	}
	for (int i = 0; i < 2 && keys[i]; i++) {
		json_int_t before = json_integer_value(json_object_get(own, keys[i]));

		json_object_set_new(own, keys[i], json_integer(before + (json_int_t)counts[i]));
	}
	json_object_set_new(own, "ms", json_real(json_real_value(json_object_get(own, "ms")) + ms));
}

/* SYSCALL CALLS ERRORS TOTAL MIN AVG MAX STDDEV%, of each thread; times in milliseconds. */
static void add_syscall(json_t *all, char *line)
{
	static const char *const keys[2] = {"calls", "errors"};
	char *words[MAX_WORDS];
	uint64_t counts[2];
	double ms;

	if (split(line, words) == MAX_WORDS && !parse_u64(words[1], 1, UINT64_MAX, &counts[0]) &&
	    !parse_u64(words[2], 0, UINT64_MAX, &counts[1]) && is_decimal(words[3], &ms))
		add_figures(all, words[0], keys, counts, ms);
}

static double unit_ms(const char *unit)
{
	return !strcmp(unit, "ns") ? 1e-6 : !strcmp(unit, "us") ? 1e-3 : !strcmp(unit, "ms") ? 1 : 1e3;
}

/* WAITS TOTAL UNIT MAX UNIT AVG UNIT TYPE CALLER */
static void add_contention(json_t *all, char *line)
{
	static const char *const keys[2] = {"waits", NULL};
	char *words[MAX_WORDS];
	uint64_t waits[2];
	double ms;

	if (split(line, words) == MAX_WORDS && !parse_u64(words[0], 1, UINT64_MAX, &waits[0]) &&
	    is_decimal(words[1], &ms))
		add_figures(all, words[7], keys, waits, ms * unit_ms(words[2]));
}

static json_t *read_lines(char *text, void (*add)(json_t *all, char *line))
{
	json_t *all = json_object();
	char *line;

	while (all && (line = strsep(&text, "\n")))
		add(all, line);
	return all;
}

json_t *perf_read_trace(char *text)
{
	return read_lines(text, add_syscall);
}

json_t *perf_read_contention(char *text)
{
	return read_lines(text, add_contention);
}

enum span { SYSCALL, PRIVCMD, HYPERCALL, SPANS };

static const struct {
	const char *name, *begin, *end;
} spans[SPANS] = {
	{"syscalls", PERF_SYSCALL_BEGIN, PERF_SYSCALL_END},
	{"privcmd", PERF_PRIVCMD_BEGIN, PERF_PRIVCMD_END},
	{"hypercalls", PERF_HYPERCALL_BEGIN, PERF_HYPERCALL_END},
};

struct window {
	uint64_t begin, end;
	uint64_t calls[SPANS], ns[SPANS];
};

/* What is open; events come in order of time, as do the windows. */
struct walk {
	struct window *windows;
	size_t count, at;
	uint64_t began[SPANS]; /* 0: it has not */
	bool lost;
};

/* SECONDS.NANOSECONDS: */
static bool read_time(char *word, uint64_t *ns)
{
	char *point = strchr(word, '.'), *colon = strchr(word, ':');
	uint64_t seconds, rest;

	if (!point || !colon || colon - point != 10 || colon[1])
		return false;
	*point = *colon = '\0';
	/* No octal numbers in there: the reader knows none. */
	if (parse_u64(word, 0, MAX_SECONDS, &seconds) || parse_u64(point + 1, 0, NS_PER_SECOND - 1, &rest))
		return false;
	*ns = seconds * NS_PER_SECOND + rest;
	return true;
}

/* Only what begins and ends in a window is of the measured call. */
static void end_span(struct walk *walk, enum span span, uint64_t now)
{
	struct window *w = &walk->windows[walk->at];

	if (walk->began[span] && walk->began[span] >= w->begin) {
		w->calls[span]++;
		w->ns[span] += now - walk->began[span];
	}
	walk->began[span] = 0;
}

static void add_event(struct walk *walk, uint64_t now, const char *event)
{
	while (walk->at < walk->count && now > walk->windows[walk->at].end)
		walk->at++;
	if (walk->at == walk->count)
		return;
	for (enum span span = 0; span < SPANS; span++)
		if (!strcmp(event, spans[span].begin))
			walk->began[span] = now;
		else if (!strcmp(event, spans[span].end))
			end_span(walk, span, now);
}

static void walk_line(struct walk *walk, char *line)
{
	char *words[MAX_WORDS];
	uint64_t now;
	size_t length;

	walk->lost |= strstr(line, "PERF_RECORD_LOST") != NULL;
	if (split(line, words) != 2 || !read_time(words[0], &now))
		return;
	length = strlen(words[1]);
	if (length && words[1][length - 1] == ':')
		words[1][length - 1] = '\0';
	add_event(walk, now, words[1]);
}

static bool read_windows(const json_t *list, struct walk *walk)
{
	const json_t *pair;
	size_t i;

	walk->count = json_array_size(list);
	walk->windows = calloc(walk->count + 1, sizeof(*walk->windows));
	if (!walk->windows)
		return false;
	json_array_foreach(list, i, pair) {
		walk->windows[i].begin = (uint64_t)json_integer_value(json_array_get(pair, 0));
		walk->windows[i].end = (uint64_t)json_integer_value(json_array_get(pair, 1));
	}
	return true;
}

static json_t *window_to_json(const struct window *w, size_t count)
{
	json_t *out = json_pack("{s:I, s:I}", "windows", (json_int_t)count, "ns", (json_int_t)(w->end - w->begin));

	for (enum span span = 0; span < SPANS; span++)
		json_object_set_new(out, spans[span].name,
				    json_pack("{s:I, s:I}", "calls", (json_int_t)w->calls[span], "ns",
					      (json_int_t)w->ns[span]));
	return out;
}

static json_t *shortest_window(const struct walk *walk)
{
	const struct window *least = walk->windows;

	if (walk->lost)
		return json_pack("{s:b}", "lost", 1);
	if (!walk->count)
		return json_object();
	for (size_t i = 1; i < walk->count; i++)
		if (walk->windows[i].end - walk->windows[i].begin < least->end - least->begin)
			least = &walk->windows[i];
	return window_to_json(least, walk->count);
}

json_t *perf_read_script(char *text, const json_t *windows)
{
	struct walk walk = {0};
	json_t *out;
	char *line;

	if (!read_windows(windows, &walk))
		return NULL;
	while ((line = strsep(&text, "\n")))
		walk_line(&walk, line);
	out = shortest_window(&walk);
	free(walk.windows);
	return out;
}
