// SPDX-License-Identifier: GPL-2.0-only
/* Files of scenarios, and the schedules made of them. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "lib/json_locate.h"
#include "bench/scenario_schedule.h"
#include "tests/unit/temp_file.h"

#define HEAD "{\"about\": \"x\",\n\"groups\": ["
#define GROUP "{\"name\": \"a\", \"domains\": 2, \"memory\": 0.5"

static int load(const char *text, struct spec *spec, char error[KEYS_ERROR])
{
	char path[] = TEMP_FILE_TEMPLATE;
	int rc;

	write_temp_file(path, text);
	rc = spec_load(path, spec, error);
	unlink(path);
	return rc;
}

static struct spec load_good(const char *text)
{
	char error[KEYS_ERROR] = "";
	struct spec spec;

	if (load(text, &spec, error))
		fail_msg("%s", error);
	return spec;
}

static void locates(void **state)
{
	static const char text[] = "{\n\"a\\\"[\": {\"b\": 1},\n\"list\": [1, \"],\",\n"
				   "{\"x\": [], \"y\": {},\n\"z\":\n\n7}]\n}";

	(void)state;
	assert_int_equal(json_locate(text, ""), 1);
	assert_int_equal(json_locate(text, "list"), 3);
	assert_int_equal(json_locate(text, "list[1]"), 3);
	assert_int_equal(json_locate(text, "list[2]"), 4);
	assert_int_equal(json_locate(text, "list[2].y"), 4);
	assert_int_equal(json_locate(text, "list[2].z"), 7);
	/* As far as it goes. */
	assert_int_equal(json_locate(text, "list[2].none"), 4);
	assert_int_equal(json_locate(text, "list[3]"), 3);
	assert_int_equal(json_locate(text, "none[0].z"), 1);
}

static void reads_all_keys(void **state)
{
	struct spec spec = load_good(
		"{\"about\": \"words\", \"seed\": 5, \"builders\": 3, \"groups\": ["
		"{\"name\": \"a-1\", \"role\": \"guest\", \"domains\": 7, \"memory\": 0.25, "
		"\"nodes\": \"all\","
		" \"claim\": \"nodes\", \"elsewhere\": false, \"extents\": {\"0\": 0.25, \"9\": "
		"0.5, \"2\": 0.25},"
		" \"ahead\": \"claim\", \"start_ms\": 1, \"every_ms\": 2, \"arrivals\": "
		"\"exponential\","
		" \"builds\": 3, \"again_ms\": 4, \"lives_ms\": 0, \"tries\": 6, \"backoff_ms\": 8,"
		" \"limits\": {\"off_node\": 0.5, \"refused\": 0}},"
		"{\"name\": \"t\", \"role\": \"thief\", \"domains\": 1, \"memory\": 1, \"nodes\": "
		"2}]}");
	const struct spec_group *g = spec.groups;

	(void)state;
	assert_string_equal(spec.about, "words");
	assert_int_equal(spec.seed, 5);
	assert_int_equal(spec.builders, 3);
	assert_int_equal(spec.nr_groups, 2);
	assert_string_equal(g->name, "a-1");
	assert_int_equal(g->nodes, SPEC_ALL_NODES);
	assert_int_equal(g->claim, MODE_NODES);
	assert_false(g->elsewhere);
	assert_int_equal(g->mix.nr_extents, 3);
	assert_int_equal(g->mix.extents[0].order, 9);
	assert_int_equal(g->mix.extents[2].order, 0);
	assert_int_equal(g->ahead, AHEAD_CLAIM);
	assert_int_equal(g->arrivals, ARRIVALS_EXPONENTIAL);
	assert_int_equal(g->lives_ms, 0);
	assert_true(g->limits.off_node == 0.5 && g->limits.taken == SPEC_NO_LIMIT);
	/* What is not said. */
	assert_int_equal(g[1].claim, MODE_NONE);
	assert_int_equal(g[1].nodes, 2);
	assert_int_equal(g[1].builds, 1);
	assert_int_equal(g[1].lives_ms, SPEC_FOREVER);
	spec_free(&spec);
}

