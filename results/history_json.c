// SPDX-License-Identifier: GPL-2.0-only
#include "results/history_json.h"

#include "lib/msg.h"
#include "lib/hist_json.h"

json_t *run_json(const struct history_run *run)
{
	json_t *plan = run->plan ? json_loads(run->plan, JSON_DECODE_ANY, NULL) : NULL;

	return json_pack("{s:s, s:s, s:s, s:s?, s:s?, s:s, s:s, s:s, s:i, s:s?, s:o?, s:s, s:b, "
			 "s:o, s:o, s:o, s:o}",
			 "id", run->id, "time", run->time, "imported", run->imported, "night",
			 run->night, "role", run->role, "host", run->host, "target", run->target,
			 "variant", run->variant, "nodes", (int)run->nodes, "seed", run->seed,
			 "plan", plan, "environment", run->environment, "pinned", run->pinned,
			 "cases", json_count(run->cases), "unmeasured", json_count(run->unmeasured),
			 "files", json_count(run->files), "bytes", json_count(run->bytes));
}

json_t *point_json(const struct history_run *run, const struct history_metric *metric,
		   const struct history_figure *f)
{
	return json_pack("{s:s, s:s, s:s?, s:s?, s:s, s:s, s:s, s:i, s:s, s:s, s:s, s:s, s:s, s:s,"
			 " s:o, s:o, s:o, s:f, s:o, s:o, s:o, s:f}",
			 "time", run->time, "run", run->id, "night", run->night, "role", run->role,
			 "host", run->host, "target", run->target, "variant", run->variant, "nodes",
			 (int)run->nodes, "environment", run->environment, "case",
			 metric->case_name, "metric", metric->name, "unit", metric->unit, "per",
			 metric->per, "kind", f->kind == KIND_EXACT ? "exact" : "noisy", "ops",
			 json_count(f->ops), "samples", json_count(f->samples), "least",
			 json_count(f->least), "median", f->median, "p90", json_count(f->p90),
			 "p99", json_count(f->p99), "greatest", json_count(f->greatest), "mean",
			 f->mean);
}

int print_json_line(json_t *object)
{
	if (!object || json_dumpf(object, stdout, JSON_COMPACT))
		die(EXIT_USAGE, "cannot write JSON");
	json_decref(object);
	putchar('\n');
	return 0;
}
