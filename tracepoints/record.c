// SPDX-License-Identifier: GPL-2.0-only
/* claimperf trace record: record what Xen's trace points tell, in dom0. */
#include <argp.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/msg.h"
#include "lib/replace.h"
#include "lib/options.h"
#include "lib/parse.h"
#include "tracepoints/rates.h"
#include "tracepoints/record.h"
#include "tracepoints/recording.h"
#include "tracepoints/select_option.h"

#define RATES_FILE "/var/lib/claimperf/trace-rates"
enum { OPT_TARGET = 256, OPT_VARIANT, OPT_IMAGE, OPT_NODES, OPT_CPUS, OPT_MEMORY, OPT_PARALLEL,
       OPT_STAGE, OPT_TIMEOUT };

static const struct argp_option option_table[] = {
	{"events", 'e', "NAME,...", 0, "Record these; see the list below (default: all)", 0},
	{"out", 'o', "FILE", 0,
	 "Write to FILE (default trace.xen), compressed when its name ends in .zst", 0},
	{"size", 'S', "PAGES", 0,
	 "Pages of Xen's buffer for each CPU, until the next boot; auto (the default): what rates "
	 "measured on this host ask for",
	 0},
	{"seconds", 's', "N", 0, "Stop after N seconds", 0},
	{"queue", 'q', "SIZE", 0,
	 "Let so much wait in memory where FILE is slow (default: a quarter of what is free)", 0},
	{"rates", 'r', "FILE", 0, "Keep measured rates there (default " RATES_FILE ")", 0},
	{"target", OPT_TARGET, "dom0|lab", 0,
	 "Record here (default), or in the dom0 of a virtual host, for which are:", 1},
	{"variant", OPT_VARIANT, "V", 0, "Hypervisor to build (claims+trace)", 1},
	{"image", OPT_IMAGE, "FILE", 0, "This hypervisor instead", 1},
	{"nodes", OPT_NODES, "N", 0, "NUMA nodes", 1},
	{"cpus", OPT_CPUS, "N", 0, "CPUs", 1},
	{"memory", OPT_MEMORY, "SIZE", 0, "Memory of all nodes", 1},
	{"parallel", OPT_PARALLEL, NULL, 0, "CPUs run in parallel; times are noisy", 1},
	{"stage", OPT_STAGE, "PATH", 0, "Have this in dom0's memory; may be repeated", 1},
	{"timeout", OPT_TIMEOUT, "S", 0, "Give up after so long", 1},
	{0},
};

static const char doc[] =
	"Record what Xen's trace points tell while COMMAND runs, or until SIGINT or SIGTERM. Runs in "
	"dom0, as root."
	"\vWithout COMMAND, stop it by SIGINT or SIGTERM. Tracing is off afterwards. Records that Xen "
	"had no room for are counted and reported.\n\n"
	"The size of Xen's buffers can be set once per boot. A size that Xen cannot give is refused, "
	"with the largest that it can.\n\n"
	"Exit status: 0 fine (lost records included), 1 COMMAND failed, 2 usage, no Xen, or an error.\n\n"
	"Examples:\n"
	"  claimperf trace record --events lock,redeem -- xl create guest.cfg\n"
	"  claimperf trace record --seconds 10 --size 1024 --out trace.xen.zst\n"
	"  claimperf trace record --target lab --nodes 4 -- build/bin/trace-load 1 4 4 0 1024\n\n"
	"Names for --events:";

static void parse_pages(struct argp_state *state, const char *text, struct record_options *o)
{
	o->size = text;
	o->pages = strcmp(text, "auto") ? option_number(state, "--size", text, UINT32_MAX) : 0;
}

enum { TARGET_DOM0, TARGET_LAB };
static const char *const targets[] = {[TARGET_DOM0] = "dom0", [TARGET_LAB] = "lab", NULL};

/* Handed on to claimperf lab exec, which knows what they may be. */
static bool add_lab_option(int key, const char *arg, struct argp_state *state,
			   struct record_options *o)
{
	const struct argp_option *option;
	char **word = &o->lab_words[o->nr_lab_words];

	for (option = option_table; option->name && option->key != key; option++)
		;
	if (!option->name || key <= OPT_TARGET)
		return false;
	if (o->nr_lab_words == RECORD_LAB_WORDS)
		argp_error(state, "too many options");
	if (asprintf(word, "--%s%s%s", option->name, arg ? "=" : "", arg ? arg : "") < 0)
		argp_failure(state, EXIT_USAGE, ENOMEM, "options");
	o->nr_lab_words++;
	return true;
}

static void check_options(struct argp_state *state, struct record_options *o)
{
	bool hypervisor = false;

	for (unsigned int i = 0; i < o->nr_lab_words; i++) {
		if (!o->lab)
			argp_error(state, "%s is for --target lab", o->lab_words[i]);
		hypervisor |= !strncmp(o->lab_words[i], "--variant", 9) ||
			      !strncmp(o->lab_words[i], "--image", 7);
	}
	if (o->lab && !hypervisor)
		add_lab_option(OPT_VARIANT, "claims+trace", state, o);
	if (o->lab && !o->command && !o->seconds)
		argp_error(state, "--target lab needs a COMMAND or --seconds");
}

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct record_options *o = state->input;

	switch (key) {
	case 'e':
		option_events(state, arg, &o->select);
		o->events = arg;
		return 0;
	case 'o':
		o->out = arg;
		return 0;
	case 'S':
		parse_pages(state, arg, o);
		return 0;
	case 's':
		o->seconds = option_number(state, "--seconds", arg, 1000000);
		return 0;
	case 'q':
		if (parse_size(arg, &o->queue) || !o->queue)
			argp_error(state, "--queue %s: not a size", arg);
		return 0;
	case 'r':
		o->rates = arg;
		return 0;
	case OPT_TARGET:
		o->lab = option_word(state, "--target", arg, targets) == TARGET_LAB;
		return 0;
	case ARGP_KEY_ARG:
		o->command = state->argv + state->next - 1;
		state->next = state->argc;
		return 0;
	case ARGP_KEY_END:
		check_options(state, o);
		return 0;
	default:
		return add_lab_option(key, arg, state, o) ? 0 : ARGP_ERR_UNKNOWN;
	}
}

