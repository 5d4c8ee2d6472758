// SPDX-License-Identifier: GPL-2.0-only
/* Prints docs/events.md from the list of events; with --formats, docs/formats. */
#include <stdio.h>
#include <string.h>

#include "tracepoints/catalog.h"

static void print_intro(void)
{
	puts("# Trace events\n\n"
	     "<!-- Generated from tracepoints/events.h by make events; do not edit. -->\n\n"
	     "Records of class TRC_MEM that the patches in `patches/xen-4.17/trace-points` add to\n"
	     "Xen. Bits count from the least significant of the first\n"
	     "word on; words of zeros at the end may be missing. Cycles are TSC ticks; cycles and\n"
	     "pages of all ones mean \"at least\". Type nodes is a set: bit N for node N, bit 31\n"
	     "for any from 31 on.\n"
	     "Data is gathered under heap_lock and emitted after unlock. Capture them with\n"
	     "`xentrace -e 0x0010f000`, read them with `claimperf trace`, see [trace.md](trace.md).\n\n"
	     "Not traced: sections at boot; of page_alloc_lock those of populate on demand,\n"
	     "sharing, grant transfers, memory exchange, static memory's list of reserved pages,\n"
	     "and those inside another one of the same CPU. A call that is measured as a whole\n"
	     "(claim_install, populate_physmap, domain_teardown, scrub_run) contains the emission\n"
	     "of the records of its own sections. Around a claim they come in this order: the\n"
	     "sections, claim_release, claim_entry, node_state, claim_install.\n\n"
	     "[formats](formats) has the events for xentrace_format and other readers of its kind.");
}

static void print_event(const struct catalog_event *event)
{
	const struct catalog_field *f;
	unsigned int i;

	printf("\n## %s: 0x%08x\n\n%s.\n\n", event->name, event->number, event->doc);
	printf("| bits | name | type | unit | |\n| --- | --- | --- | --- | --- |\n");
	for (i = 0; i < event->nr_fields; i++) {
		f = &event->fields[i];
		printf("| %u-%u | %s | %s | %s | %s |\n", f->offset, f->offset + f->bits - 1,
		       f->name, f->type, f->unit, f->doc);
	}
}

static void print_list(const struct catalog_list *list)
{
	const struct catalog_value *v;

	printf("\n## Type %s: %s\n\n", list->name, list->doc);
	printf("| number | name | |\n| --- | --- | --- |\n");
	for (v = list->values; v->name; v++)
		printf("| %u | %s | %s |\n", v->number, v->name, v->doc);
}

/* Such readers know words only: each is named by the fields that begin in it. */
static void print_format(const struct catalog_event *event)
{
	unsigned int word, i;

	printf("0x%08x  CPU%%(cpu)d  %%(tsc)d (+%%(reltsc)8d)  %s  [", event->number, event->name);
	for (word = 0; word < event->nr_words; word++) {
		for (i = 0; i < event->nr_fields; i++)
			if (event->fields[i].offset / 32 == word)
				printf(" %s:%u", event->fields[i].name, event->fields[i].bits);
		printf(" = 0x%%(%u)08x", word + 1);
	}
	puts(" ]");
}

static int print_formats(void)
{
	const struct catalog_event *event;

	puts("# SPDX-License-Identifier: GPL-2.0-only\n"
	     "# Generated from tracepoints/events.h by make events; do not edit.\n"
	     "# Fields of a word, each with its bits, from the least significant on.");
	for (event = catalog_events; event->name; event++)
		print_format(event);
	return 0;
}

int main(int argc, char **argv)
{
	const struct catalog_event *event;
	const struct catalog_list *list;

	if (argc > 1 && !strcmp(argv[1], "--formats"))
		return print_formats();
	print_intro();
	for (event = catalog_events; event->name; event++)
		print_event(event);
	for (list = catalog_lists; list->name; list++)
		print_list(list);
	return 0;
}
