// SPDX-License-Identifier: GPL-2.0-only
#include "bench/scenario_target.h"

#include "bench/reserve.h"
#include "bench/safe_run.h"
#include "bench/scenario_play.h"
#include "lib/msg.h"
#include "lib/parse.h"

#define PAGE_SHIFT 12
#define MIB_SHIFT 20

const char target_doc[] =
	"Plays a scenario on the Xen it runs on; needs root in dom0.\v"
	"What a scenario takes of free memory is a share of what the reserve leaves. Before each "
	"call that takes memory Xen is asked whether that would touch the reserve; the call is "
	"then refused as by a full host. Domains and claims are removed when it ends, by a guard "
	"if it is killed.";
const unsigned int target_builders = SPEC_MAX_BUILDERS, target_max_domains = SPEC_MAX_DOMAINS;

static struct safety_options safety = SAFETY_DEFAULTS;
static struct safe_run safe;
static bool disposable;

enum { OPT_RESERVE = 768, OPT_BESIDE, OPT_DISPOSABLE };

static const struct argp_option options[] = {
	{"reserve", OPT_RESERVE, "SIZE", 0, "Memory that stays free and unclaimed for dom0 (256M)",
	 0},
	{"beside-domains", OPT_BESIDE, NULL, 0, "Run although other domains do", 0},
	{"disposable", OPT_DISPOSABLE, NULL, 0,
	 "The machine is thrown away when the run is over: keep no reserve, guard nothing", 0},
	{0},
};

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	switch (key) {
	case OPT_RESERVE:
		if (parse_size(arg, &safety.reserve))
			argp_error(state, "--reserve %s: not a size such as 256M", arg);
		break;
	case OPT_BESIDE: safety.beside_domains = true; break;
	case OPT_DISPOSABLE: disposable = true; break;
	default: return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static const struct argp argp = {.options = options, .parser = parse_option};
const struct argp_child target_children[] = {{&argp, 0, NULL, 0}, {0}};

void target_set_inputs(struct argp_state *state)
{
	(void)state;
}

void target_start(void)
{
}

uint64_t target_reserve(void)
{
	return disposable ? 0 : safety.reserve >> PAGE_SHIFT;
}

int target_begin(struct xen *xen)
{
	const struct xen_memory *m = &safe.facts.memory;

	if (disposable)
		return 0;
	safe = (struct safe_run){.options = &safety, .xen = xen};
	if (safe_run_begin(&safe))
		return -1;
	reserve_set(target_reserve());
	if (m->free_pages > m->claimed_pages + target_reserve())
		return 0;
	msg("%lu MiB are free and unclaimed, all of which dom0 keeps (--reserve)",
	    (unsigned long)((m->free_pages - m->claimed_pages) >> (MIB_SHIFT - PAGE_SHIFT)));
	target_end();
	return -1;
}

int target_end(void)
{
	return disposable ? 0 : safe_run_end(&safe);
}

void target_enter_thread(void)
{
}

void target_leave_thread(void)
{
	reserve_leave();
}
