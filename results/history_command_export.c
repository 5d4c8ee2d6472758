// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "lib/msg.h"
#include "lib/options.h"
#include "results/history_commands.h"
#include "results/history_json.h"

static const char *const formats[] = {"csv", "jsonl", NULL};
enum { FORMAT_CSV, FORMAT_JSONL };

struct options {
	struct shared_options shared;
	const char *run, *out, *glob, *metric;
	unsigned int format;
	bool has_format;
	unsigned int points;
};

enum { KEY_OUT = 0x100, KEY_CASE, KEY_METRIC, KEY_FORMAT };

static const struct argp_option option_table[] = {
	{"out", KEY_OUT, "DIR", 0, "RUN: write the result and its raw data below DIR", 0},
	{"case", KEY_CASE, "GLOB", 0, "Figures of these cases over time", 0},
	{"metric", KEY_METRIC, "NAME", 0, "Only value or time", 0},
	{"format", KEY_FORMAT, "FORMAT", 0, "Of figures: csv or jsonl (csv)", 0},
	{0},
};

static const char doc[] =
	"A run as it was imported, or figures of cases over time."
	"\vOf a RUN, the result goes to stdout, or with --out it and its raw data to files of the "
	"names that they "
	"had; none is written over. Every byte is checked against its checksum.\n\n"
	"Figures have a line for each run, case and metric: 'value' is what the case is about, "
	"'time' is what the host "
	"target's clock said beside it. least, median, p90, p99, greatest and mean are of all "
	"samples, in the unit "
	"given, of `ops` operations each. Exact data of two runs compare where `environment` is "
	"equal.\n\n"
	"Exit status: 0, or 2 with what is wrong, and nothing on stdout then.\n\n"
	"Examples:\n"
	"  claimperf history export 3fa9c2 >claims.json\n"
	"  claimperf history export 3fa9c2 --out again && claimperf compare again/claims.json "
	"new.json\n"
	"  claimperf history export --case 'populate/order:0/*' --variant claims --format jsonl\n";

static bool has_filter(const struct history_filter *f)
{
	return f->host || f->target || f->variant || f->nodes || f->night || f->role ||
	       f->first_time;
}

static void check_options(struct argp_state *state, const struct options *o)
{
	if (!o->run == !o->glob)
		argp_error(state, "either a RUN or --case GLOB");
	if (o->run && (o->has_format || o->metric || has_filter(&o->shared.filter)))
		argp_error(state, "what chooses or formats figures goes with --case");
	if (o->glob && o->out)
		argp_error(state, "--out goes with a RUN");
}

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;

	switch (key) {
	case KEY_OUT: o->out = arg; return 0;
	case KEY_CASE: o->glob = arg; return 0;
	case KEY_METRIC:
		o->metric = history_metrics[option_word(state, "--metric", arg, history_metrics)];
		return 0;
	case KEY_FORMAT:
		o->format = option_word(state, "--format", arg, formats);
		o->has_format = true;
		return 0;
	case ARGP_KEY_INIT: state->child_inputs[0] = state->child_inputs[1] = &o->shared; return 0;
	case ARGP_KEY_ARG: option_run(state, arg, &o->run); return 0;
	case ARGP_KEY_END: check_options(state, o); return 0;
	default: return ARGP_ERR_UNKNOWN;
	}
}

/* RFC 4180: what has a comma, a quote or a line's end is quoted, and quotes are doubled. */
static void print_field(const char *text)
{
	if (strpbrk(text, ",\"\r\n")) {
		putchar('"');
		for (; *text; text++) {
			if (*text == '"')
				putchar('"');
			putchar(*text);
		}
		putchar('"');
	} else {
		fputs(text, stdout);
	}
	putchar(',');
}

static int print_point(void *data, const struct history_run *run, const struct history_metric *m,
		       const struct history_figure *f)
{
	const char *const before[] = {run->time,
				      run->id,
				      run->night ? run->night : "",
				      run->role ? run->role : "",
				      run->host,
				      run->target,
				      run->variant};
	const char *const after[] = {run->environment, m->case_name,
				     m->name,	       m->unit,
				     m->per,	       f->kind == KIND_EXACT ? "exact" : "noisy"};
	struct options *o = data;

	if (o->metric && strcmp(o->metric, m->name))
		return 0;
	if (!o->points++ && o->format == FORMAT_CSV)
		puts("time,run,night,role,host,target,variant,nodes,environment,case,metric,unit,"
		     "per,kind,ops,"
		     "samples,"
		     "least,median,p90,p99,greatest,mean");
	if (o->format == FORMAT_JSONL)
		return print_json_line(point_json(run, m, f));
	for (size_t i = 0; i < sizeof(before) / sizeof(*before); i++)
		print_field(before[i]);
	printf("%u,", run->nodes);
	for (size_t i = 0; i < sizeof(after) / sizeof(*after); i++)
		print_field(after[i]);
	printf("%llu,%llu,%llu,%.17g,%llu,%llu,%llu,%.17g\n", (unsigned long long)f->ops,
	       (unsigned long long)f->samples, (unsigned long long)f->least, f->median,
	       (unsigned long long)f->p90, (unsigned long long)f->p99,
	       (unsigned long long)f->greatest, f->mean);
	return 0;
}

/* All of it is checked before the first byte is printed. */
static void print_result(struct history *h, const char *id)
{
	int fd = memfd_create("result", MFD_CLOEXEC);
	char buffer[1 << 16];
	ssize_t got;

	if (fd < 0)
		die(EXIT_USAGE, "%s", strerror(errno));
	history_or_die(history_write_result(h, id, fd));
	lseek(fd, 0, SEEK_SET);
	while ((got = read(fd, buffer, sizeof(buffer))) > 0)
		fwrite(buffer, 1, (size_t)got, stdout);
	close(fd);
}

static void export_run(struct history *h, const struct options *o)
{
	char id[SHA256_HEX];

	history_or_die(history_find(h, o->run, id));
	if (o->out)
		history_or_die(history_restore(h, id, o->out));
	else
		print_result(h, id);
}

int history_command_export(int argc, char **argv)
{
	static const struct argp_child children[] = {
		{&store_argp, 0, NULL, 0}, {&filter_argp, 0, NULL, 0}, {0}};
	static const struct argp argp = {option_table, parse_option, "[RUN]", doc,
					 children,     NULL,	     NULL};
	struct options o = {0};
	struct history *h;

	argp_parse(&argp, argc, argv, 0, NULL, &o);
	h = open_history(&o.shared, HISTORY_READ);
	if (o.run)
		export_run(h, &o);
	else
		history_or_die(history_each_figure(h, &o.shared.filter, o.glob, print_point, &o));
	if (o.glob && !o.points)
		die(EXIT_USAGE, "--case %s: no figure of such a case, with these options", o.glob);
	close_history(h);
	return 0;
}
