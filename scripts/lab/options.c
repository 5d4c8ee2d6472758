// SPDX-License-Identifier: GPL-2.0-only
#include "scripts/lab/options.h"

#include <argp.h>
#include <stdlib.h>

#include "lib/msg.h"
#include "lib/parse.h"
#include "scripts/lab/machine.h"

enum { OPT_EXACT = 256, OPT_PARALLEL, OPT_PROFILE, OPT_PROBE, OPT_HOLDS, OPT_SYMBOLS, OPT_CHDIR,
       OPT_DESCRIBE };

static const struct argp_option option_table[] = {
	{ "variant", 'V', "VARIANT", 0, "Hypervisor to build and boot (default claims)", 0 },
	{ "image", 'i', "FILE", 0, "Boot this hypervisor instead", 0 },
	{ "nodes", 'n', "N", 0, "NUMA nodes, 1 to 16 (default 1); those beyond the CPUs have memory only",
	  0 },
	{ "cpus", 'c', "C", 0, "CPUs, 1 to 64 (default 1)", 0 },
	{ "memory", 'm', "SIZE", 0, "Memory of all nodes together (default 4G)", 0 },
	{ "exact", OPT_EXACT, NULL, 0,
	  "Count instructions, from a snapshot: output is bit-identical from run to run (default)", 0 },
	{ "parallel", OPT_PARALLEL, NULL, 0, "CPUs run in parallel and times are real, thus noisy", 0 },
	{ "out", 'o', "DIR", 0,
	  "Put here what COMMAND leaves in $OUT, and fingerprint.json and console.txt", 0 },
	{ "stage", 's', "PATH", 0,
	  "Have this file (with the libraries it needs) or folder in dom0's memory; may be repeated",
	  0 },
	{ "timeout", 't', "S", 0, "Give up when COMMAND takes longer, in seconds (default 300)", 0 },
	{ "profile", OPT_PROFILE, "FILE", 0, "Count instructions by hypervisor function into FILE", 0 },
	{ "probe", OPT_PROBE, "FUNC,...", 0,
	  "Follow these hypervisor functions (patterns too, as '*heap*') and heap_lock; prints calls, "
	  "instructions, memory accesses and lock holds, and puts probe.json into --out", 0 },
	{ "probe-holds", OPT_HOLDS, "FILE", 0,
	  "With --probe: write each section of heap_lock into FILE: where it was taken, instructions", 0 },
	{ "symbols", OPT_SYMBOLS, "FILE", 0,
	  "Symbols for --profile and --probe (default xen-syms beside the image)", 0 },
	{ "chdir", OPT_CHDIR, "DIR", 0, "COMMAND's working directory (default the current one)", 0 },
	{ "describe", OPT_DESCRIBE, NULL, 0,
	  "Print what machine and software this is, as in fingerprint.json, and run nothing", 0 },
	{ 0 },
};

static const char doc[] =
	"Run COMMAND in dom0 of a virtual NUMA machine and return its output and exit status.\v"
	"The host's files are there at the same paths, read-only; /tmp is writable. COMMAND's "
	"program and its libraries are staged by themselves. When the machine fails (hypervisor "
	"panic, hang, bad image), the exit status is 2 and the last console lines are printed.\n"
	"\n"
	"Examples:\n"
	"  claimperf lab exec -- uname -a\n"
	"  claimperf lab exec --nodes 4 --cpus 2 --parallel -- cat /proc/cpuinfo\n"
	"  claimperf lab exec --probe alloc_heap_pages,free_heap_pages -- true\n"
	"  claimperf lab exec --out results/trace --stage /usr/sbin/xentrace -- \\\n"
	"      sh -c 'xentrace -D -T 1 -e 0x10f000 $OUT/trace.xen'";

static uint64_t number(struct argp_state *state, const char *what, const char *text, uint64_t min,
		       uint64_t max)
{
	uint64_t value = 0;

	if (parse_u64(text, min, max, &value))
		argp_error(state, "%s: %s is not a number from %ju to %ju", what, text, (uintmax_t)min,
			   (uintmax_t)max);
	return value;
}

static void add_staged(struct options *o, char *path)
{
	o->staged = realloc(o->staged, (o->staged_count + 1) * sizeof(*o->staged));
	if (!o->staged)
		die(EXIT_USAGE, "out of memory");
	o->staged[o->staged_count++] = path;
}

static void check_options(struct options *o, struct argp_state *state)
{
	if (!o->command_words)
		argp_error(state, "COMMAND is missing");
	if (o->image && o->variant)
		argp_error(state, "--variant and --image exclude each other");
	if (o->probe_holds && !o->probe)
		argp_error(state, "--probe-holds needs --probe");
	if ((o->profile || o->probe) && o->parallel)
		argp_error(state, "%s needs --exact", o->profile ? "--profile" : "--probe");
	if (o->memory < o->nodes << 28)
		argp_error(state, "--memory: each node needs at least 256M");
	if (o->memory < 1UL << 30)
		argp_error(state, "--memory: the machine needs at least 1G");
	if (o->memory % (2 << 20) || o->memory > 1UL << 40)
		argp_error(state, "--memory: not a multiple of 2M up to 1T");
}

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;

	switch (key) {
	case 'V': o->variant = arg; break;
	case 'i': o->image = arg; break;
	case 'n': o->nodes = number(state, "--nodes", arg, 1, MAX_NODES); break;
	case 'c': o->cpus = number(state, "--cpus", arg, 1, MAX_CPUS); break;
	case 'm':
		if (parse_size(arg, &o->memory))
			argp_error(state, "--memory: %s is not a size", arg);
		break;
	case OPT_EXACT: o->parallel = false; break;
	case OPT_PARALLEL: o->parallel = true; break;
	case 'o': o->out = arg; break;
	case 's': add_staged(o, arg); break;
	case 't': o->timeout_s = number(state, "--timeout", arg, 1, 86400); break;
	case OPT_PROFILE: o->profile = arg; break;
	case OPT_PROBE: o->probe = arg; break;
	case OPT_HOLDS: o->probe_holds = arg; break;
	case OPT_SYMBOLS: o->symbols = arg; break;
	case OPT_CHDIR: o->chdir = arg; break;
	case OPT_DESCRIBE: o->describe = true; break;
	case ARGP_KEY_ARGS:
		o->command = state->argv + state->next;
		o->command_words = state->argc - state->next;
		break;
	case ARGP_KEY_END: check_options(o, state); break;
	default: return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

void options_parse(struct options *o, int argc, char **argv)
{
	static const struct argp argp = {
		.options = option_table,
		.parser = parse_option,
		.args_doc = "COMMAND [ARG...]",
		.doc = doc,
	};

	*o = (struct options){
		.nodes = 1,
		.cpus = 1,
		.memory = 4UL << 30,
		.timeout_s = 300,
	};
	argp_err_exit_status = EXIT_USAGE;
	argp_parse(&argp, argc, argv, ARGP_IN_ORDER, NULL, o);
}
