// SPDX-License-Identifier: GPL-2.0-only
#include "bench/scenario_target.h"

#include "bench/reserve.h"
#include "bench/safe_run.h"
#include "bench/scenario_play.h"
#include "lib/msg.h"

#define MIB_PAGES 256

const char target_doc[] =
	"Plays a scenario on the Xen it runs on; needs root in dom0.\v"
	"What a scenario takes of free memory is a share of what the reserve leaves. Before each "
	"call that takes memory Xen is asked whether that would touch the reserve; the call is "
	"then refused as by a full host. Domains and claims are removed when it ends, by a guard "
	"if it is killed.";
const unsigned int target_builders = SPEC_MAX_BUILDERS, target_max_domains = SPEC_MAX_DOMAINS;
const char target_cpu_time[] = "dom0, with the hypercalls in system";

static struct safety_options safety = SAFETY_DEFAULTS;
static struct safe_run safe;
static bool disposable;

enum { OPT_DISPOSABLE = 256 };

static const struct argp_option options[] = {
	{"disposable", OPT_DISPOSABLE, NULL, 0,
	 "The machine is thrown away when the run is over: keep no reserve, guard nothing", 0},
	{0},
};

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	(void)arg;
	switch (key) {
	case ARGP_KEY_INIT: state->child_inputs[0] = &safety; return 0;
	case OPT_DISPOSABLE: disposable = true; return 0;
	default: return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp argp = {
	.options = options,
	.parser = parse_option,
	.children = (const struct argp_child[]){{&safety_host_argp, 0, NULL, 0}, {0}},
};

const struct argp_child target_children[] = {{&argp, 0, NULL, 0}, {0}};

void target_set_inputs(struct argp_state *state)
{
	(void)state;
}

void target_check_builders(unsigned int builders)
{
	(void)builders;
}

static void on_signal(int signal_number)
{
	(void)signal_number;
	guests_stopped = 1;
}

/* Domains are still to be destroyed then. */
void target_start(void)
{
	static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
	const struct sigaction action = {.sa_handler = on_signal};

	for (size_t i = 0; i < sizeof(signals) / sizeof(*signals); i++)
		sigaction(signals[i], &action, NULL);
	signal(SIGPIPE, SIG_IGN);
}

uint64_t target_reserve(void)
{
	return disposable ? 0 : safety_reserve(&safety);
}

int target_begin(struct xen *xen)
{
	if (disposable)
		return 0;
	safe = (struct safe_run){.options = &safety, .xen = xen};
	if (safe_run_begin(&safe))
		return -1;
	reserve_set(target_reserve());
	if (safety_fits(1, &safe.facts, &safety))
		return 0;
	msg("%lu MiB are free and unclaimed, all of which dom0 keeps (--reserve)",
	    (unsigned long)(safety_unclaimed(&safe.facts) / MIB_PAGES));
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
