// SPDX-License-Identifier: GPL-2.0-only
/* What the C API of bench/gbench.h costs: the C half; gbench.cc has the same bodies in C++. */
#include "bench/gbench.h"

static void run_empty(struct gbench_state *state, void *data)
{
	(void)data;
	gbench_loop(state)
		__asm__ volatile("");
}

static void run_barrier(struct gbench_state *state, void *data)
{
	(void)data;
	gbench_loop(state)
		__asm__ volatile("" ::: "memory");
}

static void run_pause(struct gbench_state *state, void *data)
{
	(void)data;
	gbench_loop(state) {
		gbench_pause(state);
		gbench_resume(state);
	}
}

/* The time given is not used, so that the calls themselves are timed. */
static void run_time(struct gbench_state *state, void *data)
{
	(void)data;
	gbench_loop(state)
		gbench_add_time_ns(state, 1);
}

int gbench_register_calibration(int64_t iterations)
{
	static const struct {
		const char *name;
		gbench_function *run;
	} bodies[] = {
		{"calibrate/empty/api", run_empty},
		{"calibrate/barrier/api", run_barrier},
		{"calibrate/pause/api", run_pause},
		{"calibrate/time/api", run_time},
	};
	int rc = 0;

	for (unsigned int i = 0; i < sizeof(bodies) / sizeof(*bodies) && !rc; i++)
		rc = gbench_register(&(struct gbench_case){.name = bodies[i].name,
							   .run = bodies[i].run,
							   .iterations = iterations});
	if (!rc)
		gbench_register_native(iterations);
	return rc;
}
