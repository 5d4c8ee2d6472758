// SPDX-License-Identifier: GPL-2.0-only
/*
 * Perfetto's own format: a row of TracePackets (protos/perfetto/trace in its source). All are of
 * one sequence; names are sent once, in the packet that first uses them. Times are nanoseconds of
 * the trace's default clock, so that no clock snapshot is needed.
 */
#include <stdlib.h>
#include <string.h>

#include "tracepoints/protobuf.h"
#include "tracepoints/tracks.h"

enum { TRACE_PACKET = 1 };
enum {
	PACKET_TIMESTAMP = 8,
	PACKET_SEQUENCE = 10,
	PACKET_EVENT = 11,
	PACKET_INTERNED = 12,
	PACKET_FLAGS = 13,
	PACKET_TRACK = 60,
	PACKET_FIRST = 87
};
enum { FLAG_STATE_CLEARED = 1, FLAG_NEEDS_STATE = 2 };
enum {
	TRACK_UUID = 1,
	TRACK_NAME = 2,
	TRACK_PARENT = 5,
	TRACK_COUNTER = 8,
	TRACK_ORDERING = 11,
	TRACK_RANK = 12
};
enum { ORDERING_EXPLICIT = 3 };
enum { COUNTER_UNIT = 3, COUNTER_UNIT_NAME = 6, UNIT_COUNT = 2 };
enum {
	EVENT_CATEGORY = 3,
	EVENT_DETAIL = 4,
	EVENT_TYPE = 9,
	EVENT_NAME = 10,
	EVENT_TRACK = 11,
	EVENT_VALUE = 30
};
enum { TYPE_BEGIN = 1, TYPE_END, TYPE_INSTANT, TYPE_COUNTER };
enum { DETAIL_NAME = 1, DETAIL_NUMBER = 3, DETAIL_TEXT = 17 };
/* The indices of interned names; an entry has its number and its text. */
enum { INTERNED_CATEGORY = 1, INTERNED_EVENT = 2, INTERNED_DETAIL = 3, INTERNED_TEXT = 29 };
enum { INTERNED_ID = 1, INTERNED_NAME = 2 };

#define SEQUENCE 1
/* Groups of tracks; no track has such a number. */
enum { GROUP_CPUS = 1, GROUP_DOMAINS, GROUP_PAGES, FIRST_TRACK };
/* More than all names of the catalog. Names are static, their address tells them apart. */
#define NAMES_MAX 512

struct names {
	const char *texts[NAMES_MAX];
	uint32_t ids[NAMES_MAX]; /* from 1 on */
	uint32_t count;
};

struct perfetto {
	struct names categories, events, details, values;
	unsigned char interned_bytes[2048]; /* of the packet that is made */
	struct protobuf interned, packet;
	bool has_groups;
};

static uint64_t find_name(struct perfetto *p, struct names *names, unsigned int index,
			  const char *text)
{
	size_t slot = ((uintptr_t)text * 0x9e3779b97f4a7c15ull) >> 55, at;

	for (; names->texts[slot]; slot = (slot + 1) % NAMES_MAX)
		if (names->texts[slot] == text)
			return names->ids[slot];
	names->texts[slot] = text;
	names->ids[slot] = ++names->count;
	at = protobuf_open(&p->interned, index);
	protobuf_number(&p->interned, INTERNED_ID, names->count);
	protobuf_text(&p->interned, INTERNED_NAME, text);
	protobuf_close(&p->interned, at);
	return names->count;
}

static size_t begin_packet(struct perfetto *p, char *text, size_t *at)
{
	p->packet = (struct protobuf){(unsigned char *)text, 0};
	p->interned = (struct protobuf){p->interned_bytes, 0};
	*at = protobuf_open(&p->packet, TRACE_PACKET);
	protobuf_number(&p->packet, PACKET_SEQUENCE, SEQUENCE);
	return *at;
}

static size_t end_packet(struct perfetto *p, size_t at)
{
	size_t interned;

	if (p->interned.size) {
		interned = protobuf_open(&p->packet, PACKET_INTERNED);
		memcpy(p->packet.bytes + p->packet.size, p->interned.bytes, p->interned.size);
		p->packet.size += p->interned.size;
		protobuf_close(&p->packet, interned);
	}
	protobuf_close(&p->packet, at);
	return p->packet.size;
}

static size_t put_group(struct perfetto *p, char *text, unsigned int group, const char *name)
{
	size_t packet, at;

	begin_packet(p, text, &packet);
	if (group == GROUP_CPUS) {
		protobuf_number(&p->packet, PACKET_FLAGS, FLAG_STATE_CLEARED);
		protobuf_number(&p->packet, PACKET_FIRST, 1);
	}
	at = protobuf_open(&p->packet, PACKET_TRACK);
	protobuf_number(&p->packet, TRACK_UUID, group);
	protobuf_text(&p->packet, TRACK_NAME, name);
	protobuf_number(&p->packet, TRACK_ORDERING, ORDERING_EXPLICIT);
	protobuf_close(&p->packet, at);
	return end_packet(p, packet);
}

