// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/session.h"
#include "lib/msg.h"
#include "lib/options.h"
#include "lib/replace.h"

#define SAMPLES_ONCE 2
#define MAX_SAMPLES 10000
#define GIB_PAGES (1ull << 18)

static const struct bench_family *const families[] = {
	&populate_family,
	&claim_family,
	&refused_family,
	&free_family,
	&balloon_family,
	&exchange_family,
	&destroy_family,
	&claim_refused_family,
	&info_family,
	&calibrate_family,
};
#define FAMILIES (sizeof(families) / sizeof(*families))

enum { OPT_LIST = 512, OPT_PLAN, OPT_NODES, OPT_GROUP, OPT_FILTER, OPT_SAMPLES, OPT_ONCE, OPT_JSON,
       OPT_OUT, OPT_PROFILE, OPT_JOURNAL };

static const struct argp_option argp_options[] = {
	{"list", OPT_LIST, NULL, 0, "List the cases, with the reason for those skipped here", 0},
	{"nodes", OPT_NODES, "N", 0, "Nodes of the host; to list, no Xen is needed then", 0},
	{"filter", OPT_FILTER, "RE", 0, "Only cases whose name matches the extended regex", 0},
	{"group", OPT_GROUP, "NAME", 0, "Only the cases of a group; may be repeated", 0},
	{"profile", OPT_PROFILE, "quick|standard|full", 0, "How many points of each axis (quick)", 0},
	{"samples", OPT_SAMPLES, "N", 0, "Samples of each case (24)", 0},
	{"once", OPT_ONCE, NULL, 0, "Two samples of each: does everything work?", 0},
	{"json", OPT_JSON, "FILE", 0, "Write the result to FILE (in the --out folder)", 0},
	{"out", OPT_OUT, "DIR", 0, "Folder of the files written (default: $OUT, or .)", 0},
	{"journal", OPT_JOURNAL, "FILE", 0,
	 "Note each case in FILE when it is measured; those in there are not measured again", 0},
	{"plan", OPT_PLAN, NULL, OPTION_HIDDEN,
	 "As --list, for programs: family, index in it, group, GiB of a node, name", 0},
	{0},
};

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct session *s = state->input;

	switch (key) {
	case OPT_LIST: s->list = true; break;
	case OPT_PLAN: s->plan = s->list = true; break;
	case OPT_NODES: s->nodes = option_number(state, "--nodes", arg, XEN_MAX_NODES); break;
	case OPT_GROUP:
		if (s->nr_groups == SESSION_MAX_GROUPS)
			argp_error(state, "more than %d groups", SESSION_MAX_GROUPS);
		s->groups[s->nr_groups++] = arg;
		break;
	case OPT_FILTER:
		option_regex(state, "--filter", arg, &s->filter);
		s->filtered = true;
		break;
	case OPT_PROFILE:
		s->profile = (enum bench_profile)option_word(state, "--profile", arg, plan_profiles);
		break;
	case OPT_SAMPLES:
		s->run.samples = option_number(state, "--samples", arg, MAX_SAMPLES);
		break;
	case OPT_ONCE: s->run.samples = s->run.few = SAMPLES_ONCE; break;
	case OPT_JSON: s->json = arg; break;
	case OPT_OUT: s->out = arg; break;
	case OPT_JOURNAL: s->journal_path = arg; break;
	case ARGP_KEY_END:
		if (!s->out)
			s->out = getenv("OUT") ? getenv("OUT") : ".";
		break;
	default: return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

const struct argp session_argp = {.options = argp_options, .parser = parse_option};

static void on_signal(int number)
{
	(void)number;
	run_stopped = 1;
}

void session_catch_signals(void)
{
	struct sigaction action = {.sa_handler = on_signal};

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGHUP, &action, NULL);
	signal(SIGPIPE, SIG_IGN);
}

int session_list_cases(struct bench_list *list)
{
	int rc = 0;

	for (size_t i = 0; !rc && i < FAMILIES; i++)
		rc = families[i]->list(list);
	return rc;
}

/* Of its largest node. */
static unsigned int free_gib(struct xen *xen)
{
	struct xen_memory memory = {0};
	uint64_t most = 0;

	xen_read_memory(xen, &memory);
	for (unsigned int i = 0; i < xen_nodes(xen); i++)
		if (memory.node_free_pages[i] > most)
			most = memory.node_free_pages[i];
	return (unsigned int)((most + GIB_PAGES / 2) / GIB_PAGES);
}

static void describe_host(struct session *s, struct bench_host *host)
{
	struct xen *xen = s->bench.xen;

	host->nodes = xen_nodes(xen);
	host->legacy_claims = xen_has_legacy_claims(xen);
	host->claim_sets = xen_has_claim_sets(xen);
	host->given_heap = xen_heap_is_given(xen);
	host->domains = xen_max_domains(xen);
	for (enum xen_call call = 0; call < XEN_CALLS; call++)
		host->cannot[call] = xen_cannot(xen, call);
	/* Who asks for a group made the machine for it. */
	if (!s->nr_groups)
		host->node_gib = free_gib(xen);
}

