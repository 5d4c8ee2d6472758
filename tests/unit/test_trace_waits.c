// SPDX-License-Identifier: GPL-2.0-only
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

#include "tracepoints/waits.h"

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(finds_the_holder, empty),
		cmocka_unit_test_setup(finds_all_that_went_before, empty),
		cmocka_unit_test_setup(reading_the_clock_is_no_wait, empty),
		cmocka_unit_test_setup(nobody_waits_for_itself, empty),
		cmocka_unit_test_setup(locks_of_other_domains_are_others, empty),
		cmocka_unit_test_setup(finds_the_holder_that_comes_late, empty),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
