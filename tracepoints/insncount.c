// SPDX-License-Identifier: GPL-2.0-only
/*
 * A QEMU plugin that counts executed instructions per hypervisor function, in windows that the
 * guest opens and closes with marker instructions. It changes nothing the guest can see.
 *
 *   qemu-system-x86_64 … -plugin FILE.so,syms=XEN-SYMS,out=FILE     (a comma in a path: ,,)
 *
 * Every instruction, window or not, adds 1 to the counter of its function by a load, an add and a
 * store in the translated code; only the markers call into C. Counting is per instruction because
 * an exception leaves a translation block early. An instruction that faults is counted each time
 * it is tried, where QEMU's icount (the guest's TSC in exact mode) has it once. Each round of a
 * rep-prefixed instruction counts as 1 in both.
 *
 * The counters are plain memory: exact only while one thread runs all vCPUs (exact mode).
 *
 * The file, written when QEMU ends by itself, by quit or by SIGTERM: lines "# windows=N",
 * "# unmatched=N" (markers without their partner), "# total=N", then "COUNT FUNCTION" by falling
 * count, summed over all windows. If the guest executes section markers there is such a block per
 * section, after a line "# section=N", and it holds the window with the fewest instructions only:
 * the one that a benchmark of repeated samples reports.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tracepoints/counters.h"
#include "tracepoints/markers.h"
#include "tracepoints/symbols.h"

/* Counters of what is no known function follow those of the functions. */
enum { USER, KERNEL, XEN_OTHER, OTHERS };
static const char *const other_names[OTHERS] = {
	[USER] = "[user]",
	[KERNEL] = "[dom0-kernel]",
	[XEN_OTHER] = "[xen-other]", /* code made at boot, such as the entry stub of each CPU */
};

static struct {
	struct symbols *symbols;
	size_t count;	    /* of counters */
	uint64_t *at_begin; /* the counters when the window opened */
	bool open;
	const char *out_path;
	FILE *out;
} plugin;

/* What the current section has to tell; number 0 until the first section marker. */
static struct {
	uint64_t number;
	uint64_t windows;
	uint64_t unmatched;
	uint64_t total;	   /* sum of counted */
	uint64_t *counted; /* number 0: sum of all windows; else the cheapest window */
	size_t *order;	   /* indices of counters, sorted for the output */
} section;

static void on_begin(unsigned int vcpu, void *data)
{
	(void)vcpu;
	(void)data;
	section.unmatched += plugin.open;
	plugin.open = true;
	for (size_t i = 0; i < plugin.count; i++)
		plugin.at_begin[i] = read_counter(i);
}

static void on_end(unsigned int vcpu, void *data)
{
	uint64_t total = 0;

	(void)vcpu;
	(void)data;
	section.unmatched += !plugin.open;
	if (!plugin.open)
		return;
	plugin.open = false;
	for (size_t i = 0; i < plugin.count; i++)
		total += read_counter(i) - plugin.at_begin[i];
	section.windows++;
	if (section.number && section.windows > 1) {
		if (total >= section.total)
			return;
		memset(section.counted, 0, plugin.count * sizeof(*section.counted));
		section.total = 0;
	}
	section.total += total;
	for (size_t i = 0; i < plugin.count; i++)
		section.counted[i] += read_counter(i) - plugin.at_begin[i];
}

/* Larger counts first; equal ones in order of address, so that equal runs give equal files. */
static int compare_counts(const void *left, const void *right)
{
	size_t a = *(const size_t *)left, b = *(const size_t *)right;

	if (section.counted[a] != section.counted[b])
		return section.counted[a] < section.counted[b] ? 1 : -1;
	return (a > b) - (a < b);
}

static void write_section(FILE *out)
{
	for (size_t i = 0; i < plugin.count; i++)
		section.order[i] = i;
	qsort(section.order, plugin.count, sizeof(*section.order), compare_counts);
	if (section.number)
		fprintf(out, "# section=%" PRIu64 "\n", section.number);
	fprintf(out, "# windows=%" PRIu64 "\n# unmatched=%" PRIu64 "\n# total=%" PRIu64 "\n",
		section.windows, section.unmatched, section.total);
	for (size_t i = 0; i < plugin.count && section.counted[section.order[i]]; i++) {
		size_t index = section.order[i];

		fprintf(out, "%" PRIu64 " ", section.counted[index]);
		if (index < plugin.symbols->count)
			print_symbol(out, &plugin.symbols->list[index]);
		else
			fputs(other_names[index - plugin.symbols->count], out);
		fputc('\n', out);
	}
}

