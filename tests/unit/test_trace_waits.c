// SPDX-License-Identifier: GPL-2.0-only
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

#include "tracepoints/waits.h"

#define SECTIONS 2000

enum { A, B };

static struct waits waits;

static int empty(void **state)
{
	(void)state;
	memset(&waits, 0, sizeof(waits));
	return 0;
}

static void finds_the_holder(void **state)
{
	(void)state;
	waits_add(&waits, 100, 50, 5, 0, 0, A);
	/* From 80 to 102 for the one that held it until 100. */
	waits_add(&waits, 110, 8, 22, 1, 0, B);
	assert_int_equal(waits.pairs[B][A].count, 1);
	assert_int_equal(waits.pairs[B][A].cycles, 20);
	assert_int_equal(waits.sites[B].blocked, 1);
	assert_int_equal(waits.sites[B].cycles, 22);
	assert_int_equal(waits.pairs[A][B].count + waits.sites[A].blocked, 0);
}

static void finds_all_that_went_before(void **state)
{
	(void)state;
	waits_add(&waits, 100, 50, 0, 0, 0, A);
	waits_add(&waits, 140, 40, 30, 1, 0, A);
	waits_add(&waits, 190, 50, 60, 2, 0, B);
	waits_add(&waits, 200, 10, 120, 3, 0, B);
	/* CPU 1 waited for 0; 2 for 0 and 1; 3 for all: 70 to 190. */
	assert_int_equal(waits.pairs[A][A].count, 1);
	assert_int_equal(waits.pairs[A][A].cycles, 30);
	assert_int_equal(waits.pairs[B][A].count, 4);
	assert_int_equal(waits.pairs[B][A].cycles, 20 + 40 + 30 + 40);
	assert_int_equal(waits.pairs[B][B].cycles, 50);
	assert_int_equal(waits.sites[B].blocked, 2);
	assert_int_equal(waits.sites[B].cycles, 180);
}

static void reading_the_clock_is_no_wait(void **state)
{
	(void)state;
	waits_add(&waits, 100, 50, 20, 0, 0, A);
	waits_add(&waits, 200, 50, 20, 1, 0, A);
	assert_int_equal(waits.sites[A].blocked, 0);
}

static void nobody_waits_for_itself(void **state)
{
	(void)state;
	waits_add(&waits, 100, 50, 0, 3, 0, A);
	waits_add(&waits, 110, 5, 30, 3, 0, A);
	assert_int_equal(waits.sites[A].blocked, 0);
}

static void locks_of_other_domains_are_others(void **state)
{
	(void)state;
	waits_add(&waits, 100, 50, 0, 0, 7, A);
	waits_add(&waits, 110, 5, 30, 1, 8, A);
	assert_int_equal(waits.sites[A].blocked, 0);
	/* Nor does one of them hide who held it. */
	waits_add(&waits, 120, 12, 20, 2, 7, A);
	assert_int_equal(waits.pairs[A][A].count, 1);
	assert_int_equal(waits.pairs[A][A].cycles, 12);
}

/* Held from 50 to 100, told of at 130, when the one that waited until 101 has been heard. */
static void finds_the_holder_that_comes_late(void **state)
{
	(void)state;
	waits_add(&waits, 110, 9, 31, 1, 0, B);
	waits_add(&waits, 130, 80, 0, 0, 0, A);
	assert_int_equal(waits.pairs[B][A].count, 1);
	assert_int_equal(waits.pairs[B][A].cycles, 31);
	assert_int_equal(waits.sites[B].blocked, 1);
	assert_int_equal(waits.sites[A].blocked, 0);
}

struct section {
	uint64_t ended;
	uint32_t hold, wait;
	uint16_t cpu, lock;
	uint8_t site;
};

static uint32_t draw(uint32_t below)
{
	static uint64_t seed = 7;

	seed = seed * 6364136223846793005ull + 1442695040888963407ull;
	return (uint32_t)(seed >> 33) % below;
}

/* Each CPU takes the lock in turn, waits for it with many others, or finds it free. */
static struct section take_turn(uint64_t *clock, unsigned int cpus, unsigned int oddities)
{
	struct section s = {.cpu = (uint16_t)draw(cpus), .site = (uint8_t)draw(3)};

	s.hold = 50 + draw(400);
	*clock += 10 + s.hold + (draw(50) ? 0 : 5000);
	s.ended = *clock + draw(30);
	s.wait = draw(10) ? draw(cpus * 300) : 20;
	if (!draw(60) && oddities) {
		/* Late, of another lock, or empty; beyond what is kept. */
		s.hold += draw(2) ? 3000 : 0;
		s.lock = (uint16_t)draw(2);
		s.hold = draw(9) ? s.hold : 0;
		s.wait = draw(9) ? s.wait : UINT32_MAX;
	}
	return s;
}

