// SPDX-License-Identifier: GPL-2.0-only
/* Branches that a case takes, told by records of its measured calls. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "bench/proof.h"
#include "tests/unit/trace_records.h"

#define DOMAIN 5
#define FIRST 1000
#define LAST 2000

#define HYPERCALL 0x20100du
#define OP_SYSCTL 35
#define OP_DOMCTL 36

static const struct proof_window window = {.domain = DOMAIN, .first = FIRST, .last = LAST};

/* How often the records take the branch in one sample; without the window's header. */
static uint64_t count(enum bench_branch branch, const struct trace_bytes *t)
{
	const struct bench_case c = {.proofs = {{branch, 0}}, .error = -12};
	struct proof p;

	proof_begin(&p, &c);
	proof_count(&p, &window, t->words + 3, bytes_of(t) - 12);
	assert_int_equal(p.nonsense, 0);
	proof_end_sample(&p);
	return p.all[0];
}

/* One record of an allocation takes these branches, up to BRANCH_NONE, and no other. */
static void check_alloc(const struct trc_heap_section *record, const enum bench_branch *branches)
{
	struct trace_bytes t = {0};

	open_window(&t, 0);
	put_event(&t, TRC_heap_section, FIRST, record, sizeof(*record));
	for (enum bench_branch b = BRANCH_NONE + 1; b < BRANCHES; b++) {
		bool expected = false;

		for (const enum bench_branch *e = branches; *e != BRANCH_NONE; e++)
			expected |= *e == b;
		if (count(b, &t) != expected)
			fail_msg("%s: %s", branch_name(b), expected ? "not seen" : "seen");
	}
}

#define ALLOC(...) (&(const struct trc_heap_section){.domid = DOMAIN, .site = HEAP_SITE_ALLOC, __VA_ARGS__})
#define TAKES(...) ((const enum bench_branch[]){__VA_ARGS__, BRANCH_NONE})

static void test_alloc(void **state)
{
	(void)state;
	check_alloc(ALLOC(.node = 1),
		    TAKES(BRANCH_ALLOC_FREE, BRANCH_NODE_FREE, BRANCH_REDEEM_NONE));
	check_alloc(ALLOC(.node = 1, .host_cover = HEAP_COVER_CLAIMS, .from_host = 1),
		    TAKES(BRANCH_ALLOC_CLAIMED, BRANCH_NODE_FREE, BRANCH_REDEEM_HOST));
	check_alloc(ALLOC(.node = 1, .node_cover = HEAP_COVER_CLAIMS, .from_node = 512),
		    TAKES(BRANCH_ALLOC_FREE, BRANCH_NODE_CLAIMED, BRANCH_REDEEM_NODE));
	check_alloc(ALLOC(.node = 1, .from_other = 1, .refused_claims = 1),
		    TAKES(BRANCH_ALLOC_FREE, BRANCH_NODE_FREE, BRANCH_REDEEM_OTHER,
			  BRANCH_PASSED_CLAIMS));
	check_alloc(ALLOC(.node = 1, .from_host = 2, .from_other = 1, .refused_empty = 4),
		    TAKES(BRANCH_ALLOC_FREE, BRANCH_NODE_FREE, BRANCH_REDEEM_MIXED,
			  BRANCH_PASSED_EMPTY));
}

static void test_refused(void **state)
{
	(void)state;
	check_alloc(ALLOC(.node = HEAP_NODE_NONE, .host_cover = HEAP_COVER_REFUSED),
		    TAKES(BRANCH_REFUSED_HOST));
	check_alloc(ALLOC(.node = HEAP_NODE_NONE, .refused_claims = 2), TAKES(BRANCH_REFUSED_NODE));
	/* Nothing was free: nobody refused. */
	check_alloc(ALLOC(.node = HEAP_NODE_NONE, .refused_empty = 2), TAKES(BRANCH_NONE));
}

