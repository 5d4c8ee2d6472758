// SPDX-License-Identifier: GPL-2.0-only
#include <inttypes.h>
#include <stdio.h>

#include "tests/model/trial.h"

static void print_set(const struct op *op)
{
	unsigned int shown = op->nr < SET_ENTRIES ? op->nr : SET_ENTRIES;

	printf("heap_claim_set(d[%u], ", op->domain);
	if (op->no_array || !op->nr) {
		printf("(void *)0");
	} else {
		printf("(struct heap_claim[%u]){", op->nr <= HEAP_MAX_NODES + 1 ? op->nr : 1);
		for (unsigned int i = 0; i < shown; i++)
			printf("%s{%" PRIu64 "u, %#x, %u}", i ? ", " : "", op->set[i].pages,
			       op->set[i].target, op->set[i].pad);
		printf("}");
	}
	printf(", %u, %u);\n", op->nr, op->pad);
}

static void print_alloc(const struct op *op)
{
	printf("a[%u] = heap_alloc(", op->id);
	if (op->domain == NO_DOMAIN)
		printf("(void *)0");
	else
		printf("d[%u]", op->domain);
	printf(", %u, %d, %#x);\n", op->order, op->node, op->flags);
}

/* Frees need the order; it is the allocation's. */
static void print_free(const struct trial *t, const struct op *op)
{
	for (size_t i = 0; i < t->count; i++)
		if (t->ops[i].kind == OP_ALLOC && t->ops[i].id == op->id)
			printf("heap_free(a[%u], %u);\n", op->id, t->ops[i].order);
}

static void print_op(const struct trial *t, const struct op *op)
{
	unsigned long frame = t->config.first_frame + op->pages;

	putchar('\t');
	switch (op->kind) {
	case OP_CREATE: printf("d[%u] = heap_create_domain(%lu);\n", op->domain, op->pages); break;
	case OP_KILL: printf("heap_kill_domain(d[%u]);\n", op->domain); break;
	case OP_DESTROY:
		printf("heap_destroy_domain(d[%u]); /* after all it has is freed */\n", op->domain);
		break;
	case OP_MAX_PAGES:
		printf("heap_set_max_pages(d[%u], %lu);\n", op->domain, op->pages);
		break;
	case OP_LEGACY: printf("heap_claim_legacy(d[%u], %lu);\n", op->domain, op->pages); break;
	case OP_SET: print_set(op); break;
	case OP_ALLOC: print_alloc(op); break;
	case OP_FREE: print_free(t, op); break;
	case OP_OFFLINE: printf("heap_offline(%#lx);\n", frame); break;
	case OP_ONLINE: printf("heap_online(%#lx);\n", frame); break;
	default: break;
	}
}

void trial_print(const struct trial *t)
{
	unsigned int last_id = 0;

	for (size_t i = 0; i < t->count; i++)
		if (t->ops[i].id > last_id)
			last_id = t->ops[i].id;
	printf("#include \"bench/host/heap.h\"\n\nint main(void)\n{\n");
	printf("\tstruct heap_domain *d[%d];\n\tunsigned long a[%u];\n\n", SPEC_DOMAINS,
	       last_id + 1);
	printf("\theap_boot(&(struct heap_config){%u, %lu, %#lx});\n", t->config.nodes,
	       t->config.node_pages, t->config.first_frame);
	for (size_t i = 0; i < t->count; i++)
		print_op(t, &t->ops[i]);
	printf("\t/* %s */\n\treturn 0;\n}\n", t->text);
}
