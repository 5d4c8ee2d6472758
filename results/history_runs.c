// SPDX-License-Identifier: GPL-2.0-only
/*
 * Runs as they are read for figures. There are hundreds of thousands when there are many hosts, so
 * texts that many of them have are kept once, and they are put in order here: a server would look
 * them up one by one in its index.
 */
#include "results/history_runs.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static size_t hash_of(const char *text)
{
	uint64_t hash = 0xcbf29ce484222325; /* FNV-1a */

	for (; *text; text++)
		hash = (hash ^ (unsigned char)*text) * 0x100000001b3;
	return hash ^ hash >> 32;
}

/* Where the text is in the table, or is to be put. */
static char **find_text(const struct text_set *set, const char *text)
{
	size_t i = hash_of(text) & (set->room - 1);

	while (set->texts[i] && strcmp(set->texts[i], text))
		i = (i + 1) & (set->room - 1);
	return &set->texts[i];
}

/* Half of it is empty at least. */
static int grow(struct text_set *set)
{
	struct text_set bigger = {.room = set->room ? set->room * 2 : 256, .nr = set->nr};

	bigger.texts = calloc(bigger.room, sizeof(*bigger.texts));
	if (!bigger.texts)
		return -ENOMEM;
	for (size_t i = 0; i < set->room; i++)
		if (set->texts[i])
			*find_text(&bigger, set->texts[i]) = set->texts[i];
	free(set->texts);
	*set = bigger;
	return 0;
}

/* NULL stays NULL. */
static int keep_text(struct text_set *set, const char *text, const char **out)
{
	char **place;

	*out = NULL;
	if (!text)
		return 0;
	if (2 * set->nr >= set->room && grow(set))
		return -ENOMEM;
	place = find_text(set, text);
	if (!*place) {
		*place = strdup(text);
		set->nr += *place != NULL;
	}
	*out = *place;
	return *place ? 0 : -ENOMEM;
}

static struct listed_run *next_run(struct history_runs *list)
{
	struct listed_run *runs;

	if (list->nr == list->room) {
		runs = reallocarray(list->runs, list->room * 2 + 64, sizeof(*runs));
		if (!runs)
			return NULL;
		list->runs = runs;
		list->room = list->room * 2 + 64;
	}
	return &list->runs[list->nr++];
}

static void copy_text(char *to, size_t size, const char *text)
{
	size_t length = strnlen(text, size - 1);

	memcpy(to, text, length);
	to[length] = '\0';
}

static int add_run(struct history_runs *list, struct db_rows *rows)
{
	struct listed_run *run = next_run(list);
	int ret = run ? 0 : -ENOMEM;

	for (int i = 0; i < NR_TEXTS && !ret; i++)
		ret = keep_text(&list->texts, db_text(rows, i), &run->texts[i]);
	if (ret)
		return ret;
	copy_text(run->id, sizeof(run->id), db_text(rows, NR_TEXTS));
	copy_text(run->time, sizeof(run->time), db_text(rows, NR_TEXTS + 1));
	run->nodes = (unsigned int)db_integer(rows, NR_TEXTS + 2);
	run->number = db_integer(rows, NR_TEXTS + 3);
	list->last = run->number > list->last ? run->number : list->last;
	return 0;
}

static int compare_times(const void *a, const void *b)
{
	const struct listed_run *left = a, *right = b;
	int ret = strcmp(left->time, right->time);

	return ret ? ret : strcmp(left->id, right->id);
}

static int compare_hosts(const void *a, const void *b)
{
	const struct listed_run *left = a, *right = b;

	return left->texts[HOST] == right->texts[HOST]
		       ? compare_times(a, b)
		       : strcmp(left->texts[HOST], right->texts[HOST]);
}

static int place_runs(struct history_runs *list)
{
	list->places = calloc((size_t)list->last + 1, sizeof(*list->places));
	if (!list->places)
		return -ENOMEM;
	for (size_t i = 0; i < list->nr; i++)
		list->places[list->runs[i].number] = i + 1;
	return 0;
}

int list_runs(struct history *h, const struct history_filter *filter, bool by_host,
	      struct history_runs *list)
{
	static const char *const texts[] = {
		"SELECT h.name, h.type, r.target, r.variant, r.environment, r.night, r.role,"
		" NULL, r.id, r.time, r.nodes, r.number FROM runs r JOIN hosts h ON h.id = r.host",
		"SELECT h.name, h.type, r.target, r.variant, r.environment, r.night, r.role,"
		" p.json, r.id, r.time, r.nodes, r.number FROM runs r JOIN hosts h ON h.id = r.host"
		" JOIN fingerprints p ON p.sha256 = r.fingerprint",
	};
	char *sql = filter_sql(texts[filter->fingerprints], filter, "");
	struct db_rows *rows = NULL;
	int ret = sql ? db_stream(h->db, &rows, sql, FILTER_TYPES, FILTER_VALUES(filter)) : -ENOMEM;

	list->filter = *filter;
	free(sql);
	while (!ret && (ret = db_next(rows)) > 0)
		ret = add_run(list, rows);
	db_end(rows);
	if (!ret && list->nr)
		qsort(list->runs, list->nr, sizeof(*list->runs),
		      by_host ? compare_hosts : compare_times);
	return ret ? ret : place_runs(list);
}

void forget_runs(struct history_runs *list)
{
	for (size_t i = 0; i < list->texts.room; i++)
		free(list->texts.texts[i]);
	free(list->texts.texts);
	free(list->runs);
	free(list->places);
}

int history_list_runs(struct history *h, const struct history_filter *filter,
		      struct history_runs **out)
{
	*out = calloc(1, sizeof(**out));
	return *out ? list_runs(h, filter, true, *out) : -ENOMEM;
}

void history_free_runs(struct history_runs *list)
{
	if (list)
		forget_runs(list);
	free(list);
}

size_t history_count_runs(const struct history_runs *list)
{
	return list->nr;
}

struct history_run history_listed_run(const struct history_runs *list, size_t i)
{
	const struct listed_run *run = &list->runs[i];

	return (struct history_run){
		.id = run->id,
		.time = run->time,
		.host = run->texts[HOST],
		.type = run->texts[TYPE],
		.target = run->texts[TARGET],
		.variant = run->texts[VARIANT],
		.environment = run->texts[ENVIRONMENT],
		.night = run->texts[NIGHT],
		.role = run->texts[ROLE],
		.fingerprint = run->texts[FINGERPRINT],
		.nodes = run->nodes,
	};
}