/* Without claim sets claims are redeemed after the allocation. */
static void test_adjust(void **state)
{
	struct trace_bytes t = {0};

	(void)state;
	open_window(&t, 0);
	PUT(&t, FIRST, heap_section, .domid = DOMAIN, .site = HEAP_SITE_CLAIM_ADJUST, .from_host = 1,
	    .node = HEAP_NODE_NONE);
	assert_int_equal(count(BRANCH_REDEEM_HOST, &t), 1);
	assert_int_equal(count(BRANCH_REDEEM_NONE, &t), 0);
}

static void test_other_records(void **state)
{
	struct trace_bytes t = {0};

	(void)state;
	open_window(&t, 0);
	PUT(&t, FIRST, claim_install, .domid = DOMAIN, .kind = HEAP_KIND_LEGACY);
	PUT(&t, FIRST, claim_install, .domid = DOMAIN, .kind = HEAP_KIND_SET);
	PUT(&t, FIRST, claim_install, .domid = DOMAIN, .kind = HEAP_KIND_SET, .error = 12);
	PUT(&t, FIRST, claim_install, .domid = DOMAIN, .kind = HEAP_KIND_SET, .error = 22);
	PUT(&t, FIRST, claim_release, .domid = DOMAIN, .pages = 3);
	PUT(&t, FIRST, domain_teardown, .domid = DOMAIN);
	PUT(&t, FIRST, heap_section, .domid = DOMAIN, .site = HEAP_SITE_FREE);
	PUT(&t, FIRST, heap_section, .domid = DOMAIN, .site = HEAP_SITE_ALLOC_SCRUB);
	PUT(&t, FIRST, heap_section, .domid = HEAP_DOMID_NONE, .site = HEAP_SITE_INFO);
	put_record(&t, HYPERCALL, FIRST, 1, OP_SYSCTL);
	/* With arguments in it, which are none of the number. */
	put_record(&t, HYPERCALL, FIRST, 2, OP_DOMCTL | 1u << 20, 7);
	assert_int_equal(count(BRANCH_CLAIM_LEGACY, &t), 1);
	assert_int_equal(count(BRANCH_CLAIM_SET, &t), 1);
	assert_int_equal(count(BRANCH_CLAIM_REFUSED, &t), 1); /* with the case's error */
	assert_int_equal(count(BRANCH_RELEASE, &t), 1);
	assert_int_equal(count(BRANCH_TEARDOWN, &t), 1);
	assert_int_equal(count(BRANCH_FREE, &t), 1);
	assert_int_equal(count(BRANCH_SCRUB, &t), 1);
	assert_int_equal(count(BRANCH_INFO, &t), 1);
	assert_int_equal(count(BRANCH_SYSCTL, &t), 1);
	assert_int_equal(count(BRANCH_DOMCTL, &t), 1);
	assert_int_equal(count(BRANCH_VERSION, &t), 0);
}

/* What another domain did, or what happened outside of the call, proves nothing. */
static void test_window(void **state)
{
	struct trace_bytes t = {0};

	(void)state;
	open_window(&t, 0);
	PUT(&t, FIRST - 1, heap_section, .domid = DOMAIN, .site = HEAP_SITE_FREE);
	PUT(&t, FIRST, heap_section, .domid = DOMAIN + 1, .site = HEAP_SITE_FREE);
	PUT(&t, FIRST, domain_teardown, .domid = DOMAIN + 1);
	PUT(&t, LAST, heap_section, .domid = DOMAIN, .site = HEAP_SITE_FREE);
	PUT(&t, LAST + 1, heap_section, .domid = DOMAIN, .site = HEAP_SITE_FREE);
	assert_int_equal(count(BRANCH_FREE, &t), 1);
	assert_int_equal(count(BRANCH_TEARDOWN, &t), 0);
}

static const struct bench_case twice = {.proofs = {{BRANCH_FREE, 2}, {BRANCH_TEARDOWN, 0}}};

