// SPDX-License-Identifier: GPL-2.0-only
/*
 * Claims, allocations, frees and deaths of domains on all CPUs at once. Run it in dom0 of a machine
 * that does nothing else, best on a hypervisor with assertions.
 */
#include <argp.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/clock.h"
#include "lib/msg.h"
#include "lib/parse.h"
#include "tests/stress/end.h"
#include "tests/stress/stress.h"

static const struct argp_option option_table[] = {
	{"seconds", 's', "S", 0, "How long (default 30)", 0},
	{"seed", 'r', "N", 0, "What the random operations are drawn from (default 1)", 0},
	{"workers", 'w', "N", 0, "How many, 1 to 16 (default: as many as there are CPUs)", 0},
	{0},
};

static const char doc[] = "Stress claim sets from all CPUs.\vExit status: 0 fine, 1 something was "
			  "not as the contract "
			  "has it, 2 bad usage or no Xen, 77 no claim sets here.\n\nExample:\n"
			  "  claims-stress --seconds 180 --seed 7";

struct options {
	uint64_t seconds, seed, workers;
};

static void parse_number(struct argp_state *state, const char *text, uint64_t min, uint64_t max,
			 uint64_t *out)
{
	if (parse_u64(text, min, max, out))
		argp_error(state, "%s is not a number from %ju to %ju", text, (uintmax_t)min,
			   (uintmax_t)max);
}

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;

	switch (key) {
	case 's': parse_number(state, arg, 1, 86400, &o->seconds); break;
	case 'r': parse_number(state, arg, 0, UINT32_MAX, &o->seed); break;
	case 'w': parse_number(state, arg, 1, MAX_WORKERS, &o->workers); break;
	case ARGP_KEY_ARG: argp_error(state, "'%s' is no option", arg); break;
	default: return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static struct world *create_world(const struct options *o, unsigned int nodes)
{
	struct world *world = mmap(NULL, sizeof(*world), PROT_READ | PROT_WRITE,
				   MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (world == MAP_FAILED)
		die(EXIT_USAGE, "memory: %s", strerror(errno));
	world->workers = (unsigned int)o->workers;
	world->nodes = nodes;
	world->seed = o->seed;
	return world;
}

/* Returns whether all workers came to a good end. */
static bool run_workers(struct world *world)
{
	bool good = true;
	int status;

	for (unsigned int id = 0; id < world->workers; id++) {
		pid_t pid = fork();

		if (pid < 0)
			die(EXIT_USAGE, "fork: %s", strerror(errno));
		if (!pid)
			_exit(run_worker(world, id) ? 0 : 1);
	}
	while (wait(&status) > 0)
		good &= WIFEXITED(status) && !WEXITSTATUS(status);
	for (unsigned int id = 0; id < world->workers; id++)
		if (world->trouble[id][0])
			printf("worker %u: %s\n", id, world->trouble[id]);
	if (!good)
		puts("not ok: workers met what the contract does not allow");
	return good;
}

static void print_tally(const struct world *world)
{
	uint64_t all = 0;

	printf("%-14s", "");
	for (int r = 0; r < NR_RESULTS; r++)
		printf("%10s", result_names[r]);
	putchar('\n');
	for (int o = 0; o < NR_OPERATIONS; o++) {
		printf("%-14s", operation_names[o]);
		for (int r = 0; r < NR_RESULTS; r++) {
			uint64_t sum = 0;

			for (unsigned int id = 0; id < world->workers; id++)
				sum += world->tally[id][o][r];
			all += sum;
			printf("%10" PRIu64, sum);
		}
		putchar('\n');
	}
	printf("%" PRIu64 " operations\n", all);
}

/* Returns whether what must hold did, but for memory that is not back. */
static bool play_round(struct end *end, const struct options *o, bool *all_back)
{
	struct world *world = create_world(o, end_nodes(end));
	bool good;

	must_begin_with_stock(end, world);
	printf("%u workers on %u nodes for %ju s, seed %ju\n", world->workers, world->nodes,
	       (uintmax_t)o->seconds, (uintmax_t)o->seed);
	fflush(stdout);
	world->deadline_ns = clock_ns() + o->seconds * 1000000000;
	good = run_workers(world);
	print_tally(world);
	good &= check_end(end, world, all_back);
	munmap(world, sizeof(*world));
	return good;
}

int main(int argc, char **argv)
{
	static const struct argp argp = {option_table, parse_option, NULL, doc, NULL, NULL, NULL};
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);
	struct options o = {.seconds = 30, .seed = 1, .workers = cpus < MAX_WORKERS ? cpus : 16};
	struct end *end;
	bool good, all_back;

	argp_err_exit_status = EXIT_USAGE;
	argp_parse(&argp, argc, argv, 0, NULL, &o);
	end = open_end();
	good = play_round(end, &o, &all_back);
	if (!all_back) {
		puts("memory is missing: once more, for Xen may have grown a table");
		o.seed++;
		good &= play_round(end, &o, &all_back);
		printf("%s: the second time all memory is back\n", all_back ? "ok" : "not ok");
		good &= all_back;
	}
	puts(good ? "ok: all invariants hold" : "FAILED");
	return good ? 0 : EXIT_REGRESSION;
}
