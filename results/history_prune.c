// SPDX-License-Identifier: GPL-2.0-only
/* What is kept, and what need not be. */
#include <errno.h>
#include <string.h>

#include "results/history_private.h"

int history_pin(struct history *h, const char *id, bool pinned)
{
	return db_do(h->db, "UPDATE runs SET pinned = $1 WHERE id = $2", "is", (int64_t)pinned, id);
}

struct plan {
	const struct history_keep *keep;
	bool all;
	int (*visit)(void *data, const struct history_run *run, const char *kept);
	void *data;
};

static const char *why_kept(const struct history_keep *keep, const struct history_run *run)
{
	if (run->pinned)
		return "pinned";
	if (run->role && !strcmp(run->role, history_roles[0]))
		return "a reference";
	if (keep->from && strcmp(run->time, keep->from) >= 0)
		return "young enough";
	if (run->newer < keep->newest)
		return "among the newest";
	return NULL;
}

static int plan_run(void *data, const struct history_run *run)
{
	const struct plan *p = data;

	return run->files || p->all ? p->visit(p->data, run, why_kept(p->keep, run)) : 0;
}

int history_plan_prune(struct history *h, const struct history_keep *keep, bool all,
		       int (*visit)(void *data, const struct history_run *run, const char *kept),
		       void *data)
{
	struct plan plan = {keep, all, visit, data};
	const struct history_filter any = {0};

	return history_each_run(h, &any, plan_run, &plan);
}

static int remove_rows(struct history *h, const char *id, bool all)
{
	static const char *const statements[] = {
		"DELETE FROM files WHERE run = $1",
		"DELETE FROM figures WHERE run = (SELECT number FROM runs WHERE id = $1)",
		"DELETE FROM unmeasured WHERE run = $1",
		"DELETE FROM runs WHERE id = $1",
	};
	size_t nr = all ? sizeof(statements) / sizeof(*statements) : 1;
	int ret = 0;

	for (size_t i = 0; !ret && i < nr; i++)
		ret = db_do(h->db, statements[i], "s", id);
	return ret;
}

int history_prune(struct history *h, const char *id, bool all)
{
	int ret = db_begin(h->db);

	if (!ret)
		ret = remove_rows(h, id, all);
	if (!ret)
		ret = db_commit(h->db);
	if (ret)
		db_rollback(h->db);
	return ret;
}

int file_is_wanted(void *data, const char *sha256)
{
	struct history *h = data;
	int64_t one;

	return db_find_integer(h->db, &one, "SELECT 1 FROM files WHERE sha256 = $1 LIMIT 1", "s",
			       sha256);
}

int history_sweep(struct history *h, uint64_t *files, uint64_t *bytes)
{
	struct raw_extra extra;
	int ret = raw_sweep(h->raw, file_is_wanted, h, true, &extra, h->error);

	*files = extra.files;
	*bytes = extra.bytes;
	return ret;
}