void session_begin(struct session *s)
{
	s->cases.host = (struct bench_host){.nodes = s->nodes, .legacy_claims = true, .claim_sets = true};
	if (s->bench.xen)
		describe_host(s, &s->cases.host);
	s->bench.host = s->cases.host;
	if (session_list_cases(&s->cases))
		die(EXIT_USAGE, "%s", strerror(ENOMEM));
}

void session_end(struct session *s)
{
	xen_close(s->bench.xen);
	free(s->cases.cases);
	json_decref(s->document);
	journal_close(s->journal);
	if (s->filtered)
		regfree(&s->filter);
}

bool session_selects(const struct session *s, const struct bench_case *c)
{
	/* Reasons to skip hold for the host: one machine tells them for all groups. */
	bool in_group = !s->nr_groups || c->skip;

	for (unsigned int i = 0; i < s->nr_groups; i++)
		in_group |= !strcmp(c->group, s->groups[i]);
	return in_group && c->profile <= s->profile && (!s->filtered || !regexec(&s->filter, c->name, 0, NULL, 0));
}

int session_for_each(struct session *s, int (*visit)(struct session *s, const struct bench_case *c,
						     size_t family, size_t index))
{
	size_t index = 0;

	for (size_t i = 0, family = 0; i < s->cases.count; i++, index++) {
		const struct bench_case *c = &s->cases.cases[i];

		while (families[family] != c->family) {
			family++;
			index = 0;
		}
		if (session_selects(s, c) && visit(s, c, family, index))
			return -1;
	}
	return 0;
}

static int print_case(struct session *s, const struct bench_case *c, size_t family, size_t index)
{
	if (s->plan)
		printf("%zu %zu %s %u %s\n", family, index, c->group, c->node_gib, c->name);
	else
		printf("%s%s%s\n", c->name, c->skip ? "   skipped: " : "", c->skip ? c->skip : "");
	return 0;
}

void session_print_list(struct session *s)
{
	session_for_each(s, print_case);
}

json_t *session_new_document(const struct session *s, const char *executable)
{
	struct xen *xen = s->bench.xen;

	return json_pack("{s:{s:s, s:b, s:s, s:{s:s, s:i, s:i, s:s}}, s:[]}", "context",
			 "executable", executable, "cpu_scaling_enabled", 0, "library_build_type",
			 "release", "claimperf", "dialect", xen_dialect(xen), "nodes",
			 (int)xen_nodes(xen), "samples", (int)s->run.samples, "unit", s->unit,
			 "benchmarks");
}

static void print_result(const struct bench_result *r, const char *unit)
{
	if (r->proof && !r->error[0])
		printf("%-48s proven\n", r->c->name);
	else if (r->c->skip || !r->count || r->error[0])
		printf("%-48s %s: %s\n", r->c->name, r->c->skip ? "skipped" : "invalid",
		       r->c->skip ? r->c->skip : r->error);
	else
		printf("%-48s %14.3f %s/%s\n", r->c->name, (double)result_min(r) / r->c->ops, unit,
		       r->c->ops > 1 ? "extent" : "call");
}

/* When the document is there, which says what this run is. */
static struct journal *open_journal(struct session *s)
{
	const json_t *context = json_object_get(s->document, "context");

	if (s->journal_path && !s->journal && journal_open(&s->journal, s->journal_path, context))
		exit(EXIT_USAGE);
	return s->journal;
}

bool session_recall(struct session *s, const struct bench_case *c)
{
	const struct journal *j = open_journal(s);
	json_t *entry = j ? journal_find(j, c->name) : NULL;

	if (!entry)
		return false;
	if (json_object_get(entry, "error_occurred"))
		s->status = EXIT_REGRESSION;
	return !json_array_append(json_object_get(s->document, "benchmarks"), entry);
}

bool session_has_watched(struct session *s, const struct bench_case *c)
{
	const struct journal *j = open_journal(s);

	return j && journal_has_watched(j, c->name);
}

/* A run that is stopped measures the case again. What cannot be noted is measured all the same. */
void session_note_watched(struct session *s, const struct bench_case *c)
{
	int fd;

	if (!s->journal || run_stopped || !(s->run.trace_dir || s->run.perf_dir))
		return;
	/* Files of other programs are on the disk before the line that counts on them. */
	fd = open(s->out, O_RDONLY | O_CLOEXEC);
	if (fd >= 0) {
		syncfs(fd);
		close(fd);
	}
	journal_add_watched(s->journal, c->name);
}

int session_add(struct session *s, const struct bench_result *r, size_t family, size_t index)
{
	json_t *entry = result_to_json(r, family, index, s->unit, xen_tsc_khz(s->bench.xen));

	if (!s->json)
		print_result(r, s->unit);
	if (entry && s->journal && !r->c->skip && !run_stopped)
		journal_add_case(s->journal, r->c->name, entry);
	return entry ? json_array_append_new(json_object_get(s->document, "benchmarks"), entry)
		     : -1;
}

void session_write(struct session *s)
{
	char path[PATH_MAX];
	int rc;

	if (!s->json)
		return;
	snprintf(path, sizeof(path), "%s%s%s", s->json[0] == '/' ? "" : s->out,
		 s->json[0] == '/' ? "" : "/", s->json);
	rc = result_write(s->document, path);
	if (rc) {
		msg("%s: %s", path, replace_error(rc));
		s->status = EXIT_USAGE;
	}
}
