// SPDX-License-Identifier: GPL-2.0-only
/* What perf says, on kept texts of perf 6.1 in the lab's dom0; where its kernel calls the hypervisor. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "bench/kprobes.h"
#include "bench/perf.h"

#define DATA "tests/data/perf/"
/* Of script.txt. */
#define WINDOWS "[[17543322085, 17551133060], [17552464647, 17558616541]]"

static char *load(const char *path)
{
	FILE *in = fopen(path, "r");
	char *text = calloc(1, 20000);

	assert_non_null(in);
	assert_true(fread(text, 1, 19999, in) > 0);
	fclose(in);
	return text;
}

static json_t *loads(const char *text)
{
	json_t *value = json_loads(text, 0, NULL);

	assert_non_null(value);
	return value;
}

/* Takes both over. */
static void check(json_t *got, const char *wanted)
{
	json_t *expected = loads(wanted);

	if (!json_equal(got, expected))
		fail_msg("%s, not %s", json_dumps(got, JSON_REAL_PRECISION(9)), wanted);
	json_decref(got);
	json_decref(expected);
}

static void test_stat(void **state)
{
	(void)state;
	check(perf_read_stat(DATA "stat.txt"),
	      "{\"task-clock\": 14.97, \"context-switches\": 2.0, \"page-faults\": 6.0, \"cycles\": null,"
	      " \"instructions\": null, \"cache-misses\": null, \"raw_syscalls:sys_enter\": 13.0,"
	      " \"xen:xen_mmu_set_pte\": 6.0}");
	assert_null(perf_read_stat(DATA "none.txt"));
}

static void test_trace(void **state)
{
	char *text = load(DATA "trace.txt"), broken[] = "  ioctl  x 0 1 1 1 1 0.00%\n ioctl 1 0 1 1 1\n\n";

	(void)state;
	check(perf_read_trace(text), "{\"ioctl\": {\"calls\": 12, \"errors\": 0, \"ms\": 14.815},"
				     " \"write\": {\"calls\": 1, \"errors\": 0, \"ms\": 0.08},"
				     " \"read\": {\"calls\": 1, \"errors\": 0, \"ms\": 0.0}}");
	check(perf_read_trace(broken), "{}");
	free(text);
}

/* A table for each thread; what is of the same name adds up. */
static void test_contention(void **state)
{
	char none[] = " contended   total wait     max wait     avg wait         type   caller\n\n";
	char *text = load(DATA "contention.txt");
	json_t *all = perf_read_contention(text), *spinlock = json_object_get(all, "spinlock");
	double ms = json_real_value(json_object_get(spinlock, "ms"));

	(void)state;
	assert_int_equal(json_object_size(all), 1);
	assert_int_equal(json_integer_value(json_object_get(spinlock, "waits")), 35);
	assert_true(ms > 145.7919 && ms < 145.7921);
	json_decref(all);
	check(perf_read_contention(none), "{}");
	free(text);
}

static json_t *read_script(const char *windows)
{
	char *text = load(DATA "script.txt");
	json_t *list = loads(windows), *operation = perf_read_script(text, list);

	json_decref(list);
	free(text);
	return operation;
}

static void test_script(void **state)
{
	(void)state;
	check(read_script(WINDOWS),
	      "{\"windows\": 2, \"ns\": 6151894, \"syscalls\": {\"calls\": 1, \"ns\": 6112005},"
	      " \"privcmd\": {\"calls\": 1, \"ns\": 6089257}, \"hypercalls\": {\"calls\": 1, \"ns\": 6059558}}");
	/* Four calls begin and end in there; that which is cut at either end does not count. */
	check(read_script("[[17542000000, 17543407797]]"),
	      "{\"windows\": 1, \"ns\": 1407797, \"syscalls\": {\"calls\": 4, \"ns\": 884095},"
	      " \"privcmd\": {\"calls\": 5, \"ns\": 910690}, \"hypercalls\": {\"calls\": 5, \"ns\": 812102}}");
	check(read_script("[]"), "{}");
}

static void test_lost(void **state)
{
	char text[] = " 1.000000000: raw_syscalls:sys_enter: \n 2.000000000: PERF_RECORD_LOST lost 7\n";
	json_t *windows = loads("[[1, 2]]");

	(void)state;
	check(perf_read_script(text, windows), "{\"lost\": true}");
	json_decref(windows);
}