static void refuses(void **state)
{
	static const struct {
		const char *text, *says; /* what the message ends with, after the file's name */
	} bad[] = {
		{"{\n\"about\": \"x\",\n}", ":3: string or '}' expected near '}'"},
		{"{\"about\": \"x\", \"about\": \"y\"}",
		 ":1: duplicate object key near '\"about\"'"},
		{"[]", ":1: not an object"},
		{"{\"about\": \"x\"}", ":1: 'groups' is missing"},
		{"{\"seed\": 1}", ":1: 'about' is missing"},
		{"{\"about\": \"\"}", ":1: about: not a text"},
		{"{\n\"seed\": -1}", ":2: seed: not a number from 0 to 2147483647"},
		{"{\"builders\": 49}", ":1: builders: not a number from 1 to 48"},
		{HEAD "]}", ":2: groups: not an array of 1 to 16 groups"},
		{HEAD "\n7]}", ":3: groups[0]: not an object"},
		{HEAD "\n{}]}", ":3: groups[0]: 'name' is missing"},
		{HEAD "{\"name\": \"a\"}]}", ":2: groups[0]: 'domains' is missing"},
		{HEAD "{\"name\": \"a\", \"domains\": 1}]}", ":2: groups[0]: 'memory' is missing"},
		{HEAD "{\"memory\":\n0}]}", ":3: groups[0].memory: not a share above 0"},
		{HEAD GROUP ",\n\"memori\": 1}]}", ":3: groups[0].memori: there is no such key"},
		{HEAD GROUP "},\n" GROUP "}]}", ":3: groups[1]: there is another group 'a'"},
		{HEAD "{\"name\": \"A\"}]}",
		 ":2: groups[0].name: not a name of at most 31 lower-case letters, digits and -"},
		{HEAD "{\"memory\": 1.5}]}", ":2: groups[0].memory: not a share from 0 to 1"},
		{HEAD "{\"domains\": 2.5}]}", ":2: groups[0].domains: not a number from 1 to 1024"},
		{HEAD "{\"elsewhere\": 1}]}", ":2: groups[0].elsewhere: neither true nor false"},
		{HEAD "{\"role\": \"king\"}]}",
		 ":2: groups[0].role: none of: guest, holder, thief"},
		{HEAD "{\"nodes\": 64}]}",
		 ":2: groups[0].nodes: neither \"each\", \"all\" nor a node from 0 to 63"},
		{HEAD "{\"extents\": {\"9\": 0.5}}]}",
		 ":2: groups[0].extents: not orders and their shares of the memory, together 1"},
		{HEAD "{\"extents\": {\"19\": 1}}]}",
		 ":2: groups[0].extents: '19' is not an order from 0 to 18"},
		{HEAD "{\"extents\": {\"9\": 0.5, \"09\": 0.5}}]}",
		 ":2: groups[0].extents: '09' is not an order from 0 to 18"},
		{HEAD "{\"extents\": {\"18\": 1}}]}",
		 ":2: groups[0].extents: no order up to 9, which takes what larger ones leave"},
		{HEAD "{\"extents\": {\"9\": \"1\"}}]}",
		 ":2: groups[0].extents: order 9 has no share of the memory"},
		{HEAD GROUP ",\n\"limits\": {\"off_node\": 2}}]}",
		 ":3: groups[0].limits.off_node: not a share from 0 to 1"},
		{HEAD GROUP ", \"builds\": 2}]}",
		 ":2: groups[0]: builds: again_ms must say how long after each other"},
		{HEAD GROUP ", \"builds\": 0}]}", ":2: groups[0]: builds: without any, what is "
						  "there to do but \"ahead\": \"build\"?"},
		{HEAD GROUP ", \"role\": \"thief\", \"claim\": \"legacy\"}]}",
		 ":2: groups[0]: a thief claims nothing and comes after the others"},
		{HEAD GROUP ", \"role\": \"holder\", \"claim\": \"none\"}]}",
		 ":2: groups[0]: a holder claims, and is never built"},
		{HEAD GROUP ", \"limits\": {\"taken\": 1}}]}",
		 ":2: groups[0]: limits: taken is for thieves"},
	};
	char error[KEYS_ERROR];
	struct spec spec;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		assert_int_equal(load(bad[i].text, &spec, error), -EINVAL);
		assert_non_null(strchr(error, ':'));
		assert_string_equal(strchr(error, ':'), bad[i].says);
		spec_free(&spec);
	}
	assert_int_equal(spec_load("/none/such.json", &spec, error), -EINVAL);
	assert_string_equal(error, "/none/such.json: No such file or directory");
	spec_free(&spec);
}

static const struct schedule_host host = {
	.nodes = 4,
	.free_pages = {10240, 20480, 0, 40960},
};

static struct schedule make(const struct spec *spec, unsigned int seed)
{
	char error[KEYS_ERROR] = "";
	struct schedule schedule;

	if (schedule_make(spec, &host, seed, &schedule, error))
		fail_msg("%s", error);
	return schedule;
}

