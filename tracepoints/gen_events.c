// SPDX-License-Identifier: GPL-2.0-only
/* Prints docs/events.md from the list of events. */
#include <stdio.h>

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
	     "Sections that are not traced: page offlining, static memory, boot. A call that is\n"
	     "measured as a whole (claim_install, populate_physmap) contains the emission of the\n"
	     "records of its own sections.");
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

int main(void)
{
	const struct catalog_event *event;
	const struct catalog_list *list;

	print_intro();
	for (event = catalog_events; event->name; event++)
		print_event(event);
	for (list = catalog_lists; list->name; list++)
		print_list(list);
	return 0;
}