/* Times that are none, and an end without a beginning. */
static void test_no_script(void **state)
{
	char text[] = "failed to open\n 1.5: raw_syscalls:sys_enter:\n x.000000001: raw_syscalls:sys_enter:\n"
		      " 0.000000005: raw_syscalls:sys_exit:\n 0.000000006 raw_syscalls:sys_enter:\n";
	json_t *windows = loads("[[1, 9]]");

	(void)state;
	check(perf_read_script(text, windows),
	      "{\"windows\": 1, \"ns\": 8, \"syscalls\": {\"calls\": 0, \"ns\": 0},"
	      " \"privcmd\": {\"calls\": 0, \"ns\": 0}, \"hypercalls\": {\"calls\": 0, \"ns\": 0}}");
	json_decref(windows);
}

/* The shares of an operation of two by perf. */
static json_t *by_perf(const char *operation, const char *lacking)
{
	json_t *left = loads(operation), *list = loads(lacking), *shares = shares_from_perf(left, 2, list);

	json_decref(left);
	json_decref(list);
	return shares;
}

static void test_shares_from_perf(void **state)
{
	json_t *operation = read_script(WINDOWS), *none = json_object();

	(void)state;
	check(shares_from_perf(operation, 4, none),
	      "{\"from\": \"perf\", \"unit\": \"ns\", \"ops\": 4, \"whole\": 6151894, \"hypervisor\": 6059558,"
	      " \"kernel\": 52447, \"user\": 39889}");
	json_decref(operation);
	json_decref(none);
	check(by_perf("{\"lost\": true}", "{}"), "{\"lacking\": \"perf lost events\"}");
	check(by_perf("{}", "{}"), "{\"lacking\": \"perf saw no call of this case\"}");
	check(by_perf("{\"ns\": 5}", "{\"contention\": \"a\", \"hypercalls\": \"b\"}"), "{\"lacking\": \"b\"}");
	check(by_perf("{\"ns\": 9, \"syscalls\": {\"ns\": 5}, \"hypercalls\": {\"ns\": 6}}", "{}"),
	      "{\"lacking\": \"the parts of a call are longer than the call\"}");
}

static void check_probe(const char *window, const char *wanted)
{
	json_t *value = loads(window);

	check(shares_from_probe(value, 2), wanted);
	json_decref(value);
}

static void test_shares_from_probe(void **state)
{
	(void)state;
	check_probe("{\"instructions\": 10, \"areas\": {\"hypervisor\": 5, \"kernel\": 3, \"user\": 2}}",
		    "{\"from\": \"probe\", \"unit\": \"instructions\", \"ops\": 2, \"whole\": 10, \"hypervisor\": 5,"
		    " \"kernel\": 3, \"user\": 2}");
	check_probe("{\"instructions\": 11, \"areas\": {\"hypervisor\": 5, \"kernel\": 3, \"user\": 2}}",
		    "{\"lacking\": \"the parts of a call do not add up to it\"}");
	check_probe("{\"instructions\": 11}", "{\"lacking\": \"the probe followed no call of this case\"}");
}

/* Calls forward, backward, of others, and one that is cut. */
static void test_find_calls(void **state)
{
	const uint8_t code[] = {0x90, 0xe8, 0xfa, 0, 0, 0, 0xe8, 0xf5, 0xfe, 0xff, 0xff, 0xe8, 1,
				0, 0, 0, 0xe8, 0xeb, 0, 0};
	const uint64_t targets[] = {0xffffffff80000f00, 0xffffffff80001100};
	size_t offsets[4];

	(void)state;
	assert_int_equal(kprobes_find_calls(code, sizeof(code), 0xffffffff80001000, targets, 2, offsets, 4), 2);
	assert_int_equal(offsets[0], 1);
	assert_int_equal(offsets[1], 6);
	assert_int_equal(kprobes_find_calls(code, sizeof(code), 0xffffffff80001000, targets, 2, offsets, 1), 1);
	assert_int_equal(kprobes_find_calls(code, sizeof(code), 0xffffffff80001000, targets, 1, offsets, 4), 1);
	assert_int_equal(offsets[0], 6);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_stat), cmocka_unit_test(test_trace), cmocka_unit_test(test_contention),
		cmocka_unit_test(test_script), cmocka_unit_test(test_lost), cmocka_unit_test(test_no_script),
		cmocka_unit_test(test_shares_from_perf), cmocka_unit_test(test_shares_from_probe),
		cmocka_unit_test(test_find_calls),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
