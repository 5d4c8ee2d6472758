// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a run on a real dom0 refuses, leaves out and warns of; and the reserve that no call may
 * touch.
 */
#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "bench/reserve.h"
#include "bench/safety.h"

#define MIB 256ull /* pages */

/* The hypervisor that reserve.c asks. */
static struct xen_memory memory;
static uint64_t own_claim;
static unsigned int asked;

int xen_read_memory(struct xen *xen, struct xen_memory *to)
{
	(void)xen;
	asked++;
	*to = memory;
	return 0;
}

int xen_read_domain(struct xen *xen, uint32_t domid, uint64_t *pages, uint64_t *claimed)
{
	(void)xen;
	*pages = 0;
	*claimed = own_claim;
	return domid == 7 ? 0 : -ESRCH;
}

static void test_reserve(void **state)
{
	(void)state;
	memory = (struct xen_memory){.free_pages = 1000, .claimed_pages = 300};
	own_claim = 200;
	/* No reserve, no question: nothing is added to what the lab counts. */
	assert_int_equal(reserve_spare(NULL, 7, 10000), 0);
	assert_int_equal(asked, 0);
	reserve_set(100);
	/* 700 are unclaimed, 100 must stay. */
	assert_int_equal(reserve_spare(NULL, 1, 600), 0);
	assert_false(reserve_refused());
	assert_int_equal(reserve_spare(NULL, 1, 601), -ENOMEM);
	assert_true(reserve_refused());
	assert_false(reserve_refused());
	/* What it has claimed already is no further loss. */
	assert_int_equal(reserve_spare(NULL, 7, 800), 0);
	assert_int_equal(reserve_spare(NULL, 7, 801), -ENOMEM);
	memory.claimed_pages = 1000;
	assert_int_equal(reserve_spare(NULL, 7, 200), 0);
	assert_int_equal(reserve_spare(NULL, 7, 201), -ENOMEM);
	/* Some of the free pages went offline: more are claimed than there are. */
	memory.claimed_pages = 1100;
	assert_int_equal(reserve_spare(NULL, 1, 1), -ENOMEM);
	/* Xen refuses what exceeds all that is free: cases are about that. */
	assert_int_equal(reserve_spare(NULL, 1, 1001), 0);
	reserve_set(0);
	reserve_refused();
}

static pthread_barrier_t barrier;

static void *ask_beside(void *rc)
{
	*(int *)rc = reserve_spare(NULL, 1, 300);
	pthread_barrier_wait(&barrier);
	pthread_barrier_wait(&barrier);
	reserve_leave();
	return NULL;
}

/* What one thread was let pass for, and does not have yet, is no other's. */
static void test_reserve_of_threads(void **state)
{
	pthread_t thread;
	int rc = -1;

	(void)state;
	memory = (struct xen_memory){.free_pages = 700};
	reserve_set(100);
	pthread_barrier_init(&barrier, NULL, 2);
	assert_int_equal(pthread_create(&thread, NULL, ask_beside, &rc), 0);
	pthread_barrier_wait(&barrier);
	assert_int_equal(rc, 0);
	assert_int_equal(reserve_spare(NULL, 1, 301), -ENOMEM);
	assert_int_equal(reserve_spare(NULL, 1, 300), 0);
	/* It has them, or was refused: what it asked for before counts no more. */
	assert_int_equal(reserve_spare(NULL, 1, 300), 0);
	pthread_barrier_wait(&barrier);
	pthread_join(thread, NULL);
	assert_int_equal(reserve_spare(NULL, 1, 600), 0);
	pthread_barrier_destroy(&barrier);
	reserve_leave();
	reserve_set(0);
	reserve_refused();
}

static const struct bench_family populate = {.name = "populate"}, refused = {.name = "refused"},
				 other = {.name = "destroy"};
static const struct bench_host host = {.nodes = 2};

static struct safety_need need_of(const struct bench_case *c, unsigned int samples)
{
	struct safety_need need;

	safety_need(c, &host, samples, &need);
	return need;
}

static uint64_t pages_of(struct bench_case c, unsigned int samples)
{
	return need_of(&c, samples).pages;
}

