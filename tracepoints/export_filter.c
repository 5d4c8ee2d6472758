// SPDX-License-Identifier: GPL-2.0-only
#include "tracepoints/export_filter.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/parse.h"
#include "tracepoints/select_option.h"

enum { FROM = 0x200, TO, AROUND, SPAN, CPU, DOMAIN, EVENTS };

static const struct argp_option option_table[] = {
	{NULL, 0, NULL, 0, "Which records:", 1},
	{"from", FROM, "TSC", 0, "From this time stamp on, in cycles as dump prints them", 1},
	{"to", TO, "TSC", 0, "Up to this time stamp", 1},
	{"around", AROUND, "OFFSET", 0,
	 "Around the record at this offset of the file, as dump and summary print it", 1},
	{"span", SPAN, "CYCLES", 0, "With --around: so long before and after it (1000000)", 1},
	{"cpu", CPU, "LIST", 0, "Of these CPUs, such as 0,2-3", 1},
	{"domain", DOMAIN, "LIST", 0, "About these domains, such as 1,4; 32756 is none", 1},
	{"events", EVENTS, "LIST", 0,
	 "Of these kinds, such as lock,claims; 'xen' for those of Xen itself (see record --help)",
	 1},
	{0},
};

static void set_bit(uint64_t *bits, uint64_t n)
{
	bits[n / 64] |= 1ull << n % 64;
}

static bool test_bit(const uint64_t *bits, uint64_t n)
{
	return bits[n / 64] >> n % 64 & 1;
}

/* N or N-M; part is cut up. */
static int parse_range(char *part, uint64_t max, uint64_t *first, uint64_t *last)
{
	char *dash = strchr(part, '-');

	if (dash)
		*dash = 0;
	if (parse_u64(part, 0, max, first))
		return -EINVAL;
	*last = *first;
	return dash ? parse_u64(dash + 1, *first, max, last) : 0;
}

static void parse_numbers(struct argp_state *state, const char *option, const char *text,
			  uint64_t count, uint64_t *bits)
{
	char *list = strdup(text), *rest = list, *part;
	uint64_t first, last;

	while (list && (part = strsep(&rest, ","))) {
		if (parse_range(part, count - 1, &first, &last))
			argp_error(state, "--%s %s: not a list of numbers and ranges below %llu",
				   option, text, (unsigned long long)count);
		else
			while (first <= last)
				set_bit(bits, first++);
	}
	free(list);
}

static void parse_number(struct argp_state *state, const char *option, const char *text,
			 uint64_t *out)
{
	if (parse_u64(text, 0, UINT64_MAX, out))
		argp_error(state, "--%s %s: not a number", option, text);
}

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct trace_filter *f = state->input;

	switch (key) {
	case FROM: parse_number(state, "from", arg, &f->from); return 0;
	case TO: parse_number(state, "to", arg, &f->to); return 0;
	case AROUND:
		parse_number(state, "around", arg, &f->around);
		f->has_around = true;
		return 0;
	case SPAN:
		parse_number(state, "span", arg, &f->span);
		f->has_span = true;
		return 0;
	case CPU:
		parse_numbers(state, "cpu", arg, TRACE_CPUS_MAX, f->cpus);
		f->some_cpus = true;
		return 0;
	case DOMAIN:
		parse_numbers(state, "domain", arg, FILTER_DOMAINS, f->domains);
		f->some_domains = true;
		return 0;
	case EVENTS:
		option_events(state, arg, &f->events);
		f->some_events = true;
		return 0;
	case ARGP_KEY_END:
		if (f->has_around && (f->from || f->to != UINT64_MAX))
			argp_error(state, "--around and --from or --to exclude each other");
		if (f->has_span && !f->has_around)
			argp_error(state, "--span is for --around");
		if (f->from > f->to)
			argp_error(state, "--from is later than --to");
		f->in_time = !f->from && !f->has_around;
		return 0;
	default: return ARGP_ERR_UNKNOWN;
	}
}

const struct argp filter_argp = {option_table, parse_option, NULL, NULL, NULL, NULL, NULL};

void filter_init(struct trace_filter *filter)
{
	memset(filter, 0, sizeof(*filter));
	filter->to = UINT64_MAX;
	filter->span = 1000000;
}

int filter_find_around(struct trace_filter *f, struct trace_reader *reader)
{
	struct trace_item item;

	while (trace_next(reader, &item) != TRACE_END) {
		if (item.type != TRACE_RECORD || !item.has_tsc || f->around < item.offset ||
		    f->around >= item.offset + item.size)
			continue;
		f->from = item.tsc > f->span ? item.tsc - f->span : 0;
		f->to = item.tsc < UINT64_MAX - f->span ? item.tsc + f->span : UINT64_MAX;
		return 0;
	}
	return -ENOENT;
}

bool filter_has_time(struct trace_filter *f, const struct trace_item *item)
{
	if (item->type != TRACE_ANOMALY && item->has_tsc)
		f->in_time = item->tsc >= f->from && item->tsc <= f->to;
	return f->in_time;
}

bool filter_has_event(const struct trace_filter *f, const struct catalog_event *event)
{
	unsigned int i;

	for (i = 0; f->some_events && i < f->events.nr_rules; i++)
		if (f->events.rules[i].event == event->number)
			return true;
	return !f->some_events;
}

/* Events that are about no domain are about none of those asked for. */
static bool has_domain(const struct trace_filter *f, const struct catalog_event *event,
		       const uint32_t *words)
{
	const struct catalog_field *field = event ? event->fields : NULL;

	if (!field || strcmp(field->unit, "domain"))
		return false;
	return test_bit(f->domains, catalog_get(field, words) % FILTER_DOMAINS);
}

bool filter_passes(struct trace_filter *f, const struct trace_item *item,
		   const struct catalog_event *event)
{
	if (!filter_has_time(f, item) || (f->some_cpus && !test_bit(f->cpus, item->cpu)))
		return false;
	if (item->type != TRACE_RECORD)
		return true;
	if (f->some_events && !select_matches(&f->events, item->event, item->words, item->nr_words))
		return false;
	return !f->some_domains || has_domain(f, event, item->words);
}
