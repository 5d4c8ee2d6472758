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

#include "tracepoints/qemu_plugin.h"
#include "tracepoints/symbols.h"

#define USER_END 0x0000800000000000ull	/* end of the lower canonical half */
#define XEN_START 0xffff800000000000ull /* PV guests leave this range to Xen */
#define XEN_END 0xffff880000000000ull

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
	uint64_t *running;  /* since QEMU started */
	uint64_t *at_begin; /* copy of running, taken when the window opened */
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

int qemu_plugin_version = QEMU_PLUGIN_API;

static void on_begin(unsigned int vcpu, void *data)
{
	(void)vcpu;
	(void)data;
	section.unmatched += plugin.open;
	plugin.open = true;
	memcpy(plugin.at_begin, plugin.running, plugin.count * sizeof(*plugin.running));
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
		total += plugin.running[i] - plugin.at_begin[i];
	section.windows++;
	if (section.number && section.windows > 1) {
		if (total >= section.total)
			return;
		memset(section.counted, 0, plugin.count * sizeof(*section.counted));
		section.total = 0;
	}
	section.total += total;
	for (size_t i = 0; i < plugin.count; i++)
		section.counted[i] += plugin.running[i] - plugin.at_begin[i];
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

#define MARKER_SIZE 7
/* nopl 0x434c5001(%rax), nopl 0x434c5002(%rax), nopl 0x434c5003(%rax); user space only */
static const struct marker {
	unsigned char bytes[MARKER_SIZE];
	qemu_plugin_vcpu_cb_t executing;
} markers[] = {
	{ { 0x0f, 0x1f, 0x80, 0x01, 0x50, 0x4c, 0x43 }, on_begin },
	{ { 0x0f, 0x1f, 0x80, 0x02, 0x50, 0x4c, 0x43 }, on_end },
	{ { 0x0f, 0x1f, 0x80, 0x03, 0x50, 0x4c, 0x43 }, on_section },
};

static const struct marker *find_marker(const struct qemu_plugin_insn *insn)
{
	if (qemu_plugin_insn_vaddr(insn) >= USER_END || qemu_plugin_insn_size(insn) != MARKER_SIZE)
		return NULL;
	for (size_t i = 0; i < sizeof(markers) / sizeof(markers[0]); i++)
		if (!memcmp(qemu_plugin_insn_data(insn), markers[i].bytes, MARKER_SIZE))
			return &markers[i];
	return NULL;
}

static uint64_t *counter_of(uint64_t address)
{
	uint64_t *others = plugin.running + plugin.symbols->count;
	long function = find_symbol(plugin.symbols, address);

	if (function >= 0)
		return plugin.running + function;
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
		const struct marker *marker = find_marker(insn);
		uint64_t *counter = counter_of(qemu_plugin_insn_vaddr(insn));

		qemu_plugin_register_vcpu_insn_exec_inline(insn, QEMU_PLUGIN_INLINE_ADD_U64,
							   counter, 1);
		if (marker)
			qemu_plugin_register_vcpu_insn_exec_cb(insn, marker->executing,
							       QEMU_PLUGIN_CB_NO_REGS, NULL);
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

static int allocate_counters(void)
{
	plugin.count = plugin.symbols->count + OTHERS;
	plugin.running = calloc(plugin.count, sizeof(*plugin.running));
	plugin.at_begin = calloc(plugin.count, sizeof(*plugin.at_begin));
	section.counted = calloc(plugin.count, sizeof(*section.counted));
	section.order = calloc(plugin.count, sizeof(*section.order));
	if (!plugin.running || !plugin.at_begin || !section.counted || !section.order)
		return -ENOMEM;
	return 0;
}

static int complain(const char *what, const char *why)
{
	fprintf(stderr, "insncount: %s: %s\n", what, why);
	return -1;
}

static const char *reason(int err)
{
	switch (-err) {
	case ENOEXEC:
		return "not a 64-bit ELF file";
	case EBADMSG:
		return "a damaged ELF file";
	case ENODATA:
		return "an ELF file without names of functions";
	default:
		return strerror(-err);
	}
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
		err = allocate_counters();
	if (err)
		return complain(syms, reason(err));
	/* Opened now, so that a bad path stops the run and an empty file means it never ended. */
	plugin.out = fopen(plugin.out_path, "we");
	if (!plugin.out)
		return complain(plugin.out_path, strerror(errno));
	qemu_plugin_register_vcpu_tb_trans_cb(id, on_translated);
	qemu_plugin_register_atexit_cb(id, on_exit_qemu, NULL);
	return 0;
}
