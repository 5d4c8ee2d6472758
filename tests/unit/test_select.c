// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

#include "tracepoints/select.h"

#define XEN_OWN 0x0010f001u
#define CALLS 0x00104000u

static struct select parse(const char *names)
{
	struct select select;
	char error[1000];

	assert_int_equal(select_parse(names, &select, error, sizeof(error)), 0);
	return select;
}

static bool matches(const char *names, uint32_t event, const void *record, unsigned int nr_words)
{
	struct select select = parse(names);

	return select_matches(&select, event, record, nr_words);
}

static uint32_t mask_of(const char *names)
{
	struct select select = parse(names);

	return select_mask(&select);
}

static void names_events(void **state)
{
	const struct catalog_event *event, *other;
	uint32_t words[HEAP_WORDS_MAX] = {0};

	(void)state;
	for (event = catalog_events; event->name; event++)
		for (other = catalog_events; other->name; other++)
			assert_int_equal(matches(event->name, other->number, words, 7),
					 event == other);
}

static void looks_at_fields(void **state)
{
	struct trc_heap_section section = {.site = HEAP_SITE_ALLOC, .from_other = 1};
	struct trc_heap_section plain = {.site = HEAP_SITE_FREE};

	(void)state;
	assert_true(matches("redeem", TRC_heap_section, &section, 7));
	assert_false(matches("redeem", TRC_heap_section, &plain, 7));
	assert_true(matches("free,redeem", TRC_heap_section, &plain, 7));
	assert_true(matches("alloc", TRC_heap_section, &section, 7));
	assert_false(matches("alloc", TRC_heap_section, &plain, 7));
	plain.refused_empty = 2;
	assert_true(matches("fallback", TRC_heap_section, &plain, 7));
	plain.refused_empty = 0;
	assert_false(matches("fallback", TRC_heap_section, &plain, 7));
	plain.node_cover = HEAP_COVER_REFUSED;
	assert_true(matches("check", TRC_heap_section, &plain, 7));
}

static void missing_words_are_zeros(void **state)
{
	struct trc_heap_section section = {.site = HEAP_SITE_ALLOC, .from_other = 1};

	(void)state;
	assert_false(matches("redeem", TRC_heap_section, &section, 3));
	assert_true(matches("alloc", TRC_heap_section, &section, 3));
	assert_true(matches("lock", TRC_heap_section, NULL, 0));
}

static void takes_each_event_into_all(void **state)
{
	const struct catalog_event *event;
	struct select all = parse("all");

	(void)state;
	for (event = catalog_events; event->name; event++)
		assert_true(select_matches(&all, event->number, NULL, 0));
	assert_true(select_matches(&all, XEN_OWN, NULL, 0));
	assert_false(select_matches(&all, 0x0002f001, NULL, 0));
	assert_false(matches("lock,claims,page_alloc", XEN_OWN, NULL, 0));
	assert_true(matches("xen", XEN_OWN, NULL, 0));
	assert_false(matches("xen", TRC_heap_section, NULL, 0));
}

static void makes_narrow_masks(void **state)
{
	(void)state;
	assert_int_equal(mask_of("lock,redeem"), 0x00101000);
	assert_int_equal(mask_of("install"), 0x00102000);
	assert_int_equal(mask_of("claims"), 0x00103000);
	assert_int_equal(mask_of("page_alloc,retry"), 0x0010c000);
	assert_int_equal(mask_of("all"), 0x0010f000);
	/* Any subclass lets Xen's own pass. */
	assert_int_equal(mask_of("xen"), CALLS);
	assert_int_equal(mask_of("xen,lock"), 0x00101000);
}

static void has_room_for_all(void **state)
{
	const struct catalog_event *event;
	const struct select_rule *rule;
	char names[1000] = "all";
	struct select select;

	(void)state;
	for (event = catalog_events; event->name; event++)
		strcat(strcat(names, ","), event->name);
	for (rule = select_rules; rule->event; rule++)
		if (rule->name)
			strcat(strcat(names, ","), rule->name);
	select = parse(names);
	assert_true(select.nr_rules < SELECT_RULES_MAX);
}

/* A rule whose field does not exist would select all of the event. */
static void rules_name_fields_that_exist(void **state)
{
	const struct select_rule *rule;
	struct select select = {0};
	unsigned int with_field = 0;

	(void)state;
	for (rule = select_rules; rule->event; rule++) {
		if (!rule->name)
			continue;
		assert_non_null(rule->doc);
		select = parse(rule->name);
		for (unsigned int i = 0; i < select.nr_rules; i++, with_field++)
			assert_int_equal(!select.rules[i].field, !rule[i].field);
	}
	assert_true(with_field > 20);
}

static void refuses_what_it_does_not_know(void **state)
{
	static const char *const bad[] = {"", "lock,", ",lock", "locks", "loc", "lock, free", "Lock"};
	struct select select;
	char error[1000];

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_int_equal(select_parse(bad[i], &select, error, sizeof(error)), -EINVAL);
	assert_int_equal(select_parse("lock,elephant", &select, error, sizeof(error)), -EINVAL);
	assert_non_null(strstr(error, "'elephant'"));
	assert_non_null(strstr(error, " redeem,"));
	assert_non_null(strstr(error, " page_alloc_section"));
	assert_int_equal(select_parse("elephant", &select, error, 12), -EINVAL);
	assert_int_equal(strlen(error), 11);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_events),
		cmocka_unit_test(looks_at_fields),
		cmocka_unit_test(missing_words_are_zeros),
		cmocka_unit_test(takes_each_event_into_all),
		cmocka_unit_test(makes_narrow_masks),
		cmocka_unit_test(has_room_for_all),
		cmocka_unit_test(rules_name_fields_that_exist),
		cmocka_unit_test(refuses_what_it_does_not_know),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
