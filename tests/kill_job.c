// SPDX-License-Identifier: GPL-2.0-only
/*
 * In dom0, for tests/kill.sh: kills a command at random moments, and says when nothing of it was
 * left.
 *
 *   kill-job kill SEED TIMES SPAN_MS COMMAND [ARG...]    every third time from the start of the
 *                            command on, else from when it has its first domain
 *   kill-job domain          makes a domain that is nobody's, prints its number
 *   kill-job destroy DOMID
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <xenctrl.h>

#include "lib/clock.h"
#include "lib/msg.h"
#include "lib/parse.h"

/* For domains and claims; and for what only disturbs others. */
#define LIMIT_MS 2000
#define PIN_LIMIT_MS 20000
#define START_LIMIT_MS 60000

static xc_interface *xc;
static xc_cpumap_t first_map, map;
static size_t map_bytes;
static int last_vcpu;

struct left {
	unsigned int domains;
	uint64_t claimed;
	bool pinned;
};

static uint64_t now_ms(void)
{
	return clock_ns() / 1000000;
}

static uint64_t number(const char *text, uint64_t max)
{
	uint64_t value;

	if (parse_u64(text, 0, max, &value))
		die(EXIT_USAGE, "%s: not a number", text);
	return value;
}

static void read_map(xc_cpumap_t to)
{
	if (xc_vcpu_getaffinity(xc, 0, last_vcpu, to, NULL, XEN_VCPUAFFINITY_HARD))
		die(EXIT_USAGE, "affinity of dom0: %s", strerror(errno));
}

static struct left look(void)
{
	xc_domaininfo_t domains[64];
	int count = xc_domain_getinfolist(xc, 1, 64, domains);
	xc_physinfo_t info;

	if (count < 0 || xc_physinfo(xc, &info))
		die(EXIT_USAGE, "the hypervisor does not answer: %s", strerror(errno));
	read_map(map);
	return (struct left){(unsigned int)count, info.outstanding_pages,
			     memcmp(map, first_map, map_bytes) != 0};
}

static bool is_clean(const struct left *left)
{
	return !left->domains && !left->claimed;
}

static void print_left(const struct left *left)
{
	printf("%u domains, %lu pages claimed, %s", left->domains, (unsigned long)left->claimed,
	       left->pinned ? "pinned" : "not pinned");
}

static pid_t start(char *const argv[])
{
	pid_t pid = fork();

	if (!pid) {
		int log = open("kill-job.log", O_WRONLY | O_CREAT | O_APPEND, 0666);

		dup2(log, STDOUT_FILENO);
		dup2(log, STDERR_FILENO);
		execv(argv[0], argv);
		_exit(127);
	}
	return pid;
}

static void await_domain(void)
{
	uint64_t begin = now_ms();

	while (!look().domains) {
		if (now_ms() - begin > START_LIMIT_MS)
			die(EXIT_REGRESSION, "the command makes no domain");
		usleep(2000);
	}
}

/* What is left in the end, or when domains and claims should have been gone. */
static struct left await_clean(uint64_t killed)
{
	for (;;) {
		struct left left = look();
		uint64_t passed = now_ms() - killed;

		if ((is_clean(&left) && !left.pinned) || passed > PIN_LIMIT_MS ||
		    (!is_clean(&left) && passed > LIMIT_MS))
			return left;
		usleep(5000);
	}
}

/* One line; true when all was gone in time. */
static bool kill_once(unsigned int n, uint64_t after, char *const argv[])
{
	pid_t pid = start(argv);
	struct left at, left;
	uint64_t killed;
	int status;

	if (n % 3)
		await_domain();
	usleep((useconds_t)(1000 * after));
	at = look();
	kill(pid, SIGKILL);
	killed = now_ms();
	waitpid(pid, &status, 0);
	if (!WIFSIGNALED(status))
		die(EXIT_REGRESSION, "kill %u: the command ended before, with status %d", n,
		    WEXITSTATUS(status));
	left = await_clean(killed);
	printf("kill %u after %lu ms: ", n, (unsigned long)after);
	print_left(&at);
	printf("; after %lu ms: ", (unsigned long)(now_ms() - killed));
	print_left(&left);
	putchar('\n');
	fflush(stdout);
	return is_clean(&left) && !left.pinned;
}

static int kill_often(char **argv)
{
	unsigned int seed = (unsigned int)number(argv[0], 1000000);
	unsigned int times = (unsigned int)number(argv[1], 1000);
	uint64_t span = number(argv[2], 60000);
	int status = 0;

	for (unsigned int i = 1; i <= times; i++)
		if (!kill_once(i, (uint64_t)rand_r(&seed) % span, argv + 3))
			status = EXIT_REGRESSION;
	return status;
}

static int make_domain(void)
{
	struct xen_domctl_createdomain config = {
		.max_vcpus = 1,
		.max_evtchn_port = -1,
		.max_grant_frames = -1,
		.max_maptrack_frames = -1,
		.grant_opts = XEN_DOMCTL_GRANT_version(2),
	};
	uint32_t domid = 0;

	if (xc_domain_create(xc, &domid, &config))
		die(EXIT_USAGE, "creating a domain: %s", strerror(errno));
	printf("%u\n", domid);
	return 0;
}

static void find_vcpu(void)
{
	xc_dominfo_t dom0;

	if (xc_domain_getinfo(xc, 0, 1, &dom0) != 1)
		die(EXIT_USAGE, "dom0: %s", strerror(errno));
	last_vcpu = (int)dom0.max_vcpu_id;
	map_bytes = (size_t)xc_get_cpumap_size(xc);
	first_map = xc_cpumap_alloc(xc);
	map = xc_cpumap_alloc(xc);
	read_map(first_map);
}

int main(int argc, char **argv)
{
	xc = xc_interface_open(NULL, NULL, 0);
	if (!xc)
		die(EXIT_USAGE, "no Xen here");
	if (argc == 2 && !strcmp(argv[1], "domain"))
		return make_domain();
	if (argc == 3 && !strcmp(argv[1], "destroy"))
		return xc_domain_destroy(xc, (uint32_t)number(argv[2], 32751)) ? EXIT_USAGE : 0;
	if (argc < 6 || strcmp(argv[1], "kill"))
		die(EXIT_USAGE, "kill-job kill SEED TIMES SPAN_MS COMMAND..., domain, or destroy DOMID");
	find_vcpu();
	return kill_often(argv + 2);
}
