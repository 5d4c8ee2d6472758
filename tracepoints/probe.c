// SPDX-License-Identifier: GPL-2.0-only
/*
 * A QEMU plugin that follows functions of an unmodified hypervisor, and its heap_lock. It changes
 * nothing the guest can see.
 *
 *   qemu-system-x86_64 … -plugin FILE.so,syms=XEN-SYMS,follow=FUNC,,…,json=FILE,text=FILE[,holds=FILE]
 *
 * Every instruction adds 1 to a counter of who executes it, which together are a clock, and those of followed functions to their own counters, in
 * translated code (see insncount.c for what that counts). The hypervisor's calls and returns, the
 * starts of followed functions, and memory accesses of its spin lock functions call into C.
 *
 * The guest may cut the run into sections and open windows in them (markers.h). Each section is
 * reported as a whole, and by its window of the fewest instructions.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "tracepoints/markers.h"
#include "tracepoints/probe.h"

#define LOCK_NAME "heap_lock"

static struct {
	struct symbols *symbols;
	struct selection selection;
	bool has_lock;
	const char *json_path, *text_path, *holds_path;
	FILE *json, *text, *holds; /* no holds: NULL */
	bool open; /* a window is */
	unsigned int written;
	struct figures *at_section, *at_window;
	uint64_t at_section_areas[AREAS], at_window_areas[AREAS];
} plugin;

static struct {
	uint64_t number, windows, unmatched;
	struct stretch all, window, cheapest;
} section;

static void read_areas(uint64_t areas[AREAS])
{
	for (unsigned int i = 0; i < AREAS; i++)
		areas[i] = read_counter(i);
}

static void measure_stretch(struct stretch *stretch, const struct figures *from,
			    const uint64_t from_areas[AREAS])
{
	read_areas(stretch->areas);
	stretch->instructions = 0;
	for (unsigned int i = 0; i < AREAS; i++) {
		stretch->areas[i] -= from_areas[i];
		stretch->instructions += stretch->areas[i];
	}
	read_functions(stretch->functions);
	for (size_t i = 0; i < plugin.selection.count; i++) {
		struct figures *f = &stretch->functions[i];

		f->calls -= from[i].calls;
		f->unreturned -= from[i].unreturned;
		f->inclusive -= from[i].inclusive;
		f->own -= from[i].own;
		f->loads -= from[i].loads;
		f->stores -= from[i].stores;
	}
}

static void on_begin(unsigned int vcpu, void *data)
{
	(void)data;
	leave_functions(vcpu);
	section.unmatched += plugin.open;
	plugin.open = true;
	clear_tally(&section.window.lock);
	tally_sections(&section.all.lock, &section.window.lock);
	read_functions(plugin.at_window);
	read_areas(plugin.at_window_areas);
}

static void on_end(unsigned int vcpu, void *data)
{
	struct stretch cheapest = section.cheapest;

	(void)data;
	leave_functions(vcpu);
	section.unmatched += !plugin.open;
	if (!plugin.open)
		return;
	plugin.open = false;
	tally_sections(&section.all.lock, NULL);
	measure_stretch(&section.window, plugin.at_window, plugin.at_window_areas);
	if (section.windows++ && section.window.instructions >= cheapest.instructions)
		return;
	section.cheapest = section.window;
	section.window = cheapest;
}

static void write_section(void)
{
	struct report report = {.symbols = plugin.symbols,
				.selection = &plugin.selection,
				.has_lock = plugin.has_lock,
				.section = section.number,
				.windows = section.windows,
				.unmatched = section.unmatched,
				.all = &section.all,
				.window = section.windows ? &section.cheapest : NULL};

	measure_stretch(&section.all, plugin.at_section, plugin.at_section_areas);
	fputs(plugin.written++ ? ",\n" : "{\"unit\": \"instructions\", \"sections\": [\n",
	      plugin.json);
	write_json(plugin.json, &report);
	write_text(plugin.text, &report);
}

static void begin_section(void)
{
	section.windows = section.unmatched = 0;
	clear_tally(&section.all.lock);
	tally_sections(&section.all.lock, NULL);
	read_functions(plugin.at_section);
	read_areas(plugin.at_section_areas);
}

/* What comes before the first section is of interest only to who has no sections. */
static void on_section(unsigned int vcpu, void *data)
{
	(void)data;
	leave_functions(vcpu);
	section.unmatched += plugin.open;
	plugin.open = false;
	if (section.number || section.windows || section.unmatched)
		write_section();
	section.number++;
	if (plugin.holds)
		fprintf(plugin.holds, "section %" PRIu64 "\n", section.number);
	begin_section();
}

static const qemu_plugin_vcpu_cb_t on_marker[MARKERS] = {
	[MARKER_BEGIN] = on_begin,
	[MARKER_END] = on_end,
	[MARKER_SECTION] = on_section,
};

