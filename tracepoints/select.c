// SPDX-License-Identifier: GPL-2.0-only
#include "tracepoints/select.h"

#include <errno.h>
#include <string.h>

#define CLASSES 0x0fff0000u
#define SUBCLASSES 0xf000u
/* Of ours the one with the fewest records. */
#define SUBCLASS_CALLS (TRC_domctl_retry & SUBCLASSES)

/* Xen's own records of the class. They are of all subclasses, so any mask of ours lets them pass. */
#define XEN_MEMORY TRC_MEM

#define ALL(name, event, doc) {name, TRC_##event, NULL, false, 0, doc}
#define WITH(name, event, field, value, doc) {name, TRC_##event, #field, false, value, doc}
#define WITHOUT(name, event, field, value, doc) {name, TRC_##event, #field, true, value, doc}

const struct select_rule select_rules[] = {
	ALL("lock", heap_section, "sections under heap_lock"),
	WITH("alloc", heap_section, site, HEAP_SITE_ALLOC, "those of alloc_heap_pages"),
	WITH(NULL, heap_section, site, HEAP_SITE_ALLOC_SCRUB, NULL),
	WITH("free", heap_section, site, HEAP_SITE_FREE, "those of free_heap_pages"),
	WITHOUT("redeem", heap_section, from_node, 0, "those that redeemed claimed pages"),
	WITHOUT(NULL, heap_section, from_host, 0, NULL),
	WITHOUT(NULL, heap_section, from_other, 0, NULL),
	WITHOUT("fallback", heap_section, refused_claims, 0, "those that passed over a node"),
	WITHOUT(NULL, heap_section, refused_empty, 0, NULL),
	WITHOUT("check", heap_section, host_cover, HEAP_COVER_UNCLAIMED,
		"those whose request unclaimed pages did not cover"),
	WITHOUT(NULL, heap_section, node_cover, HEAP_COVER_UNCLAIMED, NULL),
	ALL("claims", claim_install, "claims installed, released and redeemed, and free pages"),
	ALL(NULL, claim_entry, NULL),
	ALL(NULL, claim_release, NULL),
	ALL(NULL, node_state, NULL),
	WITHOUT(NULL, heap_section, from_node, 0, NULL),
	WITHOUT(NULL, heap_section, from_host, 0, NULL),
	WITHOUT(NULL, heap_section, from_other, 0, NULL),
	ALL("install", claim_install, "calls that install claims, and what they installed"),
	ALL(NULL, claim_entry, NULL),
	ALL("release", claim_release, "claims that end without being redeemed"),
	ALL("nodes", node_state, "free and claimed pages of each node"),
	ALL("populate", populate_physmap, "runs of populate_physmap"),
	ALL("retry", domctl_retry, "domctls that found domctl_lock taken"),
	ALL("teardown", domain_teardown, "runs of domain_kill"),
	ALL("scrub", scrub_run, "runs of the background scrubber, and its sections"),
	WITH(NULL, heap_section, site, HEAP_SITE_SCRUB, NULL),
	ALL("page_alloc", page_alloc_section, "sections under a domain's page_alloc_lock"),
	{"xen", XEN_MEMORY, NULL, false, 0, "memory records of Xen's own, such as of p2m entries"},
#define EVENT(subclass, minor, name, doc) ALL(NULL, name, NULL),
	{"all", XEN_MEMORY, NULL, false, 0, "all of these"},
	HEAP_EVENTS(EVENT)
#undef EVENT
	{NULL, 0, NULL, false, 0, NULL},
};

static const struct catalog_field *find_field(uint32_t number, const char *name)
{
	const struct catalog_event *event = catalog_find(number);

	for (unsigned int i = 0; event && name && i < event->nr_fields; i++)
		if (!strcmp(event->fields[i].name, name))
			return &event->fields[i];
	return NULL;
}

static bool is_same(const struct select_condition *a, const struct select_condition *b)
{
	return a->event == b->event && a->field == b->field && a->negated == b->negated &&
	       a->value == b->value;
}

