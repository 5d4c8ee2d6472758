// SPDX-License-Identifier: GPL-2.0-only
#include "tests/statistics/simulate.h"

#include <stdlib.h>

#include "results/changes.h"
#include "tests/statistics/noise.h"

#define NEAR 4 /* nights between a step and what counts as it */

/* Is there a change that is none, and is there one that is the step? */
static void look(const struct sim_series *sim, const double *series, size_t nights, bool *alarmed,
		 bool *found)
{
	struct change *changes;
	size_t nr;

	if (changes_find(series, nights, 0, 1, &changes, &nr))
		abort();
	for (size_t i = 0; i < nr; i++) {
		bool is_step = sim->step != 0 && changes[i].index + NEAR >= sim->step_at &&
			       changes[i].index <= sim->step_at + NEAR;

		*found |= is_step;
		*alarmed |= !is_step;
	}
	free(changes);
}

static void watch_one(const struct sim_series *sim, uint64_t *seed, struct sim_alarms *out)
{
	double *series = calloc(sim->nights, sizeof(*series));
	bool alarmed = false, found = false;

	if (!series)
		abort();
	for (size_t night = 0; night < sim->nights && !found; night++) {
		series[night] =
			noise(seed, 1) + (sim->step != 0 && night >= sim->step_at ? sim->step : 0);
		look(sim, series, night + 1, &alarmed, &found);
		out->nights++;
		for (size_t wait = night - sim->step_at + 1; found && wait < SIM_WAITS; wait++)
			out->found[wait]++;
	}
	out->alarmed += alarmed;
	free(series);
}

void sim_watch(const struct sim_series *sim, size_t series, uint64_t seed, struct sim_alarms *out)
{
	*out = (struct sim_alarms){.series = series};
	for (size_t i = 0; i < series; i++)
		watch_one(sim, &seed, out);
}