/* Of what Xen gives to guests, kernels have the upper half of addresses. */
static enum area area_of(uint64_t address)
{
	if (address >= XEN_START && address < XEN_END)
		return IN_HYPERVISOR;
	return address >> 63 ? IN_KERNEL : IN_USER;
}

static void on_translated(qemu_plugin_id_t id, struct qemu_plugin_tb *tb)
{
	size_t count = qemu_plugin_tb_n_insns(tb);

	(void)id;
	for (size_t i = 0; i < count; i++) {
		struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(tb, i);
		uint64_t address = qemu_plugin_insn_vaddr(insn);
		enum marker marker = find_marker(insn);

		if (marker != NO_MARKER)
			qemu_plugin_register_vcpu_insn_exec_cb(insn, on_marker[marker],
							       QEMU_PLUGIN_CB_NO_REGS, NULL);
		if (area_of(address) == IN_HYPERVISOR)
			follow_hypervisor(insn, address);
		count_executions(insn, area_of(address));
	}
}

static void close_output(FILE *out, const char *path)
{
	bool failed = ferror(out) != 0;

	failed |= fclose(out) != 0;
	if (failed)
		fprintf(stderr, "probe: %s: cannot write the figures\n", path);
}

static void on_exit_qemu(qemu_plugin_id_t id, void *data)
{
	(void)id;
	(void)data;
	section.unmatched += plugin.open;
	write_section();
	fputs("]}\n", plugin.json);
	close_output(plugin.json, plugin.json_path);
	close_output(plugin.text, plugin.text_path);
	if (plugin.holds)
		close_output(plugin.holds, plugin.holds_path);
}

static int complain(const char *what, const char *why)
{
	fprintf(stderr, "probe: %s: %s\n", what, why);
	return -1;
}

static int allocate_tables(const qemu_info_t *info)
{
	size_t count = plugin.selection.count;
	struct figures **const tables[] = {&section.all.functions, &section.window.functions,
					   &section.cheapest.functions, &plugin.at_section,
					   &plugin.at_window};
	int err = allocate_counters(info, counter_of(count, 0));

	for (size_t i = 0; !err && i < sizeof(tables) / sizeof(tables[0]); i++) {
		*tables[i] = calloc(count, sizeof(struct figures));
		err = *tables[i] ? 0 : -ENOMEM;
	}
	return err ? err
		   : allocate_functions(&plugin.selection, (unsigned int)info->system.max_vcpus);
}

static int choose_functions(const qemu_info_t *info, const char *syms, const char *follow)
{
	char error[SELECT_ERROR_SIZE];
	uint64_t address;
	int err = read_symbols(&plugin.symbols, syms);

	if (err)
		return complain(syms, symbols_error(err));
	if (select_functions(&plugin.selection, plugin.symbols, follow, error))
		return complain(syms, error);
	plugin.has_lock = !find_object(plugin.symbols, LOCK_NAME, &address);
	if (plugin.has_lock)
		watch_lock(plugin.symbols, address);
	watch_hypervisor(plugin.symbols, &plugin.selection, plugin.has_lock);
	err = allocate_tables(info);
	return err ? complain(syms, symbols_error(err)) : 0;
}

static int open_output(FILE **out, const char *path)
{
	*out = fopen(path, "we");
	return *out ? 0 : complain(path, strerror(errno));
}

/* What was allocated stays on failure: QEMU then ends at once. */
int qemu_plugin_install(qemu_plugin_id_t id, const qemu_info_t *info, int argc, char **argv)
{
	const char *syms = NULL, *follow = NULL;
	const struct {
		const char *name;
		const char **value;
	} options[] = {{"syms=", &syms},
		       {"follow=", &follow},
		       {"json=", &plugin.json_path},
		       {"text=", &plugin.text_path},
		       {"holds=", &plugin.holds_path}};
	const size_t count = sizeof(options) / sizeof(options[0]);

	if (!info->system_emulation || strcmp(info->target_name, "x86_64"))
		return complain(info->target_name, "only for qemu-system-x86_64");
	for (int i = 0; i < argc; i++) {
		size_t j = 0;

		while (j < count && strncmp(argv[i], options[j].name, strlen(options[j].name)))
			j++;
		if (j == count)
			return complain(argv[i], "unknown; give syms=, follow=, json=, text=, holds=");
		*options[j].value = argv[i] + strlen(options[j].name);
	}
	for (size_t j = 0; j < count; j++)
		if (options[j].value != &plugin.holds_path && (!*options[j].value || !**options[j].value))
			return complain(options[j].name, "missing or empty");
	if (choose_functions(info, syms, follow) || open_output(&plugin.json, plugin.json_path) ||
	    open_output(&plugin.text, plugin.text_path) ||
	    (plugin.holds_path && open_output(&plugin.holds, plugin.holds_path)))
		return -1;
	log_sections(plugin.holds);
	begin_section();
	qemu_plugin_register_vcpu_tb_trans_cb(id, on_translated);
	qemu_plugin_register_atexit_cb(id, on_exit_qemu, NULL);
	return 0;
}