/* What comes before the first section marker is left out if it has no markers. */
static void on_section(unsigned int vcpu, void *data)
{
	(void)vcpu;
	(void)data;
	section.unmatched += plugin.open;
	plugin.open = false;
	if (section.number || section.windows || section.unmatched)
		write_section(plugin.out);
	section.number++;
	section.windows = section.unmatched = section.total = 0;
	memset(section.counted, 0, plugin.count * sizeof(*section.counted));
}

static const qemu_plugin_vcpu_cb_t on_marker[MARKERS] = {
	[MARKER_BEGIN] = on_begin,
	[MARKER_END] = on_end,
	[MARKER_SECTION] = on_section,
};

static size_t counter_of(uint64_t address)
{
	size_t others = plugin.symbols->count;
	long function = find_symbol(plugin.symbols, address);

	if (function >= 0)
		return (size_t)function;
	if (address < USER_END)
		return others + USER;
	return others + (address >= XEN_START && address < XEN_END ? XEN_OTHER : KERNEL);
}

static void on_translated(qemu_plugin_id_t id, struct qemu_plugin_tb *tb)
{
	size_t count = qemu_plugin_tb_n_insns(tb);

	(void)id;
	for (size_t i = 0; i < count; i++) {
		struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(tb, i);
		enum marker marker = find_marker(insn);

		if (marker != NO_MARKER)
			qemu_plugin_register_vcpu_insn_exec_cb(insn, on_marker[marker],
							       QEMU_PLUGIN_CB_NO_REGS, NULL);
		count_executions(insn, counter_of(qemu_plugin_insn_vaddr(insn)));
	}
}

static void on_exit_qemu(qemu_plugin_id_t id, void *data)
{
	bool failed;

	(void)id;
	(void)data;
	section.unmatched += plugin.open;
	write_section(plugin.out);
	failed = ferror(plugin.out) != 0;
	failed |= fclose(plugin.out) != 0;
	if (failed)
		fprintf(stderr, "insncount: %s: cannot write the counts\n", plugin.out_path);
}

static int allocate_tables(const qemu_info_t *info)
{
	plugin.count = plugin.symbols->count + OTHERS;
	plugin.at_begin = calloc(plugin.count, sizeof(*plugin.at_begin));
	section.counted = calloc(plugin.count, sizeof(*section.counted));
	section.order = calloc(plugin.count, sizeof(*section.order));
	if (!plugin.at_begin || !section.counted || !section.order)
		return -ENOMEM;
	return allocate_counters(info, plugin.count);
}

static int complain(const char *what, const char *why)
{
	fprintf(stderr, "insncount: %s: %s\n", what, why);
	return -1;
}

/* What was allocated stays on failure: QEMU then ends at once. */
int qemu_plugin_install(qemu_plugin_id_t id, const qemu_info_t *info, int argc, char **argv)
{
	const char *syms = NULL;
	int err;

	if (!info->system_emulation || strcmp(info->target_name, "x86_64"))
		return complain(info->target_name, "only for qemu-system-x86_64");
	for (int i = 0; i < argc; i++) {
		if (!strncmp(argv[i], "syms=", 5) && argv[i][5])
			syms = argv[i] + 5;
		else if (!strncmp(argv[i], "out=", 4) && argv[i][4])
			plugin.out_path = argv[i] + 4;
		else
			return complain(argv[i], "unknown or empty; give syms=FILE,out=FILE");
	}
	if (!syms || !plugin.out_path)
		return complain(syms ? "no out=FILE" : "no syms=FILE", "give syms=FILE,out=FILE");
	err = read_symbols(&plugin.symbols, syms);
	if (!err)
		err = allocate_tables(info);
	if (err)
		return complain(syms, symbols_error(err));
	/* Opened now, so that a bad path stops the run and an empty file means it never ended. */
	plugin.out = fopen(plugin.out_path, "we");
	if (!plugin.out)
		return complain(plugin.out_path, strerror(errno));
	qemu_plugin_register_vcpu_tb_trans_cb(id, on_translated);
	qemu_plugin_register_atexit_cb(id, on_exit_qemu, NULL);
	return 0;
}