/* Names may overlap; as no rule is kept twice, there is room for all that exist. */
static void add_rule(struct select *select, const struct select_rule *rule)
{
	struct select_condition condition = {rule->event, find_field(rule->event, rule->field),
					     rule->negated, rule->value};

	for (unsigned int i = 0; i < select->nr_rules; i++)
		if (is_same(&select->rules[i], &condition))
			return;
	if (select->nr_rules < SELECT_RULES_MAX)
		select->rules[select->nr_rules++] = condition;
}

static bool is_word(const char *word, size_t length, const char *name)
{
	return name && strlen(name) == length && !memcmp(word, name, length);
}

static bool add_name(struct select *select, const char *word, size_t length)
{
	const struct catalog_event *event;
	const struct select_rule *rule;

	for (event = catalog_events; event->name; event++)
		if (is_word(word, length, event->name)) {
			add_rule(select, &(struct select_rule){.event = event->number});
			return true;
		}
	for (rule = select_rules; rule->event; rule++)
		if (is_word(word, length, rule->name))
			break;
	if (!rule->event)
		return false;
	do
		add_rule(select, rule++);
	while (rule->event && !rule->name);
	return true;
}

static void say_unknown(const char *word, size_t length, char *error, size_t size)
{
	const struct catalog_event *event;
	const struct select_rule *rule;
	size_t used = (size_t)snprintf(error, size, "'%.*s' is no event; known are",
				       (int)(length < 40 ? length : 40), word);

	for (rule = select_rules; rule->event; rule++)
		if (rule->name && used < size)
			used += (size_t)snprintf(error + used, size - used, " %s,", rule->name);
	for (event = catalog_events; event->name; event++)
		if (used < size)
			used += (size_t)snprintf(error + used, size - used, " %s%s", event->name,
						 event[1].name ? "," : "");
}

int select_parse(const char *names, struct select *select, char *error, size_t size)
{
	size_t length;

	memset(select, 0, sizeof(*select));
	for (;; names += length + 1) {
		length = strcspn(names, ",");
		if (!add_name(select, names, length)) {
			say_unknown(names, length, error, size);
			return -EINVAL;
		}
		if (!names[length])
			return 0;
	}
}

static bool is_event(uint32_t wanted, uint32_t event)
{
	return wanted == event || (wanted == XEN_MEMORY && (event & (CLASSES | SUBCLASSES)) == TRC_MEM);
}

bool select_matches(const struct select *select, uint32_t event, const uint32_t *words,
		    unsigned int nr_words)
{
	uint32_t all[HEAP_WORDS_MAX + 1] = {0};

	if (nr_words > HEAP_WORDS_MAX)
		nr_words = HEAP_WORDS_MAX;
	for (unsigned int i = 0; i < nr_words; i++)
		all[i] = words[i];
	for (unsigned int i = 0; i < select->nr_rules; i++) {
		if (!is_event(select->rules[i].event, event))
			continue;
		if (!select->rules[i].field)
			return true;
		if ((catalog_get(select->rules[i].field, all) == select->rules[i].value) !=
		    select->rules[i].negated)
			return true;
	}
	return false;
}

uint32_t select_mask(const struct select *select)
{
	uint32_t mask = 0, class = 0;

	for (unsigned int i = 0; i < select->nr_rules; i++) {
		class |= select->rules[i].event & CLASSES;
		if (select->rules[i].event != XEN_MEMORY)
			mask |= select->rules[i].event & SUBCLASSES;
	}
	return class | (class && !mask ? SUBCLASS_CALLS : mask);
}

void select_describe(FILE *out)
{
	const struct catalog_event *event;
	const struct select_rule *rule;

	for (rule = select_rules; rule->event; rule++)
		if (rule->name)
			fprintf(out, "  %-18s %s\n", rule->name, rule->doc);
	for (event = catalog_events; event->name; event++)
		fprintf(out, "  %-18s %s\n", event->name, event->doc);
}