/* argp has the text after the options freed. */
static char *add_names(int key, const char *text, void *input)
{
	char *names = NULL, *all = NULL;
	size_t size;
	FILE *out;

	(void)input;
	if (key != ARGP_KEY_HELP_POST_DOC || !(out = open_memstream(&names, &size)))
		return (char *)(uintptr_t)text;
	select_describe(out);
	fclose(out);
	if (asprintf(&all, "%s\n%s", text, names) < 0)
		all = NULL;
	free(names);
	return all;
}

static struct tbufs *open_buffers(struct tbufs_host *host)
{
	struct tbufs *tbufs;
	int rc = tbufs_open(&tbufs);

	if (rc == -ENODEV)
		die(EXIT_USAGE, "this is no dom0 of Xen, or you are not root");
	if (rc == -EBUSY)
		die(EXIT_USAGE, "another program is recording: end it first");
	if (!rc)
		rc = tbufs_read_host(tbufs, host);
	if (rc)
		die(EXIT_USAGE, "Xen's trace buffers: %s", strerror(-rc));
	return tbufs;
}

static void report(const struct recording *r, const struct record_options *o, uint64_t bytes)
{
	msg("%s: %" PRIu64 " records of %u CPUs in %.2f s, %" PRIu64 " bytes", o->out,
	    r->counts.kept, r->cpus_seen, (double)r->nanoseconds / 1e9, bytes);
	if (o->events)
		msg("left out: %" PRIu64 " records that mask 0x%08" PRIx32
		    " lets pass and nobody asked for",
		    r->counts.dropped, r->mask);
	if (!r->counts.kept && !r->counts.dropped)
		msg("nothing at all was recorded: has this hypervisor claimperf's trace points?");
	if (r->counts.nonsense)
		msg("%" PRIu64 " bytes are no records", r->counts.nonsense);
	msg("lost: %" PRIu64 " records%s", r->counts.lost,
	    r->counts.lost ? ": larger buffers (--size) may keep them, after a boot" : "");
	if (r->cpus_full)
		msg("lost, too: an unknown number at the end, on %u CPUs", r->cpus_full);
	msg("the fullest buffer was %.0f %% full; the busiest CPU recorded %.1f MB/s",
	    100.0 * (double)r->fullest / (double)tbufs_room(r->tbufs), (double)r->peak / 1e6);
}

/* What was lost would have come, too. Where nothing can be kept (live systems), nothing is. */
static void keep_rate(const struct recording *r, const struct record_options *o)
{
	uint64_t all = r->counts.kept + r->counts.dropped, rate = r->peak;
	int rc;

	if (all)
		rate += (uint64_t)((double)rate * (double)r->counts.lost / (double)all);
	rc = rate ? rates_note(o->rates, r->mask, rate) : 0;
	if (rc && (strcmp(o->rates, RATES_FILE) || (rc != -ENOENT && rc != -EROFS)))
		msg("%s: %s", o->rates, replace_error(rc));
}

static size_t free_memory(void)
{
	return (size_t)sysconf(_SC_AVPHYS_PAGES) * (size_t)sysconf(_SC_PAGESIZE);
}

static int record(const struct record_options *o)
{
	struct recording r = {
		.select = o->events ? &o->select : NULL,
		.mask = select_mask(&o->select),
		.node_states = select_matches(&o->select, TRC_node_state, NULL, 0),
		.memory = o->queue ? o->queue : free_memory() / 4,
		.seconds = o->seconds,
		.command = o->command,
	};
	struct tbufs_host host;
	uint64_t bytes = 0;
	int rc, closed;

	r.tbufs = open_buffers(&host);
	rc = sink_open(o->out, &r.sink);
	if (rc)
		die(EXIT_USAGE, "%s: %s", o->out, strerror(-rc));
	set_buffer_size(r.tbufs, &host, o, r.mask);
	rc = recording_run(&r);
	closed = sink_close(r.sink, &bytes);
	if (!rc)
		rc = closed;
	report(&r, o, bytes);
	keep_rate(&r, o);
	tbufs_close(r.tbufs);
	if (rc)
		die(EXIT_USAGE, "recording ended early: %s", strerror(-rc));
	return r.command_status ? EXIT_REGRESSION : 0;
}

int main(int argc, char **argv)
{
	static const struct argp argp = {
		option_table, parse_option, "[-- COMMAND [ARG...]]", doc, NULL, add_names, NULL};
	struct record_options o = {.out = "trace.xen", .rates = RATES_FILE};
	static char name[] = "claimperf trace record";
	char error[100];

	msg_call_us(argv, name);
	argp_err_exit_status = EXIT_USAGE;
	select_parse("all", &o.select, error, sizeof(error));
	argp_parse(&argp, argc, argv, ARGP_IN_ORDER, NULL, &o);
	return o.lab ? record_in_lab(&o) : record(&o);
}
