// SPDX-License-Identifier: GPL-2.0-only
/*
 * The claim contract, tested on a running Xen from dom0. Needs a machine of its own: it claims all
 * of the memory, and offlines pages. Prints TAP.
 */
#include <argp.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/msg.h"
#include "tests/contract/tap.h"
#include "tests/contract/tests.h"

#define MAX_WANTED 64

struct options {
	bool list;
	unsigned int nr_wanted;
	const char *wanted[MAX_WANTED];
};

static const struct argp_option option_table[] = {
	{"list", 'l', NULL, 0, "List the tests: ID, nodes needed, rule", 0},
	{"test", 't', "ID", 0, "Only this test, or all below ID/; may be repeated", 0},
	{"steps", 's', NULL, 0, "Print each step of a test, not failed ones alone", 0},
	{0},
};

static const char doc[] =
	"Test the contract of claim sets on this hypervisor; run it in dom0 of a machine that does "
	"nothing else.\vExit status: 0 all passed, 1 some failed, 2 bad usage or no Xen, 77 none "
	"could run.\n\nExamples:\n  claims-contract --list\n  claims-contract --test redeem --test "
	"errors/pad --steps";

static bool matches(const struct test *test, const char *wanted)
{
	size_t length = strlen(wanted);

	return !strncmp(test->id, wanted, length) && (!test->id[length] || test->id[length] == '/');
}

static bool is_wanted(const struct options *o, const struct test *test)
{
	for (unsigned int i = 0; i < o->nr_wanted; i++)
		if (matches(test, o->wanted[i]))
			return true;
	return !o->nr_wanted;
}

static unsigned int count_wanted(const struct options *o)
{
	unsigned int count = 0;

	for (unsigned int i = 0; i < nr_tests; i++)
		count += is_wanted(o, &tests[i]);
	return count;
}

static void add_wanted(struct options *o, const char *id, struct argp_state *state)
{
	unsigned int i = 0;

	while (i < nr_tests && !matches(&tests[i], id))
		i++;
	if (i == nr_tests)
		argp_error(state, "--test: '%s' is none of the tests; see --list", id);
	if (o->nr_wanted == MAX_WANTED)
		argp_error(state, "--test: more than %d times", MAX_WANTED);
	o->wanted[o->nr_wanted++] = id;
}

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;

	switch (key) {
	case 'l': o->list = true; break;
	case 't': add_wanted(o, arg, state); break;
	case 's': print_steps = true; break;
	case ARGP_KEY_ARG: argp_error(state, "'%s' is no option", arg); break;
	default: return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

/* *lost: claims are left over that nothing gives up. */
static bool run_test(struct machine *m, const struct test *test, bool *lost)
{
	const char *console;
	char complaint[128];
	bool clean;

	begin_steps();
	if (!sigsetjmp(abandoned, 0)) {
		must_begin(m, test->kind);
		test->run(m);
	}
	clean = clean_up(m, complaint, sizeof(complaint), lost);
	ok(clean, "leaves the machine as it was%s%s", clean ? "" : ": ", clean ? "" : complaint);
	console = console_complaint(m);
	ok(!console, "Xen's console shows no warning, no failed assertion");
	if (console)
		printf("# console: %s\n", console);
	return !end_steps();
}

static void report(unsigned int number, const struct test *test, const char *result)
{
	printf("%s %u - %s: %s", result, number, test->id, test->rule);
}

/* Returns the exit status. */
static int run_tests(struct machine *m, const struct options *o)
{
	unsigned int number = 0, ran = 0, failed = 0;
	bool lost = false;

	printf("1..%u\n", count_wanted(o));
	for (const struct test *test = tests; test < tests + nr_tests && !lost; test++) {
		bool passed;

		if (!is_wanted(o, test))
			continue;
		number++;
		if (node_count(m) < test->nodes) {
			report(number, test, "ok");
			printf(" # SKIP needs %s nodes\n", test->nodes == 2 ? "two" : "four");
			continue;
		}
		passed = run_test(m, test, &lost);
		ran++;
		failed += !passed;
		report(number, test, passed ? "ok" : "not ok");
		putchar('\n');
		fflush(stdout);
	}
	if (lost)
		puts("Bail out! Claims are left that nothing gives up.");
	printf("# %u of %u failed\n", failed, ran);
	if (!ran)
		die(EXIT_SKIPPED, "none of these tests can run; nodes here: %u", node_count(m));
	return failed ? EXIT_REGRESSION : 0;
}

int main(int argc, char **argv)
{
	static const struct argp argp = {option_table, parse_option, NULL, doc, NULL, NULL, NULL};
	struct options o = {0};
	struct machine *m;
	int status;

	argp_err_exit_status = EXIT_USAGE;
	argp_parse(&argp, argc, argv, 0, NULL, &o);
	for (unsigned int i = 0; o.list && i < nr_tests; i++)
		printf("%-24s %u  %s\n", tests[i].id, tests[i].nodes, tests[i].rule);
	if (o.list)
		return 0;

	m = open_machine();
	if (claim_set(claim_call(m), DOM0, NULL, 0) == -ENOSYS)
		die(EXIT_SKIPPED, "this hypervisor has no claim sets");
	status = run_tests(m, &o);
	close_machine(m);
	return status;
}
