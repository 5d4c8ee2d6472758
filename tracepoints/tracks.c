// SPDX-License-Identifier: GPL-2.0-only
/* What tracks and slices are called, and their way into a file. */
#include "tracepoints/tracks.h"

#include <stdio.h>
#include <string.h>

static void name_node(char *text, size_t size, uint32_t node, const char *what)
{
	if (node == HEAP_NODE_NONE)
		snprintf(text, size, "Host %s", what);
	else
		snprintf(text, size, "Node %u %s", node, what);
}

void track_get_name(track_key key, char *text, size_t size)
{
	uint32_t number = TRACK_NUMBER(key);
	size_t used;

	switch (TRACK_KIND(key)) {
	case TRACK_CPU: snprintf(text, size, "CPU %u", number); break;
	case TRACK_PAGE_ALLOC: snprintf(text, size, "CPU %u page_alloc_lock", number); break;
	case TRACK_DOMAIN: snprintf(text, size, "Domain %u", number); break;
	case TRACK_HELD: snprintf(text, size, "Domain %u claimed pages", number); break;
	case TRACK_FREE: name_node(text, size, number, "free pages"); break;
	case TRACK_CLAIMED: name_node(text, size, number, "claimed pages"); break;
	case TRACK_FREED: name_node(text, size, number, "free pages since start"); break;
	case TRACK_CLAIMED_MORE:
	case TRACK_KINDS: name_node(text, size, number, "claimed pages since start"); break;
	}
	used = strlen(text);
	if (TRACK_LANE(key))
		snprintf(text + used, size - used, " (%u)", TRACK_LANE(key) + 1);
}

const char *slice_get_category(const struct slice *s)
{
	if (!s->event)
		return "lost";
	if (s->event->number == TRC_heap_section)
		return "heap_lock";
	return s->event->number == TRC_page_alloc_section ? "page_alloc_lock" : "call";
}

static bool is_detail(const struct catalog_field *f, uint32_t value)
{
	if (!strcmp(f->unit, "domain"))
		return value != HEAP_DOMID_NONE;
	if (!strcmp(f->unit, "node"))
		return value != HEAP_NODE_NONE;
	return value && strcmp(f->unit, "cycles");
}

void slice_put_details(const struct slice *s,
		       void (*put)(void *data, const char *name, const char *text, uint64_t value),
		       void *data)
{
	unsigned int i;

	for (i = 0; s->event && !s->bare && i < s->event->nr_fields; i++) {
		const struct catalog_field *f = &s->event->fields[i];
		uint32_t value = catalog_get(f, s->words);

		if (is_detail(f, value))
			put(data, f->name, catalog_value_name(f->type, value), value);
	}
	if (!s->event)
		put(data, "lost", NULL, s->words[0]);
	put(data, "offset", NULL, s->offset);
}

struct writer {
	struct export *e;
	const struct encoder *encoder;
	void *data;
	struct tracks *tracks;
	uint64_t open; /* slices begun and not ended: room is kept for their ends */
};

/* Once something is left out, only slices that were begun are ended. */
static bool is_left_out(struct writer *w, const struct mark *m)
{
	struct export *e = w->e;

	if (m->type == MARK_END)
		return !w->tracks->slices[m->slice].begun;
	if (e->cut && m->tsc >= e->cut_tsc)
		return true;
	if (sink_has_room(&e->sink, ENCODER_TEXT + (w->open + 1) * ENCODER_END_MAX))
		return false;
	e->cut = true;
	e->cut_tsc = m->tsc;
	return true;
}

static void write_mark(struct writer *w, const struct mark *m, char *text)
{
	struct slice *s = m->type == MARK_VALUE ? NULL : &w->tracks->slices[m->slice];
	size_t size;

	/* A format that refers back must not be asked for what is not written. */
	if (is_left_out(w, m))
		return;
	size = w->encoder->put_mark(w->data, w->tracks, m, export_get_ns(w->e, m->tsc), text);
	sink_put(&w->e->sink, text, size);
	if (!s)
		return;
	w->e->written += m->type != MARK_END && s->first;
	s->begun = m->type == MARK_BEGIN;
	w->open += m->type == MARK_BEGIN;
	w->open -= m->type == MARK_END;
}

static void count_shown(struct export *e, const struct tracks *t)
{
	uint32_t i;

	e->records = 0;
	for (i = 0; i < t->nr_slices; i++)
		e->records += t->slices[i].first;
}

int tracks_write(struct export *e, const struct encoder *encoder, void *data)
{
	struct tracks tracks;
	struct writer w = {e, encoder, data, &tracks, 0};
	static char text[ENCODER_TEXT];
	int ret = tracks_read(e, &tracks);
	uint32_t i;

	if (ret)
		return ret;
	count_shown(e, &tracks);
	for (i = 0; i < tracks.nr_keys; i++)
		sink_put(&e->sink, text, encoder->put_track(data, &tracks, i, text));
	for (i = 0; i < tracks.nr_marks; i++)
		write_mark(&w, &tracks.marks[i], text);
	e->crowded = tracks.crowded;
	tracks_free(&tracks);
	return 0;
}
