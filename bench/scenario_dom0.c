// SPDX-License-Identifier: GPL-2.0-only
#include "bench/scenario_target.h"

#include "bench/scenario_play.h"

const char target_doc[] = "Plays a scenario on the Xen it runs on; needs root in dom0.";
const struct argp_child target_children[] = {{0}};
const unsigned int target_builders = SPEC_MAX_BUILDERS, target_max_domains = SPEC_MAX_DOMAINS;

void target_set_inputs(struct argp_state *state)
{
	(void)state;
}

void target_start(void)
{
}

void target_enter_thread(void)
{
}

void target_leave_thread(void)
{
}