/* Nodes without memory get no domain; those of a node share it. */
static void places_each_on_a_node(void **state)
{
	struct spec spec = load_good(HEAD "{\"name\": \"a\", \"domains\": 4, \"memory\": 0.5}]}");
	struct schedule s = make(&spec, 1);

	(void)state;
	assert_int_equal(s.nr, 4);
	assert_int_equal(s.domains[0].pages[0], 2560);
	assert_int_equal(s.domains[0].all_pages, 2560);
	assert_int_equal(s.domains[1].pages[1], 10240);
	assert_int_equal(s.domains[2].pages[3], 20480);
	assert_int_equal(s.domains[3].pages[0], 2560);
	schedule_free(&s);
	spec_free(&spec);
}

static void places_on_all_or_one(void **state)
{
	struct spec spec = load_good(
		HEAD "{\"name\": \"a\", \"domains\": 2, \"memory\": 0.5, \"nodes\": \"all\"},"
		     "{\"name\": \"b\", \"domains\": 1, \"memory\": 0.99, \"nodes\": 3}]}");
	struct schedule s = make(&spec, 1);

	(void)state;
	assert_int_equal(s.domains[1].pages[0], 2560);
	assert_int_equal(s.domains[1].pages[1], 5120);
	assert_int_equal(s.domains[1].pages[2], 0);
	assert_int_equal(s.domains[1].all_pages, 17920);
	/* A multiple of 2 MiB. */
	assert_int_equal(s.domains[2].pages[3], 40448);
	schedule_free(&s);
	spec_free(&spec);
}

static void orders_by_start(void **state)
{
	struct spec spec = load_good(
		HEAD "{\"name\": \"a\", \"domains\": 2, \"memory\": 0.5, \"start_ms\": 10, "
		     "\"every_ms\": 20, "
		     "\"builds\": 3, \"again_ms\": 100},"
		     "{\"name\": \"b\", \"domains\": 2, \"memory\": 0.2, \"every_ms\": 10}]}");
	struct schedule s = make(&spec, 1);
	static const uint64_t starts[] = {0, 10000000, 10000000, 30000000};

	(void)state;
	assert_string_equal(s.domains[0].group->name, "b");
	/* Equal starts: as in the file. */
	assert_string_equal(s.domains[1].group->name, "a");
	assert_string_equal(s.domains[2].group->name, "b");
	for (unsigned int i = 0; i < 4; i++)
		assert_int_equal(s.domains[i].start_ns, starts[i]);
	assert_int_equal(schedule_start_ns(&s.domains[3], 2), 230000000);
	schedule_free(&s);
	spec_free(&spec);
}

static void seeds_decide(void **state)
{
	struct spec spec =
		load_good(HEAD "{\"name\": \"a\", \"domains\": 800, \"memory\": 0.9, \"nodes\": 3, "
			       "\"every_ms\": 10, \"arrivals\": \"exponential\"}]}");
	struct schedule_host large = {.nodes = 4, .free_pages = {[3] = 1 << 20}};
	char error[KEYS_ERROR];
	struct schedule s[3];

	(void)state;
	for (unsigned int i = 0; i < 3; i++)
		assert_int_equal(schedule_make(&spec, &large, i / 2 + 1, &s[i], error), 0);
	assert_memory_equal(s[0].domains, s[1].domains, s[0].nr * sizeof(*s[0].domains));
	assert_int_not_equal(s[0].domains[1].start_ns, s[2].domains[1].start_ns);
	/* 799 gaps of 10 ms in the mean: their sum is within a fifth of that, or the seed is odd.
	 */
	assert_in_range(s[0].domains[799].start_ns, 6392000000ull, 9588000000ull);
	for (unsigned int i = 0; i < 3; i++)
		schedule_free(&s[i]);
	spec_free(&spec);
}

static void needs_the_host(void **state)
{
	struct spec small = load_good(HEAD "{\"name\": \"a\", \"domains\": 20, \"memory\": 0.2}]}");
	struct spec far = load_good(HEAD GROUP ", \"nodes\": 4}]}");
	char error[KEYS_ERROR];
	struct schedule s;

	(void)state;
	assert_int_equal(schedule_make(&small, &host, 1, &s, error), -EINVAL);
	assert_string_equal(
		error, "group 'a': its part of the free memory is less than 2 MiB for a domain");
	assert_int_equal(schedule_make(&far, &host, 1, &s, error), -EINVAL);
	assert_string_equal(error, "group 'a': there is no node 4, only 4 nodes");
	spec_free(&small);
	spec_free(&far);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(locates),
		cmocka_unit_test(reads_all_keys),
		cmocka_unit_test(refuses),
		cmocka_unit_test(places_each_on_a_node),
		cmocka_unit_test(places_on_all_or_one),
		cmocka_unit_test(orders_by_start),
		cmocka_unit_test(seeds_decide),
		cmocka_unit_test(needs_the_host),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