/* Against what a case does: warm-up and samples, claims that cover them or not. */
static void test_need(void **state)
{
	const struct bench_case plain = {.family = &populate, .ops = 256};
	struct bench_case c = plain;

	(void)state;
	assert_true(pages_of(plain, 24) >= 25 * 256 + 1024);
	assert_true(pages_of(plain, 24) < 60 * MIB);
	assert_int_equal(need_of(&plain, 24).claimed, 0);
	c.stake = STAKE_SET;
	assert_true(need_of(&c, 24).claimed >= 2 * 25 * 256);
	c.stake = STAKE_OTHER;
	assert_true(pages_of(c, 24) >= 2 * 25 * 256);
	c = plain;
	c.others = 256;
	assert_int_equal(need_of(&c, 24).domains, 259);
	assert_true(pages_of(c, 24) >= 256 * MIB);
	/* A gigabyte each, of which a cap lets it take three. */
	c = (struct bench_case){.family = &populate, .ops = 1, .order = 18, .samples = 2};
	assert_true(pages_of(c, 24) >= 3 * 1024 * MIB);
	assert_true(pages_of(c, 24) < 12 * 1024 * MIB);
	c = (struct bench_case){.family = &other, .ops = 1, .pages = 262144};
	assert_true(pages_of(c, 1000) >= 1024 * MIB);
	assert_true(pages_of(c, 1000) < 3 * 1024 * MIB);
}

static bool takes_all(struct bench_case c)
{
	return need_of(&c, 1).all;
}

static void test_takes_all(void **state)
{
	(void)state;
	assert_false(takes_all((struct bench_case){.family = &populate, .stake = STAKE_HOST}));
	assert_true(takes_all((struct bench_case){.family = &populate, .stake = STAKE_TIGHT}));
	assert_true(takes_all((struct bench_case){.family = &populate, .stake = STAKE_TIGHT_NODE}));
	assert_true(takes_all((struct bench_case){.family = &populate, .stake = STAKE_PART}));
	assert_true(takes_all((struct bench_case){.family = &populate, .room = ROOM_JUST}));
	assert_true(takes_all((struct bench_case){.family = &populate, .heap = HEAP_IS_DIRTY, .order = 9}));
	assert_true(takes_all((struct bench_case){.family = &populate, .stake = STAKE_OTHER_NODE}));
	assert_true(takes_all((struct bench_case){.family = &populate, .heap = HEAP_IS_EMPTY}));
	assert_true(takes_all((struct bench_case){.family = &refused}));
}

/* 1000 MiB free, a tenth of them claimed; the reserve is 256. */
static struct safety_facts quiet_host(void)
{
	return (struct safety_facts){
		.nodes = 2,
		.memory = {.free_pages = 1000 * MIB, .claimed_pages = 100 * MIB},
		.build = {MACHINE_NO, MACHINE_NO, MACHINE_NO},
		.power = {.governor = "performance", .deepest_idle = 1},
	};
}

static void test_skip(void **state)
{
	struct safety_options options = SAFETY_DEFAULTS;
	struct safety_facts facts = quiet_host();
	struct safety_need small = {.pages = 644 * MIB}, large = {.pages = 644 * MIB + 1},
			   all = {.pages = 1, .all = true};

	(void)state;
	assert_null(safety_skip(&small, &facts, &options));
	assert_null(safety_skip(&large, &facts, &options));
	assert_non_null(strstr(safety_skip(&all, &facts, &options), "--claim-all"));
	options.what_fits = true;
	assert_null(safety_skip(&small, &facts, &options));
	assert_non_null(safety_skip(&large, &facts, &options));
	options.claim_all = true;
	assert_null(safety_skip(&all, &facts, &options));
}

/* There is one sentence, and it says that; or none, text: NULL. */
static void check_only(json_t *list, const char *text)
{
	assert_int_equal(json_array_size(list), text ? 1 : 0);
	if (text)
		assert_non_null(strstr(json_string_value(json_array_get(list, 0)), text));
	json_decref(list);
}

