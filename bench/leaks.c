// SPDX-License-Identifier: GPL-2.0-only
#include "bench/leaks.h"

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* The hypervisor frees a dead domain a little later; on an idle machine it is busy with scrubbing. */
#define QUICK_TRIES 50
#define TRIES 250
#define WAIT_MS 10

struct leaks_pass {
	const struct bench_case *c;
	struct xen_memory before, after;
	uint32_t *domains;
	unsigned int nr_domains;
	bool over;
};

/* By node: their sum would be told twice. */
static int read_memory(struct leaks *l, struct xen_memory *memory)
{
	int rc = xen_read_memory(l->xen, memory);

	memory->free_pages = 0;
	return rc;
}

int leaks_begin(struct leaks *l, const struct bench_case *c)
{
	struct leaks_pass *grown = reallocarray(l->passes, l->count + 1, sizeof(*grown));

	if (!grown)
		return -ENOMEM;
	l->passes = grown;
	grown[l->count] = (struct leaks_pass){.c = c};
	return read_memory(l, &grown[l->count++].before);
}

static struct leaks_pass *last_pass(struct leaks *l)
{
	return l->count ? &l->passes[l->count - 1] : NULL;
}

int leaks_end(struct leaks *l)
{
	struct leaks_pass *p = last_pass(l);

	/* It may have failed before it began. */
	if (!p || p->over)
		return 0;
	p->over = true;
	p->nr_domains = xen_list_domains(l->xen, NULL, 0);
	p->domains = calloc(p->nr_domains + 1, sizeof(*p->domains));
	if (!p->domains)
		return -ENOMEM;
	xen_list_domains(l->xen, p->domains, p->nr_domains);
	for (unsigned int i = 0; i < p->nr_domains; i++)
		xen_release_claims(l->xen, p->domains[i]);
	xen_leave_domains(l->xen);
	return read_memory(l, &p->after);
}

static unsigned int count_domains(struct leaks *l, const struct leaks_pass *p)
{
	unsigned int count = 0;
	uint64_t pages, claimed;

	for (unsigned int i = 0; i < p->nr_domains; i++)
		count += xen_read_domain(l->xen, p->domains[i], &pages, &claimed) != -ESRCH;
	return count;
}

/*
 * What memory will be when all that the pass took has come back. Never more than was free before it: what
 * the case itself destroyed may have come back between the end of the pass and now.
 */
static struct xen_memory memory_without(const struct leaks_pass *p, struct xen_memory now)
{
	now.claimed_pages += p->before.claimed_pages - p->after.claimed_pages;
	for (unsigned int i = 0; i < XEN_MAX_NODES; i++) {
		uint64_t *pages = &now.node_free_pages[i], before = p->before.node_free_pages[i];

		*pages += before - p->after.node_free_pages[i];
		if (*pages > before)
			*pages = before;
	}
	return now;
}

static void append(char what[LEAKS_WHAT_SIZE], const char *fmt, ...)
{
	size_t used = strlen(what);
	va_list args;

	va_start(args, fmt);
	vsnprintf(what + used, LEAKS_WHAT_SIZE - used, fmt, args);
	va_end(args);
}

static void describe(const struct xen_memory *expected, const struct xen_memory *now,
		     unsigned int domains, char what[LEAKS_WHAT_SIZE])
{
	snprintf(what, LEAKS_WHAT_SIZE, "it leaks");
	if (domains)
		append(what, " %u domain%s,", domains, domains == 1 ? "" : "s");
	if (now->claimed_pages != expected->claimed_pages)
		append(what, " %+lld claimed pages,",
		       (long long)(now->claimed_pages - expected->claimed_pages));
	for (unsigned int i = 0; i < XEN_MAX_NODES; i++)
		if (now->node_free_pages[i] != expected->node_free_pages[i])
			append(what, " %+lld pages of node %u,",
			       (long long)(expected->node_free_pages[i] - now->node_free_pages[i]), i);
	what[strlen(what) - 1] = '\0';
}

static int destroy_domains(struct leaks *l, const struct leaks_pass *p, struct xen_memory *expected)
{
	int rc = read_memory(l, expected);

	*expected = memory_without(p, *expected);
	for (unsigned int i = p->nr_domains; i; i--)
		xen_destroy_domain(l->xen, p->domains[i - 1]);
	return rc;
}

/* An idle hypervisor scrubs what was freed, which takes long: no wait for what is there. */
static int wait_for(struct leaks *l, const struct leaks_pass *p, char what[LEAKS_WHAT_SIZE])
{
	struct xen_memory expected, now;
	unsigned int domains = 0;
	int rc = destroy_domains(l, p, &expected);

	for (unsigned int i = 0; !rc && i < TRIES; i++) {
		rc = read_memory(l, &now);
		domains = count_domains(l, p);
		if (!rc && !domains && !memcmp(&now, &expected, sizeof(now)))
			return 0;
		if (i >= QUICK_TRIES)
			nanosleep(&(struct timespec){.tv_nsec = WAIT_MS * 1000000l}, NULL);
	}
	if (rc)
		snprintf(what, LEAKS_WHAT_SIZE, "reading what is free and claimed: %s", strerror(-rc));
	else
		describe(&expected, &now, domains, what);
	return -1;
}

int leaks_return(struct leaks *l, const struct bench_case **c, char what[LEAKS_WHAT_SIZE])
{
	struct leaks_pass *p = last_pass(l);
	int rc;

	*c = p ? p->c : NULL;
	if (!p)
		return 0;
	rc = p->over ? wait_for(l, p, what) : 0;
	free(p->domains);
	l->count--;
	return rc;
}

void leaks_free(struct leaks *l)
{
	while (l->count)
		free(l->passes[--l->count].domains);
	free(l->passes);
	l->passes = NULL;
}
