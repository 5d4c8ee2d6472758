// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "bench/kprobes.h"
#include "bench/safe_run.h"
#include "lib/msg.h"

/* The guard of a run that was killed may still have a large domain to destroy. */
#define LOCK_WAIT_MS 5000

/* What the last one to go puts back; *domains that it destroyed. */
static int put_back(struct xen *xen, struct machine *machine, int lock, struct run_state *state,
		    unsigned int *domains)
{
	int rc = run_lock_read(lock, state), failed;

	*domains = 0;
	if (rc == -ENOENT) {
		*state = (struct run_state){0};
		rc = 0;
	}
	if (!rc && state->pinned)
		rc = machine_set_affinity(machine, state->vcpu, state->affinity);
	failed = rc || !state->tracing ? 0 : machine_stop_tracing(machine);
	rc = rc ? rc : failed;
	failed = kprobes_remove();
	rc = rc ? rc : failed;
	failed = xen_clean(xen, domains);
	rc = rc ? rc : failed;
	return rc ? rc : run_lock_clear(lock);
}

/* Of the guard alone: a fork shares no hypercalls. */
struct duty {
	int lock;
	struct xen *xen;
	struct machine *machine;
};

static int open_all(void *data)
{
	struct duty *duty = data;
	int rc = xen_open(&duty->xen);

	return rc ? rc : machine_open(&duty->machine);
}

static int perform(void *data)
{
	struct duty *duty = data;
	struct run_state state;
	unsigned int domains;
	int rc = put_back(duty->xen, duty->machine, duty->lock, &state, &domains);

	if (domains)
		msg("the run ended early: destroyed %u domain%s", domains, domains == 1 ? "" : "s");
	return rc;
}

static int start_guard(struct safe_run *run)
{
	static struct duty duty;
	static const struct guard_duty what = {open_all, perform, &duty};
	int rc;

	duty.lock = run->lock;
	rc = guard_start(&run->guard, &what);
	if (rc)
		msg("no guard could be set up: %s", strerror(-rc));
	return rc;
}

static int find_others(struct xen *xen, struct safety_facts *facts)
{
	uint32_t domid = 1;
	int rc;

	facts->others = 0;
	for (; (rc = xen_find_domain(xen, false, &domid)) > 0; domid++, facts->others++)
		if (facts->others < SAFETY_NAMED)
			facts->named[facts->others] = domid;
	return rc ? rc : xen_count_marked(xen, &facts->leftovers);
}

static int look(struct safe_run *run)
{
	struct safety_facts *facts = &run->facts;
	int rc = run->machine ? 0 : machine_open(&run->machine);

	facts->nodes = xen_nodes(run->xen);
	if (!rc)
		rc = xen_read_memory(run->xen, &facts->memory);
	if (!rc)
		rc = find_others(run->xen, facts);
	if (rc)
		return rc;
	machine_read_build(&facts->build);
	facts->pin_error = machine_find_pin(run->machine, &facts->pin);
	machine_read_power(run->machine, facts->pin_error ? 0 : facts->pin.cpu, &facts->power);
	return 0;
}

int safe_run_look(struct safe_run *run)
{
	int rc = look(run);

	if (rc)
		msg("cannot look at this host: %s", strerror(-rc));
	return rc ? -1 : 0;
}

static void say(const json_t *sentences)
{
	const json_t *sentence;
	size_t i;

	json_array_foreach(sentences, i, sentence)
		msg("%s", json_string_value(sentence));
}

static int check(struct safe_run *run)
{
	struct run_state left;
	json_t *refusals, *warnings;
	int rc = safe_run_look(run);

	if (rc)
		return rc;
	run->facts.unrestored = run_lock_read(run->lock, &left) != -ENOENT;
	refusals = safety_refusals(&run->facts, run->options, run->choose ? run->choose(run) : 0);
	say(refusals);
	rc = json_array_size(refusals) ? -1 : 0;
	json_decref(refusals);
	if (rc)
		return rc;
	warnings = safety_warnings(&run->facts);
	say(warnings);
	json_decref(warnings);
	return 0;
}

/* Known to who puts it back before it is done. */
static int change(struct safe_run *run)
{
	struct machine_pin *pin = &run->facts.pin;
	struct run_state state = {.worker = getpid(),
				  .pinned = run->session && !run->facts.pin_error,
				  .vcpu = pin->vcpu,
				  .tracing = run->tracing};
	int rc;

	memcpy(state.affinity, pin->affinity, sizeof(state.affinity));
	rc = run_lock_write(run->lock, &state);
	if (rc) {
		msg(RUN_LOCK_FILE ": %s", strerror(-rc));
		return -1;
	}
	if (state.pinned)
		run->facts.pin_error = machine_pin(run->machine, pin);
	if (state.pinned && run->facts.pin_error)
		msg("vCPU %u of dom0 cannot be pinned: %s", pin->vcpu, strerror(-run->facts.pin_error));
	return 0;
}

static int take_lock(int *lock)
{
	pid_t worker;
	int rc = run_lock_take(RUN_LOCK_FILE, LOCK_WAIT_MS, lock, &worker);

	if (rc == -EBUSY)
		msg("another run is going on here (process %d)", (int)worker);
	else if (rc)
		msg(RUN_LOCK_FILE ": %s", strerror(-rc));
	return rc;
}

int safe_run_begin(struct safe_run *run)
{
	if (take_lock(&run->lock))
		return -1;
	if (check(run) || start_guard(run)) {
		machine_close(run->machine);
		close(run->lock);
		return -1;
	}
	if (!change(run))
		return 0;
	safe_run_end(run);
	return -1;
}

int safe_run_guard(struct safe_run *run)
{
	if (guard_lives(&run->guard))
		return 0;
	msg("the guard is gone; starting another");
	return start_guard(run);
}

/* Domains are the caller's; the guard is told by the end of the pipe, not of this process. */
int safe_run_end(struct safe_run *run)
{
	struct duty own = {run->lock, run->xen, run->machine};
	int rc = guard_end(&run->guard);

	if (rc == -ESRCH)
		rc = perform(&own);
	if (rc)
		msg("not all could be put back (%s): claimperf clean", strerror(-rc));
	machine_close(run->machine);
	run->machine = NULL;
	close(run->lock);
	return rc ? -1 : 0;
}

int safe_run_clean(struct xen *xen)
{
	struct machine *machine = NULL;
	struct xen_memory memory;
	struct run_state state = {0};
	unsigned int count = 0;
	int lock, rc;

	if (take_lock(&lock))
		return EXIT_USAGE;
	rc = machine_open(&machine);
	if (!rc)
		rc = put_back(xen, machine, lock, &state, &count);
	if (rc)
		msg("not all could be put back: %s", strerror(-rc));
	printf("destroyed %u domain%s", count, count == 1 ? "" : "s");
	if (state.pinned)
		printf("; vCPU %u of dom0 may run where it did", state.vcpu);
	if (!xen_read_memory(xen, &memory))
		printf("; pages claimed on this host by anyone: %lu",
		       (unsigned long)memory.claimed_pages);
	putchar('\n');
	machine_close(machine);
	close(lock);
	return rc ? EXIT_USAGE : 0;
}