static void test_refusals(void **state)
{
	struct safety_options options = SAFETY_DEFAULTS;
	struct safety_facts facts = quiet_host();

	(void)state;
	check_only(safety_refusals(&facts, &options, 644 * MIB), NULL);
	check_only(safety_refusals(&facts, &options, 644 * MIB + 1), "900 MiB are free and unclaimed");
	/* Nothing to run needs nothing. */
	options.reserve = 1ull << 40;
	check_only(safety_refusals(&facts, &options, 0), NULL);
	options = SAFETY_DEFAULTS;
	facts.others = 2;
	facts.named[0] = 3;
	facts.named[1] = 12;
	check_only(safety_refusals(&facts, &options, 1), "2 other domains run (3, 12)");
	options.beside_domains = true;
	check_only(safety_refusals(&facts, &options, 1), NULL);
	facts = quiet_host();
	facts.leftovers = 1;
	check_only(safety_refusals(&facts, &options, 1), "left 1 domain: claimperf clean");
	facts.leftovers = 0;
	facts.unrestored = true;
	check_only(safety_refusals(&facts, &options, 1), "changes to dom0: claimperf clean");
	facts = quiet_host();
	facts.memory.claimed_pages = 1001 * MIB;
	check_only(safety_refusals(&facts, &options, 1), "0 MiB are free and unclaimed");
	facts.others = 40;
	check_only(safety_refusals(&facts, &options, 0), NULL);
}

static void test_warnings(void **state)
{
	struct safety_facts facts = quiet_host();

	(void)state;
	check_only(safety_warnings(&facts), NULL);
	facts.build.debug = MACHINE_YES;
	check_only(safety_warnings(&facts), "debug build");
	facts.build.debug = MACHINE_UNKNOWN;
	check_only(safety_warnings(&facts), "unknown");
	facts.build.debug = MACHINE_NO;
	facts.build.lock_profile = MACHINE_YES;
	check_only(safety_warnings(&facts), "profiles its locks");
	facts = quiet_host();
	facts.build.counters = MACHINE_YES;
	check_only(safety_warnings(&facts), "performance counters");
	facts = quiet_host();
	strcpy(facts.power.governor, "ondemand");
	check_only(safety_warnings(&facts), "(ondemand)");
	/* The hypervisor does not scale: nothing to warn of. */
	facts.power.governor[0] = '\0';
	check_only(safety_warnings(&facts), NULL);
	facts.power.turbo = true;
	check_only(safety_warnings(&facts), "turbo");
	facts = quiet_host();
	facts.power.deepest_idle = 3;
	check_only(safety_warnings(&facts), "C3");
	facts = quiet_host();
	facts.pin_error = -EINVAL;
	check_only(safety_warnings(&facts), "pinned");
	facts = quiet_host();
	facts.others = 1;
	check_only(safety_warnings(&facts), "other domains");
}

static void test_json(void **state)
{
	struct safety_options options = SAFETY_DEFAULTS;
	struct safety_facts facts = quiet_host();
	json_t *json;

	(void)state;
	facts.build.debug = MACHINE_UNKNOWN;
	facts.pin = (struct machine_pin){.vcpu = 3, .cpu = 5};
	json = safety_to_json(&facts, &options);
	assert_int_equal(json_integer_value(json_object_get(json, "reserve")), 256 << 20);
	assert_true(json_is_null(json_object_get(json, "debug")));
	assert_true(json_is_false(json_object_get(json, "lock_profile")));
	assert_int_equal(json_integer_value(json_object_get(json_object_get(json, "pinned"), "cpu")), 5);
	assert_int_equal(json_array_size(json_object_get(json, "warnings")), 1);
	json_decref(json);
	facts.pin_error = -EPERM;
	json = safety_to_json(&facts, &options);
	assert_true(json_is_null(json_object_get(json, "pinned")));
	json_decref(json);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reserve),
		cmocka_unit_test(test_reserve_of_threads),	 cmocka_unit_test(test_need),
		cmocka_unit_test(test_takes_all), cmocka_unit_test(test_skip),
		cmocka_unit_test(test_refusals), cmocka_unit_test(test_warnings),
		cmocka_unit_test(test_json),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
