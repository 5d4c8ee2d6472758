// SPDX-License-Identifier: GPL-2.0-only
/* claimperf-night: what claimperf nightly decides with. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/msg.h"
#include "lib/options.h"
#include "results/history_commands.h"
#include "results/night.h"

struct options {
	struct shared_options shared;
	const char *command, *study, *nights, *again_study, *again_reference, *again_tonight;
	const char *out, *kind, *text;
};

enum {
	KEY_STUDY = 0x100,
	KEY_NIGHTS,
	KEY_AGAIN_STUDY,
	KEY_AGAIN_REFERENCE,
	KEY_AGAIN_TONIGHT,
	KEY_OUT,
	KEY_KIND,
	KEY_TEXT
};

static const struct argp_option option_table[] = {
	{"study", KEY_STUDY, "FILE", 0, "The night's pairs of boots, by claimperf ab", 0},
	{"nights", KEY_NIGHTS, "DIR", 0, "judge, fail: has DATE/night.json of earlier nights", 0},
	{"again-study", KEY_AGAIN_STUDY, "FILE", 0, "judge: pairs of what was suspected", 0},
	{"again-reference", KEY_AGAIN_REFERENCE, "FILE", 0, "judge: counts of it, of one side", 0},
	{"again-tonight", KEY_AGAIN_TONIGHT, "FILE", 0, "judge: and of the other", 0},
	{"out", KEY_OUT, "DIR", 0, "Where the files go", 0},
	{"kind", KEY_KIND, "KIND", 0, "fail: disk or failed", 0},
	{"text", KEY_TEXT, "TEXT", 0, "fail: what happened", 0},
	{0},
};

static const char doc[] =
	"Decides for claimperf nightly, which measures. COMMAND is one of:"
	"\v  gate      may this host judge tonight? exit status 1, and why not: A/A of the study\n"
	"  results   the study as two results, for the history: reference-times.json and\n"
	"            tonight-times.json\n"
	"  judge     night.json, alerts.json, summary.md and junit.xml of --night, from the "
	"history\n"
	"  fail      the same of a night that came to nothing; night.json goes to stdout, too\n\n"
	"Exit status: 0; 2 when something could not be read or written.\n\n"
	"Examples:\n"
	"  claimperf-night gate --study ab/study.json\n"
	"  claimperf-night judge --night 2026-01-31 --host vm --target host --nodes 4 --out .\n";

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;

	switch (key) {
	case KEY_STUDY: o->study = arg; return 0;
	case KEY_NIGHTS: o->nights = arg; return 0;
	case KEY_AGAIN_STUDY: o->again_study = arg; return 0;
	case KEY_AGAIN_REFERENCE: o->again_reference = arg; return 0;
	case KEY_AGAIN_TONIGHT: o->again_tonight = arg; return 0;
	case KEY_OUT: o->out = arg; return 0;
	case KEY_KIND: o->kind = arg; return 0;
	case KEY_TEXT: o->text = arg; return 0;
	case ARGP_KEY_INIT: state->child_inputs[0] = state->child_inputs[1] = &o->shared; return 0;
	case ARGP_KEY_ARG: option_file(state, arg, &o->command); return 0;
	case ARGP_KEY_NO_ARGS: argp_error(state, "a COMMAND is needed"); return 0;
	case ARGP_KEY_END:
		if (!o->again_reference != !o->again_tonight)
			argp_error(state, "--again-reference and --again-tonight go together");
		if (o->kind && !night_kind_fails(o->kind))
			argp_error(state, "--kind %s: neither disk nor failed", o->kind);
		return 0;
	default: return ARGP_ERR_UNKNOWN;
	}
}

static char error[RESULT_ERROR_SIZE];

static void or_die(int ret)
{
	if (ret == -ENOMEM)
		die(EXIT_USAGE, "%s", strerror(ENOMEM));
	if (ret)
		die(EXIT_USAGE, "%s", error);
}

static struct study *read_study(const char *path)
{
	struct study *study;

	or_die(study_read(path, &study, error));
	return study;
}

static struct result *read_result(const char *path)
{
	struct result *result;

	or_die(result_read(path, &result, error));
	return result;
}

static void need(const char *value, const char *option)
{
	if (!value)
		die(EXIT_USAGE, "%s is needed", option);
}

static int run_gate(const struct options *o)
{
	struct verdicts verdicts;
	struct study *study;
	const json_t *reason;
	json_t *reasons;
	size_t i;

	need(o->study, "--study");
	study = read_study(o->study);
	or_die(study_judge(study, &verdicts));
	reasons = night_gate(&verdicts);
	json_array_foreach(reasons, i, reason) puts(json_string_value(reason));
	json_decref(reasons);
	verdicts_free(&verdicts);
	study_free(study);
	return i ? EXIT_REGRESSION : 0;
}

static int run_results(const struct options *o)
{
	static const struct {
		enum study_arm arm;
		const char *name;
	} sides[] = {{STUDY_BEFORE, "reference-times.json"}, {STUDY_AFTER, "tonight-times.json"}};
	struct study *study;
	char path[4096];

	need(o->study, "--study");
	need(o->out, "--out");
	study = read_study(o->study);
	for (size_t i = 0; i < 2; i++) {
		snprintf(path, sizeof(path), "%s/%s", o->out, sides[i].name);
		or_die(night_write_result(study, sides[i].arm, path, error));
	}
	study_free(study);
	return 0;
}

static void read_previous(const struct options *o, struct night_sources *s)
{
	json_t *previous, *damaged;

	if (!o->nights)
		return;
	night_previous(o->nights, o->shared.filter.night, &previous, &damaged);
	s->previous = previous;
	s->damaged = damaged;
}

static void read_sources(const struct options *o, struct night_sources *s, struct verdicts *times)
{
	s->filter = o->shared.filter;
	s->store = o->shared.store ? o->shared.store : "the history";
	s->history = open_history(&o->shared, HISTORY_READ);
	if (o->study) {
		or_die(study_judge(read_study(o->study), times));
		s->times = times;
	}
	read_previous(o, s);
	if (o->again_study)
		s->again_times = read_study(o->again_study);
	if (o->again_reference) {
		s->again_reference = read_result(o->again_reference);
		s->again_tonight = read_result(o->again_tonight);
	}
}

static void free_sources(struct night_sources *s)
{
	if (s->times)
		study_free((struct study *)s->times->study);
	if (s->times)
		verdicts_free((struct verdicts *)s->times);
	if (s->again_times)
		study_free(s->again_times);
	json_decref((json_t *)s->previous);
	json_decref((json_t *)s->damaged);
	result_free((struct result *)s->again_reference);
	result_free((struct result *)s->again_tonight);
	close_history(s->history);
}

static int run_judge(const struct options *o)
{
	struct night_sources sources = {0};
	struct verdicts times;
	json_t *document;
	int ret;

	need(o->out, "--out");
	read_sources(o, &sources, &times);
	ret = night_judge(&sources, &document, error);
	if (ret && ret != -ENOMEM && !*error)
		history_or_die(ret);
	or_die(ret);
	free_sources(&sources);
	or_die(night_write(document, o->out, error));
	json_decref(document);
	return 0;
}

/* What it says is told even if nothing can be written any more. */
static int run_fail(const struct options *o)
{
	struct night_sources s = {0};
	json_t *document;

	need(o->kind, "--kind");
	need(o->text, "--text");
	read_previous(o, &s);
	document = night_failed(&o->shared.filter, s.previous, s.damaged, o->kind, o->text);
	if (!document || json_dumpf(document, stdout, JSON_INDENT(1)) || fflush(stdout))
		die(EXIT_USAGE, "cannot write the output");
	putchar('\n');
	if (o->out)
		or_die(night_write(document, o->out, error));
	json_decref(document);
	json_decref((json_t *)s.previous);
	json_decref((json_t *)s.damaged);
	return 0;
}

static const struct {
	const char *name;
	int (*run)(const struct options *o);
	bool night; /* is it of one? */
} commands[] = {
	{"gate", run_gate, false},
	{"results", run_results, false},
	{"judge", run_judge, true},
	{"fail", run_fail, true},
};

int main(int argc, char **argv)
{
	static const struct argp_child children[] = {
		{&store_argp, 0, NULL, 0}, {&filter_argp, 0, NULL, 0}, {0}};
	static const struct argp argp = {option_table, parse_option, "COMMAND", doc,
					 children,     NULL,	     NULL};
	struct options o = {0};

	argp_err_exit_status = EXIT_USAGE;
	argp_parse(&argp, argc, argv, 0, NULL, &o);
	for (size_t i = 0; i < sizeof(commands) / sizeof(*commands); i++) {
		if (strcmp(commands[i].name, o.command))
			continue;
		if (commands[i].night)
			need(o.shared.filter.night, "--night");
		return commands[i].run(&o);
	}
	die(EXIT_USAGE, "'%s' is not a command; see --help", o.command);
}
