// SPDX-License-Identifier: GPL-2.0-only
/* Cases of a session on a real dom0: which of them may run there, and what each leaves alone. */
#include "bench/reserve.h"
#include "bench/safe_run.h"

uint64_t safe_run_choose(struct safe_run *run)
{
	struct session *s = run->session;
	uint64_t most = 0;

	for (size_t i = 0; i < s->cases.count; i++) {
		struct bench_case *c = &s->cases.cases[i];
		struct safety_need need;

		if (c->skip || !session_selects(s, c))
			continue;
		safety_need(c, &s->cases.host, s->run.samples, &need);
		c->skip = safety_skip(&need, &run->facts, run->options);
		if (!c->skip && need.pages > most)
			most = need.pages;
	}
	return most;
}

int safe_run_case(struct safe_run *run, const struct bench_case *c)
{
	struct safety_need need;

	if (safe_run_guard(run)) {
		run_stopped = 1;
		return -1;
	}
	safety_need(c, &run->session->cases.host, run->session->run.samples, &need);
	reserve_set(need.all ? 0 : safety_reserve(run->options));
	return 0;
}