static void add_sample(struct proof *p, unsigned int frees, unsigned int teardowns)
{
	struct trace_bytes t = {0};

	open_window(&t, 0);
	while (frees--)
		PUT(&t, FIRST, heap_section, .domid = DOMAIN, .site = HEAP_SITE_FREE);
	while (teardowns--)
		PUT(&t, FIRST, domain_teardown, .domid = DOMAIN);
	proof_count(p, &window, t.words + 3, bytes_of(&t) - 12);
	proof_end_sample(p);
}

static void check_seen(const struct proof *p, size_t i, json_int_t seen)
{
	json_t *list = proof_to_json(p), *one = json_array_get(list, i);

	assert_string_equal(json_string_value(json_object_get(one, "branch")),
			    branch_name(p->c->proofs[i].branch));
	assert_int_equal(json_integer_value(json_object_get(one, "expected")), p->c->proofs[i].times);
	assert_int_equal(json_integer_value(json_object_get(one, "seen")), seen);
	json_decref(list);
}

static void test_judge(void **state)
{
	char error[PROOF_ERROR_SIZE] = "";
	struct proof p;

	(void)state;
	proof_begin(&p, &twice);
	add_sample(&p, 2, 0);
	add_sample(&p, 2, 3);
	assert_int_equal(proof_judge(&p, error), 0);
	check_seen(&p, 0, 2);
	check_seen(&p, 1, 3);
}

/* Each sample must: more in one do not make up for less in another. */
static void test_wrong_count(void **state)
{
	char error[PROOF_ERROR_SIZE] = "";
	struct proof p;

	(void)state;
	proof_begin(&p, &twice);
	add_sample(&p, 1, 1);
	add_sample(&p, 3, 1);
	assert_int_equal(proof_judge(&p, error), -1);
	assert_string_equal(error, "its branch was not seen: free, expected 2, seen 1");
	check_seen(&p, 0, 1);
}

static void test_never(void **state)
{
	char error[PROOF_ERROR_SIZE] = "";
	struct proof p;

	(void)state;
	proof_begin(&p, &twice);
	add_sample(&p, 2, 0);
	assert_int_equal(proof_judge(&p, error), -1);
	assert_string_equal(error, "its branch was not seen: teardown, expected more than 0, seen 0");
}

static void test_damage(void **state)
{
	const uint32_t garbage[] = {0, 1};
	char error[PROOF_ERROR_SIZE] = "";
	struct trace_bytes t = {0};
	struct proof p;

	(void)state;
	open_window(&t, 0);
	put_record(&t, TRACE_EVENT_LOST, FIRST, 4, 7, 0, 0, 0);
	proof_begin(&p, &(const struct bench_case){0});
	assert_int_equal(proof_judge(&p, error), 0);
	proof_count(&p, &window, t.words + 3, bytes_of(&t) - 12);
	assert_int_equal(proof_judge(&p, error), -1);
	assert_non_null(strstr(error, "7 records of the trace were lost"));
	proof_begin(&p, &(const struct bench_case){0});
	proof_count(&p, &window, garbage, sizeof(garbage));
	assert_int_equal(proof_judge(&p, error), -1);
	assert_non_null(strstr(error, "8 bytes are none"));
}

/* What is not the proof, of which there may be much, is not recorded. */
static void test_mask(void **state)
{
	const struct bench_case own = {.proofs = {{BRANCH_SYSCTL, 1}}};

	(void)state;
	assert_int_equal(proof_mask(&twice), 0x105000);
	assert_int_equal(proof_mask(&own), 0x201000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_alloc),	    cmocka_unit_test(test_refused),
		cmocka_unit_test(test_adjust),	    cmocka_unit_test(test_other_records),
		cmocka_unit_test(test_window),	    cmocka_unit_test(test_judge),
		cmocka_unit_test(test_wrong_count), cmocka_unit_test(test_never),
		cmocka_unit_test(test_damage),	    cmocka_unit_test(test_mask),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