static size_t put_groups(struct perfetto *p, char *text)
{
	size_t size = put_group(p, text, GROUP_CPUS, "CPUs");

	size += put_group(p, text + size, GROUP_DOMAINS, "Domains");
	size += put_group(p, text + size, GROUP_PAGES, "Pages");
	return size;
}

static unsigned int group_of(track_key key)
{
	static const unsigned int groups[TRACK_KINDS] = {
		[TRACK_CPU] = GROUP_CPUS,	[TRACK_PAGE_ALLOC] = GROUP_CPUS,
		[TRACK_DOMAIN] = GROUP_DOMAINS, [TRACK_HELD] = GROUP_DOMAINS,
		[TRACK_FREE] = GROUP_PAGES,	[TRACK_CLAIMED] = GROUP_PAGES,
		[TRACK_FREED] = GROUP_PAGES,	[TRACK_CLAIMED_MORE] = GROUP_PAGES,
	};

	return groups[TRACK_KIND(key)];
}

/* Within a group by CPU, domain or node, the host first. */
static uint64_t rank_of(track_key key)
{
	uint32_t number = TRACK_NUMBER(key);

	if (group_of(key) == GROUP_PAGES)
		number = (number + 1) % (HEAP_NODE_NONE + 1);
	return ((uint64_t)number * TRACK_KINDS + TRACK_KIND(key)) * TRACK_LANES + TRACK_LANE(key);
}

static size_t put_track(void *data, const struct tracks *tracks, unsigned int track, char *text)
{
	struct perfetto *p = data;
	track_key key = tracks->keys[track];
	size_t before = 0, packet, at, counter;
	char name[64];

	if (!p->has_groups)
		before = put_groups(p, text);
	p->has_groups = true;
	begin_packet(p, text + before, &packet);
	at = protobuf_open(&p->packet, PACKET_TRACK);
	protobuf_number(&p->packet, TRACK_UUID, FIRST_TRACK + track);
	protobuf_number(&p->packet, TRACK_PARENT, group_of(key));
	protobuf_number(&p->packet, TRACK_RANK, rank_of(key));
	track_get_name(key, name, sizeof(name));
	protobuf_text(&p->packet, TRACK_NAME, name);
	if (TRACK_KIND(key) >= TRACK_HELD) {
		counter = protobuf_open(&p->packet, TRACK_COUNTER);
		protobuf_number(&p->packet, COUNTER_UNIT, UNIT_COUNT);
		protobuf_text(&p->packet, COUNTER_UNIT_NAME, "pages");
		protobuf_close(&p->packet, counter);
	}
	protobuf_close(&p->packet, at);
	return before + end_packet(p, packet);
}

static void put_detail(void *data, const char *name, const char *text, uint64_t value)
{
	struct perfetto *p = data;
	size_t at = protobuf_open(&p->packet, EVENT_DETAIL);

	protobuf_number(&p->packet, DETAIL_NAME, find_name(p, &p->details, INTERNED_DETAIL, name));
	if (text)
		protobuf_number(&p->packet, DETAIL_TEXT,
				find_name(p, &p->values, INTERNED_TEXT, text));
	else
		protobuf_number(&p->packet, DETAIL_NUMBER, value);
	protobuf_close(&p->packet, at);
}

static void put_slice(struct perfetto *p, const struct slice *s)
{
	protobuf_number(&p->packet, EVENT_CATEGORY,
			find_name(p, &p->categories, INTERNED_CATEGORY, slice_get_category(s)));
	protobuf_number(&p->packet, EVENT_NAME, find_name(p, &p->events, INTERNED_EVENT, s->name));
	slice_put_details(s, put_detail, p);
}

static size_t put_mark(void *data, const struct tracks *tracks, const struct mark *m, uint64_t ns,
		       char *text)
{
	static const unsigned int types[] = {[MARK_BEGIN] = TYPE_BEGIN,
					     [MARK_END] = TYPE_END,
					     [MARK_INSTANT] = TYPE_INSTANT,
					     [MARK_VALUE] = TYPE_COUNTER};
	struct perfetto *p = data;
	size_t packet, at;

	begin_packet(p, text, &packet);
	protobuf_number(&p->packet, PACKET_TIMESTAMP, ns);
	protobuf_number(&p->packet, PACKET_FLAGS, FLAG_NEEDS_STATE);
	at = protobuf_open(&p->packet, PACKET_EVENT);
	protobuf_number(&p->packet, EVENT_TYPE, types[m->type]);
	protobuf_number(&p->packet, EVENT_TRACK, FIRST_TRACK + tracks_find(tracks, m->track));
	if (m->type == MARK_VALUE)
		protobuf_number(&p->packet, EVENT_VALUE, (uint64_t)m->value);
	else if (m->type != MARK_END)
		put_slice(p, &tracks->slices[m->slice]);
	protobuf_close(&p->packet, at);
	return end_packet(p, packet);
}

int export_perfetto(struct export *e)
{
	static const struct encoder encoder = {put_track, put_mark};
	struct perfetto *p = calloc(1, sizeof(*p));
	int ret = p ? tracks_write(e, &encoder, p) : -ENOMEM;

	free(p);
	return ret;
}
