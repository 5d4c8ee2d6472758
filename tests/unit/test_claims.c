// SPDX-License-Identifier: GPL-2.0-only
/* Claims and pages followed through a trace. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/unit/trace_bytes.h"
#include "tracepoints/claims.h"

/* A record of ours, at the next time. */
static void put_event(struct trace_bytes *t, uint32_t event, const void *record, size_t size)
{
	static uint64_t tsc = 1000;
	unsigned int i, nr_words = (unsigned int)size / 4;
	uint32_t words[HEAP_WORDS_MAX];

	memcpy(words, record, size);
	put_word(t, event | nr_words << 28 | 1u << 31);
	put_word(t, (uint32_t)(tsc += 10));
	put_word(t, (uint32_t)(tsc >> 32));
	for (i = 0; i < nr_words; i++)
		put_word(t, words[i]);
	close_window(t);
}

#define PUT(t, name, ...)                                                                          \
	put_event(t, TRC_##name, &(struct trc_##name){__VA_ARGS__}, sizeof(struct trc_##name))

static void put_alloc(struct trace_bytes *t, uint32_t domid, unsigned int order, unsigned int node,
		      uint32_t from_node, uint32_t from_host, uint32_t from_other)
{
	PUT(t, heap_section, .domid = domid & 0x7fff, .site = HEAP_SITE_ALLOC, .order = order & 31,
	    .node = node & 127, .hold = 100, .from_node = from_node & 0xfffff,
	    .from_host = from_host & 0xfffff, .from_other = from_other & 0xfffff);
}

static void start(struct trace_bytes *t)
{
	memset(t, 0, sizeof(*t));
	open_window(t, 0);
}

static struct claims *read_claims(const struct trace_bytes *t)
{
	struct trace_reader *reader;
	struct claims *c;

	assert_int_equal(trace_open_memory(t->words, bytes_of(t), &reader), 0);
	assert_int_equal(claims_read(reader, &c), 0);
	trace_close(reader);
	return c;
}

/* As the hypervisor does: the node served, the host, then other nodes in their order. */
static void follows_a_claim_to_its_end(void **state)
{
	struct trace_bytes t;
	struct claims *c;

	(void)state;
	start(&t);
	PUT(&t, claim_entry, 1, 0, 10);
	PUT(&t, claim_entry, 1, 2, 20);
	PUT(&t, claim_entry, 1, 3, 30);
	PUT(&t, claim_entry, 1, HEAP_NODE_NONE, 5);
	PUT(&t, claim_install, 1, HEAP_KIND_SET, 4, 0, 100);
	put_alloc(&t, 1, 2, 2, 4, 0, 0);
	put_alloc(&t, 1, 2, 2, 4, 0, 0);
	put_alloc(&t, 1, 3, 1, 0, 5, 3);  /* 3 from node 0 */
	put_alloc(&t, 1, 4, 1, 0, 0, 16); /* 7 from node 0, 9 from node 2 */
	PUT(&t, claim_release, 1, 2, HEAP_RELEASE_CANCELLED, 3);
	c = read_claims(&t);
	assert_int_equal(c->nr_lives, 4);
	assert_int_equal(claims_count_unexplained(c), 0);

	assert_int_equal(c->lives[0].node, 0);
	assert_int_equal(c->lives[0].installed, 10);
	assert_int_equal(c->lives[0].redeemed, 10);
	assert_int_equal(c->lives[0].off_node, 10);
	assert_int_equal(c->lives[0].end, CLAIM_USED_UP);
	assert_int_equal(c->lives[0].nr_uses, 2);

	assert_int_equal(c->lives[1].node, 2);
	assert_int_equal(c->lives[1].redeemed, 17);
	assert_int_equal(c->lives[1].off_node, 9);
	assert_int_equal(c->lives[1].released, 3);
	assert_int_equal(c->lives[1].end, CLAIM_CANCELLED);
	assert_int_equal(c->lives[1].uses[0].count, 2);
	assert_int_equal(c->lives[1].uses[0].order, 2);
	assert_int_equal(c->lives[1].uses[0].node, 2);
	assert_int_equal(c->lives[1].uses[0].pages, 8);

	assert_int_equal(c->lives[2].node, 3);
	assert_int_equal(c->lives[2].left, 30);
	assert_int_equal(c->lives[2].end, CLAIM_OPEN);

	assert_int_equal(c->lives[3].node, HEAP_NODE_NONE);
	assert_int_equal(c->lives[3].redeemed, 5);
	assert_int_equal(c->lives[3].off_node, 0);

	assert_int_equal(c->domains[1]->allocated[1], 24);
	assert_int_equal(c->domains[1]->allocated[2], 8);
	claims_free(c);
}

static void tells_what_does_not_add_up(void **state)
{
	struct trace_bytes t;
	struct claims *c;

	(void)state;
	start(&t);
	/* A redemption of 4 pages is missing. */
	PUT(&t, claim_entry, 1, 0, 10);
	put_alloc(&t, 1, 0, 0, 1, 0, 0);
	PUT(&t, claim_release, 1, 0, HEAP_RELEASE_DIED, 5);
	/* Two pages more than there were. */
	PUT(&t, claim_entry, 2, 0, 2);
	put_alloc(&t, 2, 2, 0, 4, 0, 0);
	/* The end of a claim is missing. */
	PUT(&t, claim_entry, 3, 0, 7);
	PUT(&t, claim_entry, 3, 0, 8);
	c = read_claims(&t);
	assert_int_equal(c->nr_lives, 4);
	assert_int_equal(claims_count_unexplained(c), 3);
	assert_int_equal(c->lives[0].unexplained, 4);
	assert_int_equal(c->lives[1].unexplained, -2);
	assert_int_equal(c->lives[2].unexplained, 7);
	assert_int_equal(c->lives[3].left, 8);
	claims_free(c);
}

static void knows_what_began_before_the_trace(void **state)
{
	struct trace_bytes t;
	struct claims *c;

	(void)state;
	start(&t);
	put_alloc(&t, 1, 0, 0, 1, 0, 0);
	put_alloc(&t, 1, 0, 0, 0, 0, 1); /* from which node? */
	put_alloc(&t, 1, 0, 0, 1, 0, 0);
	PUT(&t, claim_release, 1, 0, HEAP_RELEASE_REPLACED, 5);
	PUT(&t, claim_entry, 1, 0, 9);
	c = read_claims(&t);
	assert_int_equal(c->nr_lives, 3);
	assert_int_equal(claims_count_unexplained(c), 0);
	assert_false(c->lives[0].known);
	assert_int_equal(c->lives[0].redeemed, 2);
	assert_int_equal(c->lives[0].released, 5);
	assert_int_equal(c->lives[0].end, CLAIM_REPLACED);
	assert_true(c->lives[1].somewhere);
	assert_int_equal(c->lives[1].off_node, 1);
	assert_true(c->lives[2].known);
	assert_int_equal(c->lives[2].left, 9);
	claims_free(c);
}

static void follows_free_pages(void **state)
{
	struct trace_bytes t;
	const struct pages_account *nodes;
	struct claims *c;

	(void)state;
	start(&t);
	put_alloc(&t, 1, 9, 1, 0, 0, 0); /* before anything is known */
	PUT(&t, node_state, 0, 1000, 0);
	PUT(&t, node_state, 1, 2000, 0);
	PUT(&t, node_state, HEAP_NODE_NONE, 3000, 0);
	PUT(&t, claim_entry, 1, 1, 100);
	PUT(&t, claim_entry, 1, HEAP_NODE_NONE, 10);
	put_alloc(&t, 1, 3, 1, 8, 0, 0);
	put_alloc(&t, 1, 4, 0, 0, 10, 6);
	PUT(&t, heap_section, .domid = 1, .site = HEAP_SITE_FREE, .order = 1, .node = 0);
	PUT(&t, heap_section, .domid = 1, .site = HEAP_SITE_ALLOC, .order = 5,
	    .node = HEAP_NODE_NONE);
	PUT(&t, claim_release, 1, 1, HEAP_RELEASE_CANCELLED, 86);
	PUT(&t, node_state, 0, 986, 0);
	PUT(&t, node_state, 1, 1992, 0);
	c = read_claims(&t);
	nodes = c->pages->nodes;
	assert_int_equal(c->pages->corrections, 0);
	assert_int_equal(nodes[0].free, 986);
	assert_int_equal(nodes[1].free, 1992);
	assert_int_equal(nodes[1].claimed, 0);
	assert_int_equal(nodes[HEAP_NODE_NONE].free, 2978);
	assert_int_equal(nodes[HEAP_NODE_NONE].claimed, 0);
	assert_false(nodes[2].known);
	assert_int_equal(nodes[1].free_before, 2512);
	claims_free(c);

	PUT(&t, node_state, 0, 980, 3);
	c = read_claims(&t);
	assert_int_equal(c->pages->corrections, 2);
	assert_int_equal(c->pages->worst, 6);
	assert_int_equal(c->pages->nodes[0].claimed, 3);
	claims_free(c);
}

/* Numbers that no hypervisor writes. */
static void survives_damage(void **state)
{
	struct trace_bytes t;
	struct claims *c;

	(void)state;
	start(&t);
	PUT(&t, claim_entry, 0xffff, 3, 4);
	PUT(&t, claim_entry, 1, 0xffff, 4);
	PUT(&t, claim_release, 1, 200, 255, 4);
	PUT(&t, claim_release, 1, 3, 255, 4);
	PUT(&t, node_state, 128, 1, 1);
	PUT(&t, node_state, 0, UINT32_MAX, UINT32_MAX);
	put_alloc(&t, 0x7fff, 31, 126, 0xfffff, 0xfffff, 0xfffff);
	put_alloc(&t, 0x7fff, 31, HEAP_NODE_NONE, 0xfffff, 0xfffff, 0xfffff);
	c = read_claims(&t);
	assert_int_equal(claims_count_unexplained(c), 0);
	claims_print(stderr, "damage", c);
	claims_print_json(stderr, "\"damage\"\\\n", c);
	claims_free(c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(follows_a_claim_to_its_end),
		cmocka_unit_test(tells_what_does_not_add_up),
		cmocka_unit_test(knows_what_began_before_the_trace),
		cmocka_unit_test(follows_free_pages),
		cmocka_unit_test(survives_damage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