static uint64_t common_cycles(const struct section *wait, const struct section *hold)
{
	uint64_t acquired = wait->ended - wait->hold, requested = acquired - wait->wait;
	uint64_t held_from = hold->ended - hold->hold;
	uint64_t from = requested > held_from ? requested : held_from;
	uint64_t to = acquired < hold->ended ? acquired : hold->ended;

	return to > from && wait->cpu != hold->cpu && wait->lock == hold->lock ? to - from : 0;
}

static void add_pair(struct waits *sum, bool *blocked, const struct section *wait,
		     const struct section *hold)
{
	uint64_t cycles = common_cycles(wait, hold);

	if (!cycles)
		return;
	sum->pairs[wait->site][hold->site].count++;
	sum->pairs[wait->site][hold->site].cycles += cycles;
	sum->sites[wait->site].blocked += !*blocked;
	sum->sites[wait->site].cycles += *blocked ? 0 : wait->wait;
	*blocked = true;
}

/* Back to where nothing can have been waited for, and once more for the one that comes late. */
static void sum_up(const struct section *all, unsigned int count, struct waits *sum)
{
	static bool blocked[SECTIONS];

	memset(blocked, 0, sizeof(blocked));
	for (unsigned int i = 1; i < count; i++) {
		const struct section *s = &all[i];
		uint64_t acquired = s->ended - s->hold;
		bool late = all[i - 1].ended - all[i - 1].hold > acquired;

		for (unsigned int k = i; k-- && i - k < WAITS_RING;)
			if (all[k].ended > acquired - s->wait)
				add_pair(sum, &blocked[i], s, &all[k]);
			else
				break;
		for (unsigned int k = i; late && k-- && i - k < WAITS_RING && all[k].ended > acquired;)
			add_pair(sum, &blocked[k], &all[k], s);
	}
}

static void compare_crowd(unsigned int cpus, unsigned int oddities)
{
	static struct section all[SECTIONS];
	static struct waits expected;
	uint64_t clock = 1ull << 33;

	memset(&waits, 0, sizeof(waits));
	memset(&expected, 0, sizeof(expected));
	for (unsigned int i = 0; i < SECTIONS; i++) {
		all[i] = take_turn(&clock, cpus, oddities);
		waits_add(&waits, all[i].ended, all[i].hold, all[i].wait, all[i].cpu, all[i].lock,
			  all[i].site);
	}
	sum_up(all, SECTIONS, &expected);
	assert_memory_equal(waits.sites, expected.sites, sizeof(waits.sites));
	assert_memory_equal(waits.pairs, expected.pairs, sizeof(waits.pairs));
}

/* Sums over the many that went before are what they are one by one. */
static void a_crowd_is_its_sections(void **state)
{
	(void)state;
	for (unsigned int cpus = 2; cpus <= 64; cpus *= 2) {
		compare_crowd(cpus, 0);
		compare_crowd(cpus, 1);
	}
}

static void times_the_handover(void **state)
{
	(void)state;
	waits.handover.min = UINT64_MAX;
	waits_add(&waits, 100, 50, 5, 0, 0, A);
	waits_add(&waits, 130, 17, 22, 1, 0, B);
	/* Nobody had asked; another lock; the same CPU. */
	waits_add(&waits, 200, 10, 0, 0, 0, A);
	waits_add(&waits, 230, 10, 30, 1, 7, A);
	waits_add(&waits, 260, 10, 40, 1, 7, A);
	assert_int_equal(waits.handover.count, 1);
	assert_int_equal(waits.handover.sum, 13);
}

static void times_what_is_between(void **state)
{
	static struct hist think[WAITS_SITES];

	(void)state;
	memset(think, 0, sizeof(think));
	waits.think = think;
	waits_add(&waits, 100, 50, 5, 0, 0, A);
	waits_add(&waits, 110, 8, 22, 1, 0, B);
	/* Asked at 160, 60 after CPU 0 had it. */
	waits_add(&waits, 190, 10, 20, 0, 0, B);
	waits_add(&waits, 215, 10, 20, 1, 0, A);
	assert_int_equal(think[B].count, 1);
	assert_int_equal(think[B].sum, 60);
	assert_int_equal(think[A].count, 1);
	assert_int_equal(think[A].sum, 75);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(finds_the_holder, empty),
		cmocka_unit_test_setup(finds_all_that_went_before, empty),
		cmocka_unit_test_setup(reading_the_clock_is_no_wait, empty),
		cmocka_unit_test_setup(nobody_waits_for_itself, empty),
		cmocka_unit_test_setup(locks_of_other_domains_are_others, empty),
		cmocka_unit_test_setup(finds_the_holder_that_comes_late, empty),
		cmocka_unit_test(a_crowd_is_its_sections),
		cmocka_unit_test_setup(times_the_handover, empty),
		cmocka_unit_test_setup(times_what_is_between, empty),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
