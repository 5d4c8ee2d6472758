/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Records by name: what "--events lock,redeem" asks for.
 *
 * A name is that of an event (events.h) or of a selection, which is some events, or those of their
 * records whose fields say so: "redeem" is a heap_section that redeemed claimed pages. A list of
 * names selects what any of them does. select_describe() prints them all.
 */
#ifndef CLAIMPERF_TRACEPOINTS_SELECT_H
#define CLAIMPERF_TRACEPOINTS_SELECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "tracepoints/catalog.h"

#define SELECT_RULES_MAX 64

/* Records of one event; with a field, those in which it has (or, negated, has not) the value. */
struct select_rule {
	const char *name; /* NULL: one more rule of the name before */
	uint32_t event;
	const char *field; /* NULL: all of them */
	bool negated;
	uint32_t value;
	const char *doc;
};

struct select_condition {
	uint32_t event;
	const struct catalog_field *field; /* NULL: none */
	bool negated;
	uint32_t value;
};

/* What one list of names selects; zeroed: nothing. */
struct select {
	unsigned int nr_rules;
	struct select_condition rules[SELECT_RULES_MAX];
};

/* The selections; ends with an entry whose event is 0. */
extern const struct select_rule select_rules[];

/*
 * Read a list of names that commas separate. 0, or -EINVAL: a name is not known, or the list or a
 * name in it is empty; error then says so for people, and names all that are known.
 */
int select_parse(const char *names, struct select *select, char *error, size_t size);

/* Is this record selected? Words that a record does not have count as zeros. */
bool select_matches(const struct select *select, uint32_t event, const uint32_t *words,
		    unsigned int nr_words);

/* The narrowest event mask of Xen (class and subclass bits) that lets all of it pass. */
uint32_t select_mask(const struct select *select);

/* A line per name, for --help. */
void select_describe(FILE *out);

#endif
