// SPDX-License-Identifier: GPL-2.0-only
/* The pairs of boots of a night: what is stored beside the result that they were made into. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "plots/series.h"
#include "results/study_judge.h"

struct judging {
	struct history *history;
	struct nights *nights;
	const char *run; /* its id */
};

static bool is_of(const struct series *s, const char *run)
{
	return s->relative && s->kind == KIND_NOISY && !strcmp(s->points[s->nr - 1].run, run);
}

static void take_verdicts(struct judging *j, const struct verdicts *v)
{
	for (size_t i = 0; i < j->nights->nr; i++) {
		struct series *s = &j->nights->series[i];

		for (size_t k = 0; k < v->study->nr_metrics && is_of(s, j->run); k++)
			if (!strcmp(v->study->metrics[k].name, s->name) &&
			    !strcmp(v->study->metrics[k].unit, s->unit))
				s->night = v->rows[k].paired;
	}
}

/* A file that is no study is somebody else's. */
static int judge(struct judging *j, int fd)
{
	char path[40], error[RESULT_ERROR_SIZE];
	struct verdicts verdicts;
	struct study *study;
	int ret;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	ret = study_read(path, &study, error);
	if (ret)
		return ret == -ENOMEM ? ret : 0;
	ret = study_judge(study, &verdicts);
	if (!ret) {
		take_verdicts(j, &verdicts);
		verdicts_free(&verdicts);
	}
	study_free(study);
	return ret;
}

static int take_file(void *data, const char *path, const char *sha256, uint64_t bytes)
{
	struct judging *j = data;
	const char *slash = strrchr(path, '/');
	int fd, ret;

	if (!slash || strcmp(slash, "/study.json"))
		return 0;
	fd = memfd_create("study", MFD_CLOEXEC);
	if (fd < 0)
		return -errno;
	ret = history_write_file(j->history, sha256, bytes, fd);
	if (!ret)
		ret = judge(j, fd);
	close(fd);
	return ret;
}

int nights_judge(struct history *h, struct nights *n)
{
	int ret = 0;

	for (size_t i = 0; i < n->nr && !ret; i++) {
		const struct series *s = &n->series[i];
		struct judging j = {h, n, s->points[s->nr - 1].run};

		if (is_of(s, j.run) && !s->night.nr)
			ret = history_each_file(h, j.run, take_file, &j);
	}
	return ret;
}
