// SPDX-License-Identifier: GPL-2.0-only
/* What cases take of a host and do not give back; the host is made up. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <time.h>
#include <cmocka.h>

#include "bench/leaks.h"

#define DOMAINS 8

/* One domain: what it has taken of both nodes, what death does not give back, and how late it dies. */
struct guest {
	bool alive;
	uint64_t pages[2], lost[2], claimed;
	unsigned int late, zombie;
};

struct xen {
	struct guest guests[DOMAINS];
	unsigned int made, left; /* domains from left on were made since xen_leave_domains() */
	uint64_t lost[2], claims_lost;
};

/* Nobody here needs to wait. */
int nanosleep(const struct timespec *time, struct timespec *left)
{
	(void)time;
	(void)left;
	return 0;
}

static const struct bench_case one = {.name = "one"}, two = {.name = "two"};

int xen_read_memory(struct xen *xen, struct xen_memory *m)
{
	*m = (struct xen_memory){.claimed_pages = xen->claims_lost};
	for (unsigned int node = 0; node < 2; node++)
		m->node_free_pages[node] = 1000 - xen->lost[node];
	for (unsigned int i = 0; i < xen->made; i++) {
		struct guest *g = &xen->guests[i];

		/* Death takes its time. */
		if (!g->alive && (!g->late || !--g->late))
			continue;
		for (unsigned int node = 0; node < 2; node++)
			m->node_free_pages[node] -= g->pages[node];
		m->claimed_pages += g->claimed;
	}
	m->free_pages = m->node_free_pages[0] + m->node_free_pages[1];
	return 0;
}

unsigned int xen_list_domains(const struct xen *xen, uint32_t *domids, unsigned int max)
{
	for (unsigned int i = 0; i < xen->made - xen->left && i < max; i++)
		domids[i] = xen->left + i;
	return xen->made - xen->left;
}

void xen_leave_domains(struct xen *xen)
{
	xen->left = xen->made;
}

int xen_release_claims(struct xen *xen, uint32_t domid)
{
	xen->guests[domid].claimed = 0;
	return 0;
}

int xen_destroy_domain(struct xen *xen, uint32_t domid)
{
	struct guest *g = &xen->guests[domid];

	g->alive = false;
	for (unsigned int node = 0; node < 2; node++)
		xen->lost[node] += g->lost[node];
	return 0;
}

int xen_read_domain(struct xen *xen, uint32_t domid, uint64_t *pages, uint64_t *claimed)
{
	*pages = *claimed = 0;
	return xen->guests[domid].alive || xen->guests[domid].zombie ? 0 : -ESRCH;
}

static struct guest *make_guest(struct xen *xen, uint64_t pages)
{
	struct guest *g = &xen->guests[xen->made++];

	*g = (struct guest){.alive = true, .pages = {pages, 2 * pages}};
	return g;
}

static void check(struct leaks *l, const struct bench_case *c, const char *expected)
{
	const struct bench_case *found;
	char what[LEAKS_WHAT_SIZE] = "";
	int rc = leaks_return(l, &found, what);

	assert_ptr_equal(found, c);
	assert_int_equal(rc, expected ? -1 : 0);
	assert_string_equal(what, expected ? expected : "");
}

static void test_clean(void **state)
{
	struct xen xen = {0};
	struct leaks l = {.xen = &xen};

	(void)state;
	assert_int_equal(leaks_begin(&l, &one), 0);
	make_guest(&xen, 10)->claimed = 7;
	make_guest(&xen, 20)->late = 60;
	assert_int_equal(leaks_end(&l), 0);
	assert_int_equal(xen.guests[0].claimed, 0);
	assert_int_equal(leaks_begin(&l, &two), 0);
	make_guest(&xen, 5);
	assert_int_equal(leaks_end(&l), 0);
	check(&l, &two, NULL);
	check(&l, &one, NULL);
	check(&l, NULL, NULL);
	leaks_free(&l);
}

/* What the case itself destroyed comes back between its end and the look at what came back. */
static void test_late_at_the_end(void **state)
{
	struct xen xen = {0};
	struct leaks l = {.xen = &xen};
	struct xen_memory memory;
	struct guest *dead;

	(void)state;
	assert_int_equal(leaks_begin(&l, &one), 0);
	dead = make_guest(&xen, 10);
	dead->late = 2;
	xen_destroy_domain(&xen, 0);
	xen_leave_domains(&xen);
	assert_int_equal(leaks_end(&l), 0);
	while (dead->late)
		xen_read_memory(&xen, &memory);
	check(&l, &one, NULL);
	/* It hides nothing that does not come back. */
	assert_int_equal(leaks_begin(&l, &two), 0);
	dead = make_guest(&xen, 10);
	*dead = (struct guest){.alive = true, .pages = {10, 20}, .lost = {3, 0}, .late = 2};
	xen_destroy_domain(&xen, 1);
	xen_leave_domains(&xen);
	assert_int_equal(leaks_end(&l), 0);
	while (dead->late)
		xen_read_memory(&xen, &memory);
	check(&l, &two, "it leaks +3 pages of node 0");
	leaks_free(&l);
}

/* It is named, and those before and after it are not. */
static void test_pages(void **state)
{
	struct xen xen = {0};
	struct leaks l = {.xen = &xen};

	(void)state;
	assert_int_equal(leaks_begin(&l, &one), 0);
	make_guest(&xen, 10);
	assert_int_equal(leaks_end(&l), 0);
	assert_int_equal(leaks_begin(&l, &two), 0);
	make_guest(&xen, 10)->lost[1] = 3;
	assert_int_equal(leaks_end(&l), 0);
	assert_int_equal(leaks_begin(&l, &one), 0);
	make_guest(&xen, 10);
	assert_int_equal(leaks_end(&l), 0);
	check(&l, &one, NULL);
	check(&l, &two, "it leaks +3 pages of node 1");
	check(&l, &one, NULL);
	leaks_free(&l);
}

/* What was lost before its domains are destroyed. */
static void test_early(void **state)
{
	struct xen xen = {0};
	struct leaks l = {.xen = &xen};

	(void)state;
	assert_int_equal(leaks_begin(&l, &one), 0);
	xen.lost[0] = 2;
	xen.claims_lost = 9;
	assert_int_equal(leaks_end(&l), 0);
	check(&l, &one, "it leaks +9 claimed pages, +2 pages of node 0");
	leaks_free(&l);
}

static void test_domain(void **state)
{
	struct xen xen = {0};
	struct leaks l = {.xen = &xen};

	(void)state;
	assert_int_equal(leaks_begin(&l, &one), 0);
	make_guest(&xen, 1)->zombie = 1;
	assert_int_equal(leaks_end(&l), 0);
	check(&l, &one, "it leaks 1 domain");
	leaks_free(&l);
}

/* A pass that failed before it began has no part in the one before. */
static void test_no_pass(void **state)
{
	struct xen xen = {0};
	struct leaks l = {.xen = &xen};

	(void)state;
	assert_int_equal(leaks_end(&l), 0);
	assert_int_equal(leaks_begin(&l, &one), 0);
	make_guest(&xen, 1);
	assert_int_equal(leaks_end(&l), 0);
	assert_int_equal(leaks_end(&l), 0);
	check(&l, &one, NULL);
	leaks_free(&l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_clean),
		cmocka_unit_test(test_late_at_the_end), cmocka_unit_test(test_pages),
		cmocka_unit_test(test_early), cmocka_unit_test(test_domain),
		cmocka_unit_test(test_no_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
