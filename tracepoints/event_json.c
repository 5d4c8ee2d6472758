// SPDX-License-Identifier: GPL-2.0-only
/* The JSON of chrome://tracing, which many viewers read: big, and slow to load, so for small
 * excerpts. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "tracepoints/tracks.h"

struct text {
	char *bytes;
	size_t size;
	bool some; /* details were put */
};

/* Viewers group by process. */
static unsigned int process_of(track_key key)
{
	switch (TRACK_KIND(key)) {
	case TRACK_CPU:
	case TRACK_PAGE_ALLOC: return 1;
	case TRACK_DOMAIN:
	case TRACK_HELD: return 2;
	default: return 3;
	}
}

static const char *process_name(unsigned int process)
{
	static const char *const names[] = {"", "CPUs", "Domains", "Pages"};

	return names[process];
}

static size_t put_track(void *data, const struct tracks *tracks, unsigned int track, char *text)
{
	track_key key = tracks->keys[track];
	unsigned int process = process_of(key);
	char name[64];

	(void)data;
	track_get_name(key, name, sizeof(name));
	return (size_t)snprintf(text, ENCODER_TEXT,
				"{\"ph\":\"M\",\"pid\":%u,\"tid\":%u,\"name\":\"process_name\","
				"\"args\":{\"name\":\"%s\"}},\n"
				"{\"ph\":\"M\",\"pid\":%u,\"tid\":%u,\"name\":\"thread_name\","
				"\"args\":{\"name\":\"%s\"}},\n",
				process, track + 1, process_name(process), process, track + 1,
				name);
}

static void put_detail(void *data, const char *name, const char *value, uint64_t number)
{
	struct text *t = data;
	char *at = t->bytes + t->size;
	size_t room = ENCODER_TEXT - t->size;

	if (value)
		t->size += (size_t)snprintf(at, room, "%s\"%s\":\"%s\"", t->some ? "," : "", name,
					    value);
	else
		t->size += (size_t)snprintf(at, room, "%s\"%s\":%" PRIu64, t->some ? "," : "", name,
					    number);
	t->some = true;
}

static void put_slice(struct text *t, const struct slice *s)
{
	t->size += (size_t)snprintf(t->bytes + t->size, ENCODER_TEXT - t->size,
				    ",\"name\":\"%s\",\"cat\":\"%s\"%s,\"args\":{", s->name,
				    slice_get_category(s), s->instant ? ",\"s\":\"t\"" : "");
	slice_put_details(s, put_detail, t);
	t->size += (size_t)snprintf(t->bytes + t->size, ENCODER_TEXT - t->size, "}");
}

static size_t put_mark(void *data, const struct tracks *tracks, const struct mark *m, uint64_t ns,
		       char *text)
{
	static const char phases[] = {
		[MARK_BEGIN] = 'B', [MARK_END] = 'E', [MARK_INSTANT] = 'i', [MARK_VALUE] = 'C'};
	struct text t = {.bytes = text};
	char name[64];

	(void)data;
	t.size = (size_t)snprintf(
		text, ENCODER_TEXT, "{\"ph\":\"%c\",\"pid\":%u,\"tid\":%u,\"ts\":%" PRIu64 ".%03u",
		phases[m->type], process_of(m->track), tracks_find(tracks, m->track) + 1, ns / 1000,
		(unsigned int)(ns % 1000));
	if (m->type == MARK_VALUE) {
		track_get_name(m->track, name, sizeof(name));
		t.size += (size_t)snprintf(text + t.size, ENCODER_TEXT - t.size,
					   ",\"name\":\"%s\",\"args\":{\"pages\":%" PRId64 "}",
					   name, m->value);
	} else if (m->type != MARK_END) {
		put_slice(&t, &tracks->slices[m->slice]);
	}
	t.size += (size_t)snprintf(text + t.size, ENCODER_TEXT - t.size, "},\n");
	return t.size;
}

int export_trace_event(struct export *e)
{
	static const char head[] = "{\"displayTimeUnit\":\"ns\",\"traceEvents\":[\n";
	static const char tail[] = "{\"ph\":\"M\",\"pid\":1,\"tid\":1,\"name\":\"end\"}\n]}\n";
	static const struct encoder encoder = {put_track, put_mark};
	int ret;

	sink_put(&e->sink, head, strlen(head));
	ret = tracks_write(e, &encoder, NULL);
	sink_put(&e->sink, tail, strlen(tail));
	return ret;
}
