// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>

#include "tracepoints/catalog.h"
#include "tracepoints/summary_json.h"

json_t *summary_handover_json(const struct summary *s, enum section_lock lock)
{
	json_t *object = json_object();

	hist_set_json(object, &s->sections->waits[lock].handover);
	return object;
}

static json_t *lock_json(const struct summary *s, enum section_lock lock)
{
	struct hist *hold = hist_new(), *wait = hist_new();
	json_t *object = json_object(), *held = json_object(), *waited = json_object();
	uint64_t pages = 0, window = summary_window(s);

	if (hold && wait) {
		pages = summary_merge_lock(s, lock, hold, wait);
		hist_set_json(held, hold);
		hist_set_json(waited, wait);
		json_object_set_new(object, "lock", json_string(section_lock_name(lock)));
		json_object_set_new(object, "lossy", json_boolean(s->lost));
		json_object_set_new(object, "pages", json_count(pages));
		json_object_set_new(object, "share",
				    json_real(window ? (double)hold->sum / (double)window : 0));
	}
	json_object_set_new(object, "hold", held);
	json_object_set_new(object, "wait", waited);
	json_object_set_new(object, "handover", summary_handover_json(s, lock));
	free(hold);
	free(wait);
	return object;
}

json_t *summary_locks_json(const struct summary *s)
{
	json_t *array = json_array();

	for (unsigned int lock = 0; lock < SECTION_LOCKS; lock++)
		if (s->sections->longest[lock].nr)
			json_array_append_new(array, lock_json(s, lock));
	return array;
}

static json_t *waiter_json(const struct waits *w, enum section_lock lock, unsigned int waiter)
{
	json_t *holders = json_array();
	uint64_t found = 0;

	for (unsigned int holder = 0; holder < WAITS_SITES; holder++) {
		const struct waits_pair *pair = &w->pairs[waiter][holder];

		found += pair->cycles;
		if (pair->count)
			json_array_append_new(holders,
					      json_pack("{s:s, s:o, s:o}", "site",
							section_site_name(lock, holder), "count",
							json_count(pair->count), "cycles",
							json_count(pair->cycles)));
	}
	return json_pack("{s:s, s:s, s:o, s:o, s:o, s:o}", "lock", section_lock_name(lock), "site",
			 section_site_name(lock, waiter), "count",
			 json_count(w->sites[waiter].blocked), "cycles",
			 json_count(w->sites[waiter].cycles), "in_no_hold",
			 json_count(w->sites[waiter].cycles > found
					    ? w->sites[waiter].cycles - found
					    : 0),
			 "behind", holders);
}

json_t *summary_waited_json(const struct summary *s)
{
	json_t *array = json_array();

	for (unsigned int lock = 0; lock < SECTION_LOCKS; lock++)
		for (unsigned int waiter = 0; waiter < WAITS_SITES; waiter++)
			if (s->sections->waits[lock].sites[waiter].blocked)
				json_array_append_new(array, waiter_json(&s->sections->waits[lock],
									 lock, waiter));
	return array;
}

static json_t *record_json(const struct section_record *r, enum section_lock lock)
{
	const struct catalog_event *event = catalog_find(r->event);
	json_t *object = json_pack("{s:s, s:o, s:o, s:o}", "lock", section_lock_name(lock), "offset",
				   json_count(r->offset), "cpu", json_count(r->cpu), "tsc",
				   json_count(r->tsc));

	for (unsigned int i = 0; i < event->nr_fields; i++) {
		const struct catalog_field *field = &event->fields[i];
		uint32_t value = catalog_get(field, r->words);
		const char *name = catalog_value_name(field->type, value);

		json_object_set_new(object, field->name,
				    name ? json_string(name) : json_count(value));
	}
	return object;
}

json_t *summary_longest_json(const struct summary *s)
{
	json_t *array = json_array();

	for (unsigned int lock = 0; lock < SECTION_LOCKS; lock++) {
		const struct section_longest *longest = &s->sections->longest[lock];

		for (unsigned int i = 0; i < longest->nr; i++)
			json_array_append_new(array, record_json(&longest->records[i], lock));
	}
	return array;
}

static json_t *node_json(const struct section_fallback *f, unsigned int node)
{
	return json_pack("{s:i, s:o, s:o, s:o}", "node", (int)node, "claims_refused",
			 json_count(node < 32 ? f->refused_claims[node] : 0), "nothing_free",
			 json_count(node < 32 ? f->refused_empty[node] : 0), "served_instead",
			 json_count(f->served[node]));
}

json_t *summary_fallback_json(const struct summary *s)
{
	const struct section_fallback *f = &s->sections->fallback;
	json_t *nodes = json_array(), *visited = json_array();

	for (unsigned int i = 0; i < HEAP_NODE_NONE; i++)
		if (f->served[i] || (i < 32 && (f->refused_claims[i] || f->refused_empty[i])))
			json_array_append_new(nodes, node_json(f, i));
	for (unsigned int i = 0; i < 64; i++)
		if (f->visited[i])
			json_array_append_new(visited,
					      json_pack("[i, o]", (int)i, json_count(f->visited[i])));
	return json_pack("{s:o, s:o, s:o, s:o}", "count", json_count(f->count), "failed",
			 json_count(f->failed), "nodes", nodes, "passed_over", visited);
}
