// SPDX-License-Identifier: GPL-2.0-only
#include "bench/prove.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/tbufs.h"
#include "bench/ticks.h"
#include "lib/msg.h"
#include "tracepoints/catalog.h"

/* Of each CPU, unless the size is set already: room for the records of one call. */
#define BUFFER_PAGES 512
/* All subclasses but the sections of page_alloc_lock, which no branch is told by. */
#define MASK (TRC_MEM & ~0x8000u)
/* No record needs more, with the marker of lost ones and padding before it. */
#define RECORD_MAX 128

struct prover {
	struct tbufs *tbufs;
	struct proof *proof;
	struct proof_window window;
	int error;
};

static void begin_call(struct bench *b)
{
	struct prover *p = b->watch->data;

	/* The case may destroy it. */
	p->window.domain = b->domain;
	if (!p->error)
		p->error = tbufs_start(p->tbufs, proof_mask(p->proof->c));
	p->window.first = read_ticks();
}

/* Xen tells of records that it dropped with the next one, which there may not be. */
static int count_cpu(struct prover *p, unsigned int cpu)
{
	const void *parts[2];
	size_t sizes[2];
	long size = tbufs_peek(p->tbufs, cpu, parts, sizes);

	for (unsigned int i = 0; size > 0 && i < 2; i++)
		proof_count(p->proof, &p->window, parts[i], sizes[i]);
	if (size > 0 && (size_t)size + RECORD_MAX > tbufs_room(p->tbufs))
		return -ENOBUFS;
	return size < 0 ? (int)size : 0;
}

static void end_call(struct bench *b)
{
	struct prover *p = b->watch->data;

	p->window.last = read_ticks();
	if (!p->error)
		p->error = tbufs_stop(p->tbufs);
	for (unsigned int i = 0; !p->error && i < tbufs_cpus(p->tbufs); i++)
		p->error = count_cpu(p, i);
}

static int set_size(struct prover *p)
{
	struct tbufs_host host;
	int rc = tbufs_read_host(p->tbufs, &host);

	return rc || host.pages ? rc : tbufs_set_pages(p->tbufs, BUFFER_PAGES, MASK);
}

/* With trace points, asking for the state of all makes records of it. */
static int find_trace_points(struct prover *p)
{
	const void *parts[2];
	size_t sizes[2];
	long found = 0;
	int rc = tbufs_start(p->tbufs, MASK);

	if (!rc)
		rc = tbufs_call_physinfo(p->tbufs);
	if (!rc)
		rc = tbufs_stop(p->tbufs);
	for (unsigned int i = 0; !rc && i < tbufs_cpus(p->tbufs); i++)
		found |= tbufs_peek(p->tbufs, i, parts, sizes);
	return rc ? rc : found > 0 ? 0 : -EOPNOTSUPP;
}

/* Buffers stay until the next boot: first see if Linux knows Xen's functions, and theirs among them. */
static bool knows_there_are_none(void)
{
	FILE *symbols = fopen("/proc/xen/xensyms", "r");
	bool any = false, found = false;
	char line[256];

	while (symbols && !found && fgets(line, sizeof(line), symbols)) {
		any = true;
		found = strstr(line, "heap_trace_emit") != NULL;
	}
	if (symbols)
		fclose(symbols);
	return any && !found;
}

int prover_open(struct prover **out)
{
	struct prover *p = calloc(1, sizeof(*p));
	int rc = -ENOMEM;

	if (p)
		rc = knows_there_are_none() ? -EOPNOTSUPP : tbufs_open(&p->tbufs);
	if (!rc)
		rc = set_size(p);
	if (!rc)
		rc = find_trace_points(p);
	if (rc)
		prover_close(p);
	else
		*out = p;
	return rc;
}

void prover_close(struct prover *p)
{
	if (p)
		tbufs_close(p->tbufs);
	free(p);
}

static int take_samples(struct prover *p, struct bench *b, const struct bench_case *c,
			unsigned int count)
{
	const struct bench_watch watch = {begin_call, end_call, p};
	uint64_t ticks;

	if (run_begin(b, c, count))
		return -1;
	b->watch = &watch;
	for (unsigned int i = 0; i < count; i++) {
		if (run_sample(b, c, &ticks))
			return -1;
		if (p->error)
			return bench_fail(b, p->error, "reading Xen's trace buffers");
		proof_end_sample(p->proof);
	}
	b->watch = NULL;
	return c->family->check(b, c);
}

/* Nodes take turns where any will do: each is to have one. */
static unsigned int nr_samples(const struct bench *b, const struct bench_case *c, unsigned int few)
{
	unsigned int turns = 1 + b->host.nodes / c->ops;

	return run_samples(c, c->where == WHERE_ANY && c->ops > 1 && few < turns ? turns : few);
}

int prove_case(struct prover *p, struct bench *b, const struct bench_case *c,
	       const struct run_options *options, struct proof *proof, char error[PROOF_ERROR_SIZE])
{
	int rc;

	proof_begin(proof, c);
	p->proof = proof;
	p->error = 0;
	rc = take_samples(p, b, c, nr_samples(b, c, options->few));
	b->watch = NULL;
	rc |= run_end(b, options->disposable);
	if (rc)
		snprintf(error, PROOF_ERROR_SIZE, "%s", b->error);
	else
		rc = proof_judge(proof, error);
	if (rc)
		msg("%s: %s", c->name, error);
	return rc;
}
