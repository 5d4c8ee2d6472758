// SPDX-License-Identifier: GPL-2.0-only
/* Is everything there, and does it still say what the database says? */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "results/history_private.h"

struct check {
	struct history *h;
	void (*tell)(void *data, const char *fault);
	void *data;
	struct history_state *state;
	const char *run;       /* that is looked at */
	struct result *result; /* of that run, as stored */
	size_t figures;	       /* of that run, in the database */
	bool has_result;
};

__attribute__((format(printf, 2, 3))) static void fault(struct check *c, const char *fmt, ...)
{
	char text[HISTORY_ERROR_SIZE + 128];
	va_list list;

	va_start(list, fmt);
	vsnprintf(text, sizeof(text), fmt, list);
	va_end(list);
	c->state->faults++;
	c->tell(c->data, text);
}

static void database_fault(void *data, const char *what)
{
	struct check *c = data;

	fault(c, "%s: %s", c->h->path, what);
}

static int check_file(void *data, const char *path, const char *sha256, uint64_t bytes)
{
	struct check *c = data;
	struct raw_file file = {.bytes = bytes};

	snprintf(file.sha256, sizeof(file.sha256), "%s", sha256);
	c->state->files++;
	if (raw_get(c->h->raw, &file, -1, c->h->error))
		fault(c, "run %.12s, %s: %s", c->run, path, c->h->error);
	else if (!strcmp(sha256, c->run))
		c->has_result = true;
	return 0;
}

/* Reading needs a name; this one is gone when it is closed. */
static int read_stored(struct check *c, int fd)
{
	char path[64];
	int ret = history_write_result(c->h, c->run, fd);

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return ret ? ret : result_read(path, &c->result, c->h->error);
}

static bool equal(const struct history_figure *a, const struct history_figure *b)
{
	return a->kind == b->kind && a->ops == b->ops && a->samples == b->samples &&
	       a->least == b->least && a->p90 == b->p90 && a->p99 == b->p99 &&
	       a->greatest == b->greatest && !(a->median < b->median || a->median > b->median) &&
	       !(a->mean < b->mean || a->mean > b->mean);
}

static int check_figure(void *data, const struct history_run *run,
			const struct history_metric *metric, const struct history_figure *figure)
{
	struct check *c = data;
	const struct result_case *test = result_find(c->result, metric->case_name);
	unsigned int index = !strcmp(metric->name, "time");
	struct history_metric of_result;
	struct history_figure now;

	(void)run;
	c->figures++;
	if (!test || test->skipped ||
	    digest_figure(c->result, test, index, &of_result, &now, c->h->error) ||
	    !equal(figure, &now) || strcmp(metric->unit, of_result.unit) ||
	    strcmp(metric->per, of_result.per))
		fault(c, "run %.12s, %s, %s: the figures are not those of the stored result",
		      c->run, metric->case_name, metric->name);
	return 0;
}

static size_t count_figures(const struct check *c)
{
	struct history_metric metric;
	struct history_figure figure;
	size_t n = 0;

	for (size_t i = 0; i < c->result->nr_cases; i++)
		for (unsigned int k = 0; !c->result->cases[i].skipped && k < DIGEST_METRICS; k++)
			n += !digest_figure(c->result, &c->result->cases[i], k, &metric, &figure,
					    c->h->error);
	return n;
}

/* What was derived from the result once is derived again. */
static int check_figures(struct check *c)
{
	const struct history_filter filter = {.id = c->run};
	int fd = memfd_create("result", MFD_CLOEXEC), ret;

	if (fd < 0)
		return history_fail(c->h, -errno, "memfd_create: %s", strerror(errno));
	ret = read_stored(c, fd);
	close(fd);
	if (ret) {
		fault(c, "run %.12s: %s", c->run, c->h->error);
		return 0;
	}
	c->figures = 0;
	ret = history_each_figure(c->h, &filter, NULL, check_figure, c);
	if (!ret && c->figures != count_figures(c))
		fault(c, "run %.12s: %zu figures, but %zu in the stored result", c->run, c->figures,
		      count_figures(c));
	result_free(c->result);
	return ret;
}

static int check_run(void *data, const struct history_run *run)
{
	struct check *c = data;
	int ret;

	c->state->runs++;
	if (!run->files)
		return 0;
	c->run = run->id;
	c->has_result = false;
	ret = history_each_file(c->h, run->id, check_file, c);
	if (!ret && c->has_result)
		ret = check_figures(c);
	return ret;
}

int history_check(struct history *h, void (*tell)(void *data, const char *fault), void *data,
		  struct history_state *out)
{
	struct check c = {.h = h, .tell = tell, .data = data, .state = out};
	const struct history_filter all = {0};
	struct raw_extra extra;
	int ret;

	*out = (struct history_state){0};
	ret = db_check(h->db, database_fault, &c);
	/* What is so damaged that it cannot even be looked at is damaged. */
	if (ret == -EBADMSG)
		fault(&c, "%s", h->error);
	else if (ret)
		return ret;
	if (out->faults)
		return 0;
	ret = history_each_run(h, &all, check_run, &c);
	if (!ret)
		ret = raw_sweep(h->raw, file_is_wanted, h, false, &extra, h->error);
	if (ret)
		return ret;
	out->extra_files = extra.files;
	out->extra_bytes = extra.bytes;
	return 0;
}
